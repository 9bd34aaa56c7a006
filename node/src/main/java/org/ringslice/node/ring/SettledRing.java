package org.ringslice.node.ring;

import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.ringslice.messages.Id;
import org.ringslice.sync.Homes;

/**
 * A ring in which each node knows just those that it has to, and nothing changes: how often its
 * look-ups are passed on. What a simulation comes to when it is left alone, for less.
 */
public final class SettledRing {
  /** More than any look-up takes; past it, it goes round and round. */
  private static final int HOPS_MAX = 64;

  private final Ring ring;
  private final Geometry geometry;
  private final Homes homes;
  private final RandomGenerator random;
  private final TreeMap<Id, Contacts> contacts = new TreeMap<>();

  /**
   * @param nodes how many there are, at random places
   */
  public SettledRing(int nodes, int maskBits, Geometry geometry, RandomGenerator random) {
    this.geometry = geometry;
    this.homes = new Homes(maskBits);
    this.random = random;
    ring = new Ring(Stream.generate(this::anyId).limit(nodes).toList());
  }

  private Id anyId() {
    return Id.ofWords(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  /**
   * How often each of so many look-ups is passed on, from any node for any point, in ascending
   * order.
   *
   * @throws IllegalStateException when one does not come to the owner
   */
  public int[] hops(int lookUps) {
    int[] hops = new int[lookUps];
    Arrays.setAll(hops, lookUp -> hops(ring.node(random.nextInt(ring.size())), anyId()));
    Arrays.sort(hops);
    return hops;
  }

  private int hops(Id start, Id point) {
    int hops = 0;
    for (Id at = start; !ring.owner(point).equals(at); at = next(at, point)) {
      hops++;
      if (hops > HOPS_MAX) {
        throw new IllegalStateException("a look-up of " + point + " goes round and round");
      }
    }
    return hops;
  }

  private Id next(Id at, Id point) {
    Contacts known = contactsOf(at);
    if (known.near().contains(point)) {
      return ring.owner(point);
    }
    List<Id> others = known.all().nodes().stream().filter(id -> !id.equals(at)).toList();
    return Ways.to(point, at, others, known.near(), geometry).get(0);
  }

  private Contacts contactsOf(Id node) {
    return contacts.computeIfAbsent(node, id -> Contacts.of(id, ring, ring, homes, geometry));
  }

  /** Whom any of the nodes knows, itself among them. */
  public int contactCount() {
    return contactsOf(ring.node(random.nextInt(ring.size()))).all().size();
  }
}
