package org.ringslice.node.ring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ringslice.messages.Id;
import org.ringslice.messages.Route.Relation;

/**
 * The routing table of Pastry: ids are numbers of digits of 4 bits; row r has a node for each digit
 * that may follow the first r digits of this node's id. A request goes to a peer that has more of
 * its point's first digits, else to one that has as many and is numerically nearer. Rowstron,
 * Druschel, "Pastry: Scalable, decentralized object location and routing for large-scale
 * peer-to-peer systems", Middleware 2001, sections 2.2 and 2.3: log16 N hops. The leaf set are the
 * neighbours on the ring.
 */
final class PrefixRows implements Geometry {
  /** b of the paper. */
  private static final int DIGIT_BITS = 4;

  private static final int DIGITS = 1 << DIGIT_BITS;

  @Override
  public String name() {
    return "prefix";
  }

  @Override
  public Relation relation() {
    return Relation.ROW;
  }

  @Override
  public List<Id> aims(Id self, int arcBits) {
    List<Id> aims = new ArrayList<>();
    for (int shift = Id.BITS - DIGIT_BITS; shift + DIGIT_BITS > arcBits && shift >= 0; ) {
      Id unit = Id.powerOfTwo(shift);
      Id row = self.minus(rest(self, shift + DIGIT_BITS));
      for (int digit = 0; digit < DIGITS; digit++) {
        if (digit != digit(self, shift)) {
          // the same rest, so that the nodes of a cell share the work
          aims.add(row.plus(times(unit, digit)).plus(rest(self, shift)));
        }
      }
      shift -= DIGIT_BITS;
    }
    return aims;
  }

  /** What is left of an id without its first bits. */
  private static Id rest(Id id, int bits) {
    long[] words = new long[4];
    for (int i = 0; i < 4; i++) {
      int from = Id.BITS - 64 * (i + 1);
      int left = Math.max(0, Math.min(64, bits - from));
      words[i] = left == 64 ? id.word(i) : id.word(i) & ((1L << left) - 1);
    }
    return Id.ofWords(words[0], words[1], words[2], words[3]);
  }

  private static Id times(Id unit, int factor) {
    Id sum = Id.ZERO;
    for (int i = 0; i < factor; i++) {
      sum = sum.plus(unit);
    }
    return sum;
  }

  private static int digit(Id id, int shift) {
    return (int) (id.word((Id.BITS - 1 - shift) / 64) >>> (shift % 64)) & (DIGITS - 1);
  }

  @Override
  public boolean serves(Id self, Id aim, Id node) {
    return sharedDigits(node, aim) > sharedDigits(self, aim);
  }

  private static int sharedDigits(Id one, Id other) {
    return XorBuckets.sharedBits(one, other) / DIGIT_BITS;
  }

  @Override
  public List<Id> nearer(Id self, Id point, List<Id> peers) {
    int shared = sharedDigits(self, point);
    Id distance = Ways.distance(self, point);
    return peers.stream()
        .filter(
            peer -> {
              int more = sharedDigits(peer, point) - shared;
              return more > 0 || (more == 0 && Ways.distance(peer, point).compareTo(distance) < 0);
            })
        .sorted(
            Comparator.comparing((Id peer) -> -sharedDigits(peer, point))
                .thenComparing(peer -> Ways.distance(peer, point)))
        .toList();
  }
}
