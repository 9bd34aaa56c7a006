package org.ringslice.node.sim;

import java.util.Optional;
import org.ringslice.messages.Limits;
import org.ringslice.node.replica.Retention;
import org.ringslice.node.ring.Geometry;
import org.ringslice.node.ring.View;

/**
 * What a ring is made of, before anything befalls it.
 *
 * @param nodes to begin with
 * @param small the same where large rings are to be small; 0 when this one is small anyway
 * @param clients programs that ask from outside
 * @param scope whom each node is to know
 * @param apartNanos from one node that is switched on to the next
 * @param clockDrift how far the rate of a clock may be off, as a share
 * @param keepNanos for how long nodes keep copies of what they are no holders of any more
 */
record Head(
    int nodes,
    int small,
    int maskBits,
    int clients,
    View.Scope scope,
    long apartNanos,
    double clockDrift,
    long keepNanos) {
  /** A quartz: twice the 50 ppm that their data sheets allow. */
  private static final double DRIFT = 100e-6;

  /** Ten people who switch their machines on, or one script. */
  private static final long APART_NANOS = 10_000_000;

  static final Head DEFAULT =
      new Head(10, 0, 2, 0, View.Scope.DEFAULT, APART_NANOS, DRIFT, Retention.DEFAULT_NANOS);

  /** This and what one more line says; nothing when the line is not about this. */
  Optional<Head> with(Words line) {
    return switch (line.verb()) {
      case "nodes" -> Optional.of(withNodes(number(line, 1, Words.COUNT_MAX)));
      case "small" ->
          Optional.of(
              new Head(
                  nodes,
                  number(line, 1, Words.COUNT_MAX),
                  maskBits,
                  clients,
                  scope,
                  apartNanos,
                  clockDrift,
                  keepNanos));
      case "mask-bits" -> Optional.of(withMaskBits(number(line, 0, Limits.MASK_BITS_MAX)));
      case "clients" -> Optional.of(withClients(number(line, 0, Words.COUNT_MAX)));
      case "view-capacity" ->
          Optional.of(with(new View.Scope(number(line, 0, View.CAPACITY_MAX), scope.geometry())));
      case "geometry" -> Optional.of(with(new View.Scope(scope.capacity(), geometry(line.only()))));
      case "apart" ->
          Optional.of(
              new Head(
                  nodes,
                  small,
                  maskBits,
                  clients,
                  scope,
                  Words.nanos(line.only()),
                  clockDrift,
                  keepNanos));
      case "clock-drift" ->
          Optional.of(
              new Head(
                  nodes,
                  small,
                  maskBits,
                  clients,
                  scope,
                  apartNanos,
                  Share.percent(line.only()),
                  keepNanos));
      case "keep-copies" -> Optional.of(withKeepNanos(Words.nanos(line.only())));
      default -> Optional.empty();
    };
  }

  private static int number(Words line, int least, int most) {
    return Words.number(line.only(), least, most);
  }

  private static Geometry geometry(String name) {
    return Geometry.named(name)
        .orElseThrow(() -> new IllegalArgumentException("no geometry of that name"));
  }

  int nodesIfSmall() {
    return small > 0 ? small : nodes;
  }

  Head withNodes(int count) {
    return new Head(count, small, maskBits, clients, scope, apartNanos, clockDrift, keepNanos);
  }

  Head withMaskBits(int bits) {
    return new Head(nodes, small, bits, clients, scope, apartNanos, clockDrift, keepNanos);
  }

  private Head withClients(int count) {
    return new Head(nodes, small, maskBits, count, scope, apartNanos, clockDrift, keepNanos);
  }

  Head withKeepNanos(long nanos) {
    return new Head(nodes, small, maskBits, clients, scope, apartNanos, clockDrift, nanos);
  }

  Head with(View.Scope other) {
    return new Head(nodes, small, maskBits, clients, other, apartNanos, clockDrift, keepNanos);
  }
}
