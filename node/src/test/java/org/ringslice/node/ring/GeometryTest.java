package org.ringslice.node.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringslice.messages.Id;
import org.ringslice.sync.Homes;

/** The three geometries on rings in which every node knows whom it is to know. */
class GeometryTest {
  private static final int LOOK_UPS = 2_000;

  private final SplittableRandom random = new SplittableRandom(7);

  private Id anyId() {
    return Id.ofWords(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  private Ring anyRing(int nodes) {
    List<Id> ids = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      ids.add(anyId());
    }
    return new Ring(ids);
  }

  @ParameterizedTest
  @CsvSource({
    "ring, 100, 4.3",
    "ring, 1000, 6.0",
    "prefix, 100, 2.5",
    "prefix, 1000, 3.5",
    "xor, 100, 2.5",
    "xor, 1000, 3.5"
  })
  void leadsEveryLookUpToTheOwnerInFewHops(
      String name, int nodes, double meanMax, TestReporter reporter) {
    Geometry geometry = Geometry.named(name).orElseThrow();
    Ring ring = anyRing(nodes);
    TreeMap<Id, Contacts> contacts = new TreeMap<>();
    int hops = 0;
    int most = 0;
    for (int i = 0; i < LOOK_UPS; i++) {
      Id point = anyId();
      Id at = ring.node(random.nextInt(nodes));
      int passed = 0;
      while (!ring.owner(point).equals(at)) {
        Contacts own =
            contacts.computeIfAbsent(at, id -> Contacts.of(id, ring, ring, new Homes(0), geometry));
        at = next(point, at, own, ring, geometry);
        passed++;
        assertTrue(passed < 20, () -> "a look-up of " + point + " goes round and round");
      }
      hops += passed;
      most = Math.max(most, passed);
    }
    double mean = (double) hops / LOOK_UPS;
    reporter.publishEntry(name + " " + nodes, "hops: mean " + mean + ", at most " + most);
    assertTrue(mean <= meanMax, () -> "hops on the mean: " + mean);
  }

  private static Id next(Id point, Id at, Contacts own, Ring ring, Geometry geometry) {
    if (own.near().contains(point)) {
      return ring.owner(point);
    }
    List<Id> others = own.all().stream().filter(id -> !id.equals(at)).toList();
    return Ways.to(point, at, others, own.near(), geometry).get(0);
  }

  @ParameterizedTest
  @CsvSource({"ring, 4", "prefix, 45", "xor, 56"})
  void knowsFew(String name, int more) {
    Ring ring = anyRing(1000);
    for (int i = 0; i < 10; i++) {
      Id self = ring.node(100 * i);
      Contacts contacts =
          Contacts.of(self, ring, ring, new Homes(0), Geometry.named(name).orElseThrow());
      assertTrue(contacts.all().size() <= 17 + 10 + more, () -> "" + contacts.all().size());
      assertEquals(17, contacts.neighbours().size());
    }
  }
}
