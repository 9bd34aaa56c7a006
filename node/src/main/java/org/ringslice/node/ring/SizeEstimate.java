package org.ringslice.node.ring;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Estimate;
import org.ringslice.messages.Id;

/**
 * How many nodes and items a ring has, reckoned from a part of it. Pure; may be called anywhere.
 *
 * <p><b>Nodes.</b> The arcs of a ring of N random ids are exchangeable spacings: a sum of m of them
 * covers a share D of the ring that is a Beta(m, N - m) variable (R. Pyke, "Spacings", Journal of
 * the Royal Statistical Society B 27, 1965), so that (m - 1) / D + 1 is N on the mean. Ids that
 * were chosen to even the arcs have spacings that vary less: with c their coefficient of variation,
 * m arcs are worth m / c^2 of the others, D is near to Beta(m / c^2, (N - m) / c^2), and the
 * estimate is (m - c^2) / D + c^2. To first order the interval is that of the relative standard
 * error c sqrt((N - m) / (N m)), in which the factor N - m, the correction for a finite population,
 * lets it close when all is known. c is that of the arcs themselves, 0.30 for ids of 16 draws.
 *
 * <p>The interval has all N for which a share as small, and as large, as D has a chance of 2.5 % or
 * more. That holds at any N, also where but a few nodes are missing and nothing is normal.
 *
 * <p>What it rests on. (1) A run of peers after a point gives the arcs <em>between</em> them: that
 * in which the point lies is longer than others. To stop after so many peers is fair (Wald's
 * identity), and so is to go on into the next run. (2) Neighbouring arcs do not hang together: the
 * sum of a run of 32 evened ones varies by 0.90 to 1.00 of what 32 from anywhere would. (3) Points
 * in equal steps overlap least, and let the ring close soonest; random ones give intervals that are
 * as true, and wider. {@code bench size} measures all of it.
 *
 * <p><b>Items</b> have ids that are hashes: of M items as many lie on a counted share d as of M
 * throws, whatever the arcs are. The interval is that of Clopper and Pearson (Biometrika 26, 1934),
 * widened by what counts of arcs differ beyond chance, as records of one name do.
 */
public final class SizeEstimate {
  /**
   * What is believed of the arcs before they were seen counts as much as one of them: that ids are
   * random, so that c is 1.
   */
  private static final double PRIOR_ARCS = 1;

  /**
   * Arcs that give c^2 as well as one degree of freedom gives a variance: the fourth moment of
   * exponential arcs is 9 times the square of the second, that of normal ones 3 times.
   */
  private static final double ARCS_PER_DEGREE = 4;

  private static final double DEGREES_MIN = 3;

  /**
   * How many items one arc has.
   *
   * @param items counted once each, at one place of theirs
   */
  public record Counted(Arc arc, long items) {}

  private SizeEstimate() {}

  /** Of the ring that the arcs are of; of none nothing can be told. */
  public static Estimate ofNodes(KnownArcs known) {
    List<Arc> arcs = known.arcs();
    if (arcs.isEmpty()) {
      throw new IllegalArgumentException("no arc is known");
    }
    int gaps = gaps(arcs);
    if (gaps == 0) {
      return Estimate.exactly(arcs.size());
    }
    double[] lengths = arcs.stream().mapToDouble(Arc::fraction).toArray();
    double share = Math.min(Arrays.stream(lengths).sum(), Math.nextDown(1.0));
    double variation = squaredVariation(lengths, share / lengths.length);
    double deviations = Confidence.student(Math.max(DEGREES_MIN, lengths.length / ARCS_PER_DEGREE));
    double seen = lengths.length / variation;
    double fewest = variation * Confidence.unseen(share, seen, deviations);
    double most = variation * Confidence.unseen(share, seen, -deviations);
    double value = (lengths.length - variation) / share + variation;
    // each gap is one arc at least
    long least = (long) lengths.length + gaps;
    return between(
        least, value, lengths.length + Math.ceil(fewest), lengths.length + Math.floor(most));
  }

  /** Stretches of the ring of which no arc is known. */
  private static int gaps(List<Arc> arcs) {
    TreeSet<Id> begins = new TreeSet<>();
    arcs.forEach(arc -> begins.add(arc.from()));
    return (int) arcs.stream().filter(arc -> !begins.contains(arc.to())).count();
  }

  /** The square of the coefficient of variation. */
  private static double squaredVariation(double[] lengths, double mean) {
    double squares = PRIOR_ARCS;
    for (double length : lengths) {
      double off = length / mean - 1;
      squares += off * off;
    }
    return squares / (lengths.length - 1 + PRIOR_ARCS);
  }

  /**
   * Of the ring that the arcs are of; of none, from 0 to as many as there can be.
   *
   * @param counted no two with a point in common
   * @param whole whether they are the whole ring
   */
  public static Estimate ofItems(List<Counted> counted, boolean whole) {
    long seen = counted.stream().mapToLong(Counted::items).sum();
    if (whole) {
      return Estimate.exactly(seen);
    }
    double share = counted.stream().mapToDouble(each -> each.arc().fraction()).sum();
    share = Math.min(share, Math.nextDown(1.0));
    if (counted.isEmpty()) {
      return new Estimate(0, 0, Long.MAX_VALUE, false);
    }
    double dispersion = dispersion(counted, seen / share);
    double deviations = Confidence.student(Double.POSITIVE_INFINITY);
    double fewest =
        seen == 0 ? 0 : dispersion * Confidence.unseen(share, seen / dispersion, deviations) - 1;
    double most = dispersion * Confidence.unseen(share, (seen + 1) / dispersion, -deviations);
    return between(seen, seen / share, seen + Math.ceil(fewest), seen + Math.floor(most));
  }

  /**
   * By how much the counts vary more than by chance; 1 when they do not. Summed up over all arcs
   * before it is divided, so that an item on a very short arc does not weigh more than others.
   */
  private static double dispersion(List<Counted> counted, double perRing) {
    if (perRing == 0 || counted.size() == 1) {
      return 1;
    }
    double variance = 0;
    double byChance = 0;
    for (Counted each : counted) {
      double expected = perRing * each.arc().fraction();
      double off = each.items() - expected;
      variance += off * off / (counted.size() - 1);
      byChance += expected / counted.size();
    }
    return Math.max(1, variance / byChance);
  }

  /** Of whole things of which there are at least so many; the value in the interval. */
  private static Estimate between(long least, double value, double low, double high) {
    long from = Math.max(least, (long) low);
    long to = Math.max(from, (long) high);
    return new Estimate(Math.min(to, Math.max(from, Math.round(value))), from, to, false);
  }
}
