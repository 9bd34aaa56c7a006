package org.ringslice.messages;

/**
 * What one node holds, and what it found when it held that against the other holders.
 *
 * @param items that it holds, as one of their holders or not
 * @param sizeBytes of those
 * @param counted items that it is the first holder to have; over all nodes these add up to the
 *     items of the ring
 * @param missing copies that it found missing, and has to see to
 * @param why what keeps it from answering, or from what it has to do, for people; else empty
 */
public record NodeStatus(
    Id id, long items, long sizeBytes, long counted, long missing, String why) {}
