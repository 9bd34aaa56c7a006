package org.ringslice.messages;

import java.util.List;

/**
 * A line of what a node routes by.
 *
 * @param relation why it keeps this peer
 * @param control connection for messages
 * @param bulk connection for payloads
 * @param pending requests that wait for this peer
 */
public record Route(Relation relation, Peer peer, Channel control, Channel bulk, int pending) {
  private static final Shape<Route> SHAPE =
      Row.of(
          Route::new,
          Row.field(Route::relation, Relation.SHAPE),
          Row.field(Route::peer, Peer.SHAPE),
          Row.field(Route::control, Channel.SHAPE),
          Row.field(Route::bulk, Channel.SHAPE),
          Row.count(Route::pending, "pending"));

  static final Shape<List<Route>> LIST = Shape.list(SHAPE, Limits.PEERS_MAX, Id.BYTES, "routes");

  /** The numbers are on the wire; they are only ever appended to. */
  public enum Relation {
    /** Before it on the ring. */
    PREVIOUS,
    /** After it on the ring. */
    NEXT,
    /** Owns one of its masked places. */
    MASKED,
    /** Known as everybody is while the view has room. */
    KNOWN,
    /** Far off, on a ring as in Chord: passes on what is for others. */
    FINGER,
    /** Far off, in a row of prefixes as in Pastry. */
    ROW,
    /** Far off, in a bucket as in Kademlia. */
    BUCKET;

    private static final Relation[] RELATIONS = values();

    static final Shape<Relation> SHAPE = Shape.code(Relation::code, Relation::ofCode, "a relation");

    public int code() {
      return ordinal();
    }

    /** The relation of a code, or null when there is none such. */
    public static Relation ofCode(int code) {
      return code >= 0 && code < RELATIONS.length ? RELATIONS[code] : null;
    }
  }
}
