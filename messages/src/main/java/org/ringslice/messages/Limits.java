package org.ringslice.messages;

/**
 * What a message may be at most. A sender keeps to these; a receiver answers {@link
 * ErrorCode#TOO_LARGE} or {@link ErrorCode#MALFORMED} to what does not, and allocates nothing for
 * it.
 */
public final class Limits {
  /**
   * Bytes of one blob, and so of one payload frame: 1 MiB, at which hashing and copying dwarf the
   * framing.
   */
  public static final int BLOCK_BYTES_MAX = 1 << 20;

  /** Bytes of a header frame. The largest that the grammar allows today is 91. */
  public static final int HEADER_BYTES_MAX = 128;

  /** Bytes of a body frame: the largest, a table of {@link #PEERS_MAX} routes, stays below it. */
  public static final int BODY_BYTES_MAX = 1 << 20;

  /** Bytes of any one frame. */
  public static final int FRAME_BYTES_MAX = BLOCK_BYTES_MAX;

  /** Entries of one Store, ids of one HaveItems. */
  public static final int BATCH_ENTRIES_MAX = 256;

  /** Payload bytes of one message. */
  public static final int BATCH_BYTES_MAX = 4 << 20;

  /** Peers in one message. */
  public static final int PEERS_MAX = 512;

  /** Peers told of on each side of a place; where others join, as many on the ring besides. */
  public static final int AROUND_MAX = 8;

  /** Items in one answer. */
  public static final int ITEMS_MAX = 4096;

  /** Missing copies told of in one status; those past it are only counted. */
  public static final int MISSING_MAX = 256;

  /** Ids of one sort that a node names when it tells of its health; the others are counted. */
  public static final int HEALTH_IDS_MAX = 64;

  /** Nodes told of in one explanation: the holders, and others that have the item. */
  public static final int KEEPERS_MAX = 64;

  /** Arcs of one GetSummaries. */
  public static final int ARCS_MAX = 4096;

  /** Points of the ring that one GetSize asks about; four times as many halve its error. */
  public static final int SIZE_CALLS_MAX = 64;

  /** Features that a peer tells of. */
  public static final int FEATURES_MAX = 64;

  /** Arcs that a node keeps beyond its share. */
  public static final int KEPT_ARCS_MAX = 16;

  /** Bytes of what two sides of a comparison say to each other in one Slice. */
  public static final int SLICE_BYTES_MAX = 768 << 10;

  /** Endpoints of one peer. */
  public static final int ENDPOINTS_MAX = 8;

  /** Bytes of a host name or address in UTF-8; so many that the largest view still fits a body. */
  public static final int HOST_BYTES_MAX = 240;

  /** Bytes of a network's name in UTF-8. */
  public static final int NETWORK_BYTES_MAX = 64;

  /** Bytes of a sentence for people in UTF-8; longer ones are cut by the sender. */
  public static final int SENTENCE_BYTES_MAX = 1024;

  /** Nodes that one request passes at most; a ring of 10^9 nodes needs 15 on the mean. */
  public static final int HOPS_MAX = 64;

  /** Arcs of one Watch: a slice of a few pieces, or what several slices come to. */
  public static final int WATCHED_ARCS_MAX = 64;

  /** Changes told of in one answer, 60 kB; who asked is told of the others when it asks again. */
  public static final int SIGNALS_MAX = 1024;

  /** Bytes of a general message in UTF-8: a page of text, and little beside what a link takes. */
  public static final int TEXT_BYTES_MAX = 4096;

  /** General messages in one answer, 0.5 MB; who asked is told of the others when it asks again. */
  public static final int INBOX_MAX = 128;

  /** The number of masked places is 2^n for n up to this. */
  public static final int MASK_BITS_MAX = 4;

  /**
   * The greatest stamp of a blob or a reference. Nobody gives out the last ones: there is room
   * above what was deleted, and clocks of milliseconds with 16 bits more reach half of it in the
   * year 4200.
   */
  public static final long STAMP_MAX = Long.MAX_VALUE;

  /**
   * The greatest incarnation of a node. The starts of a node, numbered by milliseconds with 20 bits
   * more, come to it in the year 2248; above that nothing could be refuted.
   */
  public static final long INCARNATION_MAX = Long.MAX_VALUE;

  private Limits() {}
}
