package org.ringslice.messages;

/**
 * How many there are of something, as far as can be told from a part of it.
 *
 * @param value the best guess, in [low, high]
 * @param low of the 95 % interval
 * @param high of the 95 % interval
 * @param exact whether all of it was seen; the three are equal then
 */
public record Estimate(long value, long low, long high, boolean exact) {
  static final Shape<Estimate> SHAPE =
      Row.of(
          Estimate::new,
          Row.unsigned(Estimate::value),
          Row.unsigned(Estimate::low),
          Row.unsigned(Estimate::high),
          Row.flag(Estimate::exact));

  /** Of what was seen from end to end. */
  public static Estimate exactly(long count) {
    return new Estimate(count, count, count, true);
  }
}
