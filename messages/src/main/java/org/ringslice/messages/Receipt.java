package org.ringslice.messages;

import java.util.List;

/**
 * What became of one entry.
 *
 * @param copies at how many holders it is durable
 * @param wanted at how many it should be
 * @param holders where it is durable, the regular place first
 * @param why the reason of a refusal, for people; else empty
 */
public record Receipt(
    Id id, Outcome outcome, int copies, int wanted, List<Id> holders, String why) {

  /** The numbers are on the wire; they are only ever appended to. */
  public enum Outcome {
    /** Durable now, and was not everywhere before. */
    STORED,
    /** Was there before. */
    PRESENT,
    /** Not there, or at too few places. */
    ABSENT,
    /** Not taken; {@link Receipt#why} tells. */
    REFUSED;

    private static final Outcome[] OUTCOMES = values();

    static Outcome ofCode(long code) {
      return code >= 0 && code < OUTCOMES.length ? OUTCOMES[(int) code] : null;
    }
  }

  public Receipt {
    holders = List.copyOf(holders);
    if (copies < 0 || wanted < 0 || holders.size() > 1 << Limits.MASK_BITS_MAX) {
      throw new IllegalArgumentException("a receipt of " + copies + " of " + wanted + " copies");
    }
  }
}
