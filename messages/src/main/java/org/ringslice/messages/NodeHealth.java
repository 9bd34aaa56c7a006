package org.ringslice.messages;

import java.util.List;

/**
 * What one node knows of the bytes of its copies, and of items that it had and that nobody has now.
 *
 * @param damaged copies whose bytes can't be read, and that were not made good yet; they count as
 *     not held
 * @param firstDamaged the first of these by id, at most {@link Limits#HEALTH_IDS_MAX}
 * @param unverifiedBytes of copies that were not read since the file that holds them was opened or
 *     last written
 * @param uncleanStop whether the stop before this start was none that a node makes by itself, and
 *     not everything was verified since
 * @param lost items that it held lately and that nobody holds now, as far as it knows
 * @param firstLost the first of these by id, at most {@link Limits#HEALTH_IDS_MAX}
 * @param why it could not tell, for people; else empty
 */
public record NodeHealth(
    Id id,
    long damaged,
    List<Id> firstDamaged,
    long unverifiedBytes,
    boolean uncleanStop,
    long lost,
    List<Id> firstLost,
    String why) {
  private static final Shape<NodeHealth> SHAPE =
      Row.of(
          NodeHealth::new,
          Row.field(NodeHealth::id, Shape.ID),
          Row.unsigned(NodeHealth::damaged),
          Row.field(NodeHealth::firstDamaged, Shape.ids(Limits.HEALTH_IDS_MAX)),
          Row.unsigned(NodeHealth::unverifiedBytes),
          Row.flag(NodeHealth::uncleanStop),
          Row.unsigned(NodeHealth::lost),
          Row.field(NodeHealth::firstLost, Shape.ids(Limits.HEALTH_IDS_MAX)),
          Row.field(NodeHealth::why, Shape.text(Limits.SENTENCE_BYTES_MAX)));

  static final Shape<List<NodeHealth>> LIST =
      Shape.list(SHAPE, Limits.PEERS_MAX, Id.BYTES, "nodes");

  public NodeHealth {
    firstDamaged = List.copyOf(firstDamaged);
    firstLost = List.copyOf(firstLost);
  }

  /** Of a node that did not tell, for some reason. */
  public static NodeHealth silent(Id id, String why) {
    return new NodeHealth(id, 0, List.of(), 0, false, 0, List.of(), why);
  }

  /** The same, with so many ids named at the most. */
  public NodeHealth naming(int idsMax) {
    List<Id> damagedIds = firstDamaged.subList(0, Math.min(firstDamaged.size(), idsMax));
    int left = idsMax - damagedIds.size();
    List<Id> lostIds = firstLost.subList(0, Math.min(firstLost.size(), left));
    return new NodeHealth(
        id, damaged, damagedIds, unverifiedBytes, uncleanStop, lost, lostIds, why);
  }

  /** How many ids it names. */
  public int named() {
    return firstDamaged.size() + firstLost.size();
  }
}
