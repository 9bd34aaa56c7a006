package org.ringslice.node.mdns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.How;
import org.ringslice.node.event.Event;

class SightingsTest {
  private static final Endpoint OWN = new Endpoint("127.0.0.1", 4000, 4001);
  private static final Endpoint OTHER = new Endpoint("127.0.0.1", 5000, 5001);

  private final List<Event> told = new ArrayList<>();
  private final Sightings sightings = new Sightings(List.of(OWN), told::add);

  private static Event sighted(Endpoint endpoint) {
    return new Event.Sighted(endpoint, How.MDNS);
  }

  @Test
  void tellsOfEachOnceAndNeverOfItself() {
    sightings.announced("own", OWN);
    sightings.announced("a", OTHER);
    sightings.announced("a", OTHER);
    sightings.announced("a, heard on another interface", OTHER);
    assertEquals(List.of(sighted(OTHER)), told);
  }

  @Test
  void tellsAgainOfWhoMovedOrCameBack() {
    sightings.announced("a", OTHER);
    Endpoint moved = new Endpoint("127.0.0.1", 6000, 6001);
    sightings.announced("a", moved);
    sightings.withdrawn("a");
    sightings.announced("a", moved);
    assertEquals(List.of(sighted(OTHER), sighted(moved), sighted(moved)), told);
  }

  @Test
  void forgetsTheOldestPastItsLimit() {
    for (int port = 1; port <= Sightings.REMEMBERED_MAX + 1; port++) {
      sightings.announced("node " + port, new Endpoint("127.0.0.1", port + 10_000, 1));
    }
    told.clear();
    sightings.announced("node 2", new Endpoint("127.0.0.1", 10_002, 1));
    assertEquals(List.of(), told, "the second is still remembered");
    sightings.announced("node 1", new Endpoint("127.0.0.1", 10_001, 1));
    assertEquals(1, told.size(), "the first is not");
  }

  @Test
  void tellsNobodyOfAnythingOnceClosed() {
    sightings.close();
    sightings.announced("a", OTHER);
    assertEquals(List.of(), told);
  }
}
