package org.ringslice.node.ring;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.ringslice.messages.Id;
import org.ringslice.sync.Homes;

/**
 * The choice of a newcomer's place: of a few ids drawn at random, the one that leaves the shares of
 * the nodes most even. Power of choices: Byers, Considine, Mitzenmacher, "Simple Load Balancing for
 * Distributed Hash Tables", IPTPS 2003; here the node chooses, once, and not each item.
 */
public final class Evening {
  /** Ids that a newcomer draws; the fullest of 8 nodes then has 1.4 times the mean. */
  public static final int DRAWN = 16;

  /** Little enough that no difference of the shares is outweighed; a guess that was tried. */
  private static final double ARCS_WEIGHT = 1e-3;

  private Evening() {}

  /** The drawn id that leaves the shares most even; the first of those that are equal. */
  public static Id choose(List<Id> drawn, Ring nodes, Homes homes) {
    Id best = drawn.get(0);
    double least = Double.POSITIVE_INFINITY;
    for (Id id : drawn) {
      double unevenness = unevenness(nodes.with(id), homes);
      if (unevenness < least) {
        best = id;
        least = unevenness;
      }
    }
    return best;
  }

  /**
   * By how much a newcomer that cuts an arc in two changes what {@link #choose} makes least, while
   * no arc is as long as the distance between two homes of an item: the share of each node is then
   * as many times its own arc as there are copies. For simulations of large rings.
   *
   * @param before the parts of the ring before the newcomer and after it, in (0, 1)
   * @param nodes with the newcomer
   */
  public static double change(double before, double after, int nodes) {
    double squares = -2 * before * after;
    double narrowness = Math.log(before + after) - Math.log(before) - Math.log(after);
    return nodes * squares + ARCS_WEIGHT * narrowness;
  }

  /**
   * The mean of the squared shares, beside which the arcs weigh little: they decide while there are
   * so few nodes that each holds everything.
   */
  private static double unevenness(Ring nodes, Homes homes) {
    double[] shares = shares(nodes, homes);
    double mean = Arrays.stream(shares).sum() / shares.length;
    double squares = Arrays.stream(shares).map(share -> share * share).sum() / shares.length;
    return squares / (mean * mean) + ARCS_WEIGHT * narrowness(nodes);
  }

  /** Least where all arcs are equal, for then their product is greatest. */
  private static double narrowness(Ring nodes) {
    return nodes.size() == 1
        ? 0
        : -nodes.nodes().stream()
            .mapToDouble(node -> Math.log(fraction(node.minus(nodes.previous(node))) + 0x1p-63))
            .sum();
  }

  /**
   * Which part of all items each node holds, in [0, 1], in the order of the nodes; min(2^n, nodes)
   * in all.
   */
  public static double[] shares(Ring nodes, Homes homes) {
    double[] shares = new double[nodes.size()];
    Id[] bounds = bounds(nodes, homes);
    Id from = bounds[bounds.length - 1];
    for (Id to : bounds) {
      double part = bounds.length == 1 ? 1 : fraction(to.minus(from));
      for (Id holder : nodes.holders(to, homes)) {
        shares[nodes.place(holder)] += part;
      }
      from = to;
    }
    return shares;
  }

  /** The points at which holders change: all of a stretch (bound, next bound] have the same. */
  private static Id[] bounds(Ring nodes, Homes homes) {
    TreeSet<Id> bounds = new TreeSet<>();
    for (Id node : nodes.nodes()) {
      // the homes of a point are also the points whose homes it is one of
      bounds.addAll(homes.homes(node));
    }
    return bounds.toArray(Id[]::new);
  }

  /** A distance as a part of the ring. */
  private static double fraction(Id distance) {
    return (distance.topBits() >>> 1) * 0x1p-63;
  }
}
