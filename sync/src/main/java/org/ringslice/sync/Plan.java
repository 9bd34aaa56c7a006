package org.ringslice.sync;

/**
 * How the entries of an arc are sketched: in how many groups, by a salted hash, with how many rows
 * each, and for a {@link PinSketch} with how many bits a row. Small groups cost little to compute
 * and to decode: each of n entries is multiplied once a row, however many groups there are.
 *
 * @param rows syndromes of a {@link PinSketch}, words of 64 bits of an {@link ErasureSketch}
 */
record Plan(Kind kind, int groups, int bits, int rows) {
  enum Kind {
    PIN,
    ERASURE
  }

  /** Differences that the first sketch finds, before anything was estimated. */
  static final int QUICK_ROWS = 10;

  /** Differences of a group on the mean, and its rows: one group in seven needs more of them. */
  static final int GROUP_DIFFERENCES = 10;

  // the next 15 rows leave one group in 50,000 to a third sketch
  private static final int GROUP_ROWS = 13;

  /** Rows of a group at most; past them its differences are left to the next round. */
  static final int PIN_ROWS_MAX = 48;

  /** Words of an erasure group: of 256 bits, so that one in 400 of 208 entries needs another. */
  private static final int ERASURE_WORDS = 4;

  private static final int ERASURE_GROUP_ENTRIES = 208;
  static final int ERASURE_WORDS_MAX = 8;

  /**
   * Bits of a short id beyond those that tell the entries of a group apart: with b of them one of
   * 2^b differences collides with an entry, which may cost a round. In the first sketch there are
   * few differences, and 15 bits take 2 bytes more than 13.
   */
  private static final int SPARE_BITS_QUICK = 15;

  private static final int SPARE_BITS_MIN = 13;

  /** More in a careful round, so that what remains does not cost one round after another. */
  private static final int SPARE_BITS_CAREFUL = 7;

  private static final int PIN_BITS_MIN = 16;

  /** Groups at most: of 250,000 differences in 900 kB, of 12 million entries otherwise. */
  static final int GROUPS_MAX = 60_000;

  /** Bytes of one sketch, so that a message stays below 1 MiB. */
  static final int SKETCH_BYTES_MAX = 1_000_000;

  /**
   * The share of the estimated differences that the counts differ by, from which on a set is taken
   * for a part of the other. An estimate errs by 18 %, so that of 10,000 parts one is not seen.
   */
  private static final double ONE_SIDED = 0.6;

  Plan {
    boolean known =
        kind == Kind.PIN
            ? bits >= PIN_BITS_MIN && bits <= Field.BITS_MAX && rows <= PIN_ROWS_MAX
            : bits == Long.SIZE && rows <= ERASURE_WORDS_MAX;
    if (!known || groups < 1 || groups > GROUPS_MAX || rows < 1) {
      throw new IllegalArgumentException("a sketch of " + groups + " groups of " + rows + " rows");
    }
  }

  static Plan quick(int entries) {
    return new Plan(Kind.PIN, 1, pinBits(entries, SPARE_BITS_QUICK), QUICK_ROWS);
  }

  /** Null when so many differences are more than one message can tell. */
  static Plan pin(int entries, double differences, boolean careful) {
    int groups = (int) Math.max(1, Math.min(Math.round(differences / GROUP_DIFFERENCES), 1 << 30));
    // so many that one collision is expected in two sessions, half of which the finder sees
    int enough = bitsOf((int) Math.min(differences, 1 << 30)) + 1;
    int spare = Math.max(SPARE_BITS_MIN, enough) + (careful ? SPARE_BITS_CAREFUL : 0);
    int bits = pinBits(entries / groups, spare);
    boolean fits = groups <= GROUPS_MAX && sizeBytes(groups, GROUP_ROWS, bits) <= SKETCH_BYTES_MAX;
    return fits ? new Plan(Kind.PIN, groups, bits, GROUP_ROWS) : null;
  }

  /** Null when the sets differ by more than one message can tell. */
  static Plan of(int entries, int others, double estimate, boolean careful) {
    int larger = Math.max(entries, others);
    int byCount = Math.abs(entries - others);
    double differences = Math.max(estimate, byCount);
    Plan pin = pin(larger, differences, careful);
    int groups = larger / ERASURE_GROUP_ENTRIES + 1;
    long erasureBytes = sizeBytes(groups, ERASURE_WORDS, Long.SIZE);
    boolean fits = groups <= GROUPS_MAX && erasureBytes <= SKETCH_BYTES_MAX;
    boolean cheaper = pin == null || erasureBytes < pin.sizeBytes();
    return fits && cheaper && byCount >= ONE_SIDED * differences
        ? new Plan(Kind.ERASURE, groups, Long.SIZE, ERASURE_WORDS)
        : pin;
  }

  private static int pinBits(int groupEntries, int spare) {
    return Math.max(PIN_BITS_MIN, Math.min(Field.BITS_MAX, bitsOf(groupEntries) + spare));
  }

  private static int bitsOf(int number) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(number);
  }

  private static long sizeBytes(int groups, int rows, int bits) {
    return ((long) groups * rows * bits + 7) / 8;
  }

  private long sizeBytes() {
    return sizeBytes(groups, rows, bits);
  }

  /** Whether this is the first sketch of a round. */
  boolean isQuick() {
    return groups == 1 && rows == QUICK_ROWS;
  }

  /** The rows that a group gets in all when it did not decode with so many; 0 to leave it. */
  int rowsAfter(int now) {
    int most = kind == Kind.PIN ? PIN_ROWS_MAX : ERASURE_WORDS_MAX;
    int next = Math.min(kind == Kind.PIN ? 2 * now + 2 : now + 1, most);
    return next > now ? next : 0;
  }
}
