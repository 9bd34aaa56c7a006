package org.ringslice.node.ring;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Role;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Turn;

/**
 * Those who may ask this node, and what they have asked and not been answered yet. Who dialled it
 * must say who it is before it asks for anything else; whom it dialled itself may ask on that
 * connection, too. Nobody may ask more than this node can have in memory.
 */
public final class Guests {
  /** The link of the program that the node runs in: always there, and trusted. */
  public static final long LOCAL_LINK = 0;

  /** Links on which somebody said who it is; past that the one that did first is forgotten. */
  static final int GUESTS_MAX = 4096;

  /** Requests being served, of all guests together; one more is answered BUSY. */
  static final int SERVING_MAX = 16_384;

  /** Payload of the requests being served; past that a request with payload is answered BUSY. */
  static final long SERVING_BYTES_MAX = 64L << 20;

  /**
   * A guest from whom nothing comes for so long, and who waits for nothing, is shown out. A guess:
   * five times as long as a node of ours keeps a connection without use, for programs of others
   * that do not dial anew by themselves.
   */
  static final long IDLE_NANOS = 5 * Links.IDLE_NANOS;

  private static final class Guest {
    final Role role;
    final Id id;
    int serving;
    long heardAt;

    Guest(Role role, Id id) {
      this.role = role;
      this.id = id;
    }
  }

  // who dialled, by negative numbers that fall as links come; whom we dialled, by positive ones
  private final TreeMap<Long, Guest> guests = new TreeMap<>();
  private int serving;
  private long servingBytes;

  /** Lets a guest in who said who it is. Returns the one, if any, that had to go for it. */
  OptionalLong admit(long link, Role role, Id id, Turn turn) {
    Guest known = guests.get(link);
    Guest guest = new Guest(role, id);
    // its introduction is being served, and was counted when it was nobody's
    guest.serving = known == null ? 1 : known.serving;
    guest.heardAt = turn.now();
    guests.put(link, guest);
    Long oldest = guests.lowerKey(LOCAL_LINK);
    if (guests.size() <= GUESTS_MAX || oldest == null) {
      return OptionalLong.empty();
    }
    guests.remove(oldest);
    turn.emit(new Effect.Close(oldest));
    return OptionalLong.of(oldest);
  }

  /** This node dialled a peer, which may ask on that link from now on. */
  void welcome(long link, Id id, Turn turn) {
    Guest guest = new Guest(Role.PEER, id);
    guest.heardAt = turn.now();
    guests.put(link, guest);
  }

  /** Something came on a link. */
  void heard(long link, Turn turn) {
    Guest guest = guests.get(link);
    if (guest != null) {
      guest.heardAt = turn.now();
    }
  }

  public void lost(long link) {
    guests.remove(link);
  }

  /** Whether nobody can be asked at the other end: a client, or this node's own program. */
  boolean isClient(long link) {
    Guest guest = guests.get(link);
    return guest == null || guest.role == Role.CLIENT;
  }

  /** Whether nothing has come on a link for so long, and nothing is to be answered on it. */
  boolean isIdle(long link, long nanos, Turn turn) {
    Guest guest = guests.get(link);
    return guest == null || (guest.serving == 0 && turn.now() - guest.heardAt > nanos);
  }

  /** Whether something has come on a link after a moment. */
  boolean isHeardSince(long link, long moment) {
    Guest guest = guests.get(link);
    return guest != null && guest.heardAt > moment;
  }

  /** The links of those who dialled this node. */
  List<Long> links() {
    return List.copyOf(guests.headMap(LOCAL_LINK).keySet());
  }

  /** How many have dialled this node and said who they are. */
  int count() {
    return guests.headMap(LOCAL_LINK).size();
  }

  public int servingCount() {
    return serving;
  }

  /**
   * Takes a request in, or answers it with the reason why not. GetID needs no introduction: it is
   * one.
   */
  public Optional<Inquiry> take(Event.Arrived arrived, Turn turn) {
    long link = arrived.link();
    Envelope envelope = arrived.envelope();
    Inquiry inquiry = new Inquiry(link, arrived.lane(), envelope, this);
    Guest guest = guests.get(link);
    count(inquiry, 1);
    heard(link, turn);
    // before the introduction: that of another version or of a faulty program can't be read, and
    // STRANGER would have it say the same again for ever
    if (envelope.message() instanceof Message.Unreadable unreadable) {
      inquiry.refuse(unreadable.code(), unreadable.why(), turn);
      return Optional.empty();
    }
    if (guest == null && link != LOCAL_LINK && !(envelope.message() instanceof Message.GetId)) {
      inquiry.refuse(
          ErrorCode.STRANGER, "say who you are first: a connection begins with GetID", turn);
      return Optional.empty();
    }
    Optional<String> forbidden =
        guest == null ? Optional.empty() : forbidden(guest, inquiry.request(), envelope.header());
    if (forbidden.isPresent()) {
      inquiry.refuse(ErrorCode.NOT_ALLOWED, forbidden.get(), turn);
      return Optional.empty();
    }
    // a node that is busy is not dead, and must not be cut off from what others know
    boolean isVital = inquiry.request().type().isVital();
    boolean overdrawn = guest != null && guest.serving > 2 * Self.CREDIT_REQUESTS;
    boolean full = inquiry.payloadBytes() > 0 && servingBytes > SERVING_BYTES_MAX;
    if (!isVital && (overdrawn || full || serving > SERVING_MAX)) {
      inquiry.refuse(ErrorCode.BUSY, "this node has too much to do at the moment; ask again", turn);
      return Optional.empty();
    }
    return Optional.of(inquiry);
  }

  /** Why somebody may not ask that, if so; the program that the node runs in may ask anything. */
  private static Optional<String> forbidden(Guest guest, Message.Request request, Header header) {
    if (!request.maySend(guest.role)) {
      return Optional.of(
          guest.role == Role.CLIENT
              ? "only nodes of the ring send that"
              : "only clients send that, and no node of the ring");
    }
    boolean speaksForOthers =
        guest.role == Role.PEER && header.hops() == 0 && !header.requestor().equals(guest.id);
    return speaksForOthers
        ? Optional.of(
            "on this connection node "
                + guest.id
                + " asks, and what it does not pass on it asks for itself alone")
        : Optional.empty();
  }

  void served(Inquiry inquiry) {
    count(inquiry, -1);
  }

  private void count(Inquiry inquiry, int sign) {
    serving += sign;
    servingBytes += sign * inquiry.payloadBytes();
    Guest guest = guests.get(inquiry.link());
    if (guest != null) {
      guest.serving += sign;
    }
  }
}
