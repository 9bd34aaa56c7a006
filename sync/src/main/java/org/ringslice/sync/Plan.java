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

  /** How much short ids may collide. */
  enum Thrift {
    /** What is left goes into another sketch, for both sides come nearer. */
    TWO_SKETCHES,
    /** One of them should do. */
    ONE_SKETCH,
    /** One has failed before. */
    LAST_SKETCH;

    static Thrift of(Giving giving, boolean repeated) {
      if (repeated) {
        return LAST_SKETCH;
      }
      // what one side withholds would be sketched again
      return giving == Giving.BOTH ? TWO_SKETCHES : ONE_SKETCH;
    }
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

  /** More where a sketch that fails is made again in full. */
  private static final int SPARE_BITS_ALONE = 4;

  /** More when a round has failed, so that what remains does not cost one after another. */
  private static final int SPARE_BITS_REPEATED = 7;

  /**
   * Of many differences one in 256 may collide with an entry: they are found by a second sketch,
   * which costs far less than longer short ids for all. One in 500 entries is then pushed in vain.
   */
  private static final int SPARE_BITS_MANY = 8;

  private static final int MANY_DIFFERENCES = 4096;

  /** So many differences left over are as good as certain to fail the proof. */
  private static final int CERTAIN_REST = 4;

  static final int PIN_BITS_MIN = 12;

  /** Groups at most: of 250,000 differences in 900 kB, of 12 million entries otherwise. */
  static final int GROUPS_MAX = 60_000;

  /** Bytes of one sketch, so that a Slice can carry it. */
  static final int SKETCH_BYTES_MAX = 700_000;

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
  static Plan pin(int entries, double differences, Thrift thrift) {
    int groups = (int) Math.max(1, Math.min(Math.round(differences / GROUP_DIFFERENCES), 1 << 30));
    // so many that one collision is expected in two sessions, half of which the finder sees
    int enough = bitsOf((int) Math.min(differences, 1 << 30)) + 1;
    int spare =
        switch (thrift) {
          case TWO_SKETCHES ->
              differences >= MANY_DIFFERENCES ? SPARE_BITS_MANY : Math.max(SPARE_BITS_MIN, enough);
          case ONE_SKETCH -> Math.max(SPARE_BITS_MIN, enough) + SPARE_BITS_ALONE;
          case LAST_SKETCH -> Math.max(SPARE_BITS_MIN, enough) + SPARE_BITS_REPEATED;
        };
    int bits = pinBits(entries / groups, spare);
    boolean fits = groups <= GROUPS_MAX && sizeBytes(groups, GROUP_ROWS, bits) <= SKETCH_BYTES_MAX;
    return fits ? new Plan(Kind.PIN, groups, bits, GROUP_ROWS) : null;
  }

  /** Null when the sets differ by more than one message can tell. */
  static Plan of(int entries, int others, double estimate, Thrift thrift) {
    int larger = Math.max(entries, others);
    int byCount = Math.abs(entries - others);
    double differences = Math.max(estimate, byCount);
    Plan pin = pin(larger, differences, thrift);
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

  /** How many differences stay hidden, of so many entries, because their short ids collide. */
  double expectedRest(int entries) {
    // half of the collisions with common entries are on the finder's side, which sees them
    double withCommon = 0.5 * GROUP_DIFFERENCES * entries;
    double amongThemselves = (double) GROUP_DIFFERENCES * GROUP_DIFFERENCES * groups;
    return kind == Kind.PIN ? Math.scalb(withCommon + amongThemselves, -bits) : 0;
  }

  /** Whether the proof would fail, so that it need not be made. */
  boolean isSureToFail(int entries) {
    return expectedRest(entries) >= CERTAIN_REST;
  }

  /** The sketch for what another one left. */
  static Plan again(int entries, double rest) {
    // with room enough that hardly a group needs more rows
    Plan pin = rest < CERTAIN_REST ? null : pin(entries, 2 * rest, Thrift.ONE_SKETCH);
    return pin == null ? quick(entries) : pin;
  }

  /** The rows that a group gets in all when it did not decode with so many; 0 to leave it. */
  int rowsAfter(int now) {
    int most = kind == Kind.PIN ? PIN_ROWS_MAX : ERASURE_WORDS_MAX;
    int next = Math.min(kind == Kind.PIN ? 2 * now + 2 : now + 1, most);
    return next > now ? next : 0;
  }
}
