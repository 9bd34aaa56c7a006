package org.ringslice.messages;

import java.util.List;

/**
 * What one node holds, and what it found when it held that against the other holders.
 *
 * @param items that it holds, as one of their holders or not
 * @param sizeBytes of those
 * @param counted items that it is the first holder to have; over all nodes these add up to the
 *     items of the ring
 * @param missing items that lack copies, and that fall to it to see to
 * @param toGoBytes that it gives to others, and is given, before what it compares now is equal, as
 *     far as is known
 * @param viewDigest of the nodes that it knew of, as in {@link Message.Heartbeat}: who are holders
 *     hangs on that
 * @param why its word is not the whole truth, for people; else empty
 */
public record NodeStatus(
    Id id,
    long items,
    long sizeBytes,
    long counted,
    long missing,
    long toGoBytes,
    long viewDigest,
    String why) {
  private static final Shape<NodeStatus> SHAPE =
      Row.of(
          NodeStatus::new,
          Row.field(NodeStatus::id, Shape.ID),
          Row.unsigned(NodeStatus::items),
          Row.unsigned(NodeStatus::sizeBytes),
          Row.unsigned(NodeStatus::counted),
          Row.unsigned(NodeStatus::missing),
          Row.unsigned(NodeStatus::toGoBytes),
          Row.unsigned(NodeStatus::viewDigest),
          Row.field(NodeStatus::why, Shape.text(Limits.SENTENCE_BYTES_MAX)));

  static final Shape<List<NodeStatus>> LIST =
      Shape.list(SHAPE, Limits.PEERS_MAX, Id.BYTES, "nodes");

  /** The same, with a reason for which it is not the whole truth. */
  public NodeStatus because(String reason) {
    return new NodeStatus(id, items, sizeBytes, counted, missing, toGoBytes, viewDigest, reason);
  }

  /** Of a node that did not tell, for some reason. */
  public static NodeStatus silent(Id id, String why) {
    return new NodeStatus(id, 0, 0, 0, 0, 0, 0, why);
  }
}
