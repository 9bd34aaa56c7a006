package org.ringslice.node.ring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ringslice.messages.Id;
import org.ringslice.messages.Route.Relation;

/**
 * The buckets of Kademlia: of the nodes that share exactly i of the first bits with this one, up to
 * {@link #BUCKET}; a request goes to the peer that is nearest to its point by the exclusive or of
 * the two. Maymounkov, Mazières, "Kademlia: A Peer-to-peer Information System Based on the XOR
 * Metric", IPTPS 2002, sections 2.1 and 2.2. Which nodes of a bucket are known is left to a hash of
 * this node's id, as it is left to chance there.
 */
final class XorBuckets implements Geometry {
  /** k of the paper, where it is 20; with 8 a table of 10,000 nodes has some 90 peers. */
  private static final int BUCKET = 8;

  @Override
  public String name() {
    return "xor";
  }

  @Override
  public Relation relation() {
    return Relation.BUCKET;
  }

  @Override
  public List<Id> aims(Id self, int arcBits) {
    List<Id> aims = new ArrayList<>();
    long mixed = self.word(3);
    for (int i = Id.BITS - 1; i >= arcBits; i--) {
      for (int j = 0; j < BUCKET; j++) {
        mixed = mix(mixed);
        aims.add(inBucket(self, i, mixed));
      }
    }
    return aims;
  }

  /** The next number of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
  private static long mix(long state) {
    long z = state + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** A point that differs from an id in this bit first, and in chance bits after it. */
  private static Id inBucket(Id self, int bit, long chance) {
    long[] words = new long[4];
    int at = (Id.BITS - 1 - bit) / 64;
    long first = 1L << (bit % 64);
    for (int i = 0; i < 4; i++) {
      words[i] = self.word(i);
      if (i == at) {
        words[i] ^= first | (chance & (first - 1));
      } else if (i == at + 1) {
        words[i] ^= Long.rotateLeft(chance, 32);
      }
    }
    return Id.ofWords(words[0], words[1], words[2], words[3]);
  }

  @Override
  public boolean serves(Id self, Id aim, Id node) {
    return sharedBits(node, aim) > sharedBits(self, aim);
  }

  /** How many of the first bits of two ids are the same. */
  static int sharedBits(Id one, Id other) {
    int shared = 0;
    for (int i = 0; i < 4; i++) {
      int same = Long.numberOfLeadingZeros(one.word(i) ^ other.word(i));
      shared += same;
      if (same < 64) {
        break;
      }
    }
    return shared;
  }

  @Override
  public List<Id> nearer(Id self, Id point, List<Id> peers) {
    Id distance = xor(self, point);
    return peers.stream()
        .filter(peer -> xor(peer, point).compareTo(distance) < 0)
        .sorted(Comparator.comparing(peer -> xor(peer, point)))
        .toList();
  }

  private static Id xor(Id one, Id other) {
    return Id.ofWords(
        one.word(0) ^ other.word(0),
        one.word(1) ^ other.word(1),
        one.word(2) ^ other.word(2),
        one.word(3) ^ other.word(3));
  }
}
