package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.KnownPeer;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.NodeStatus;
import org.ringslice.messages.PeerState;

/** What the others can do while one holder's disk is full, and it lacks what it can't keep. */
class FullHolderTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int NODES = 3;
  private static final long EIGHTH = 1L << 61;

  private final SplittableRandom random = new SplittableRandom(17);
  private final World world = new World(17, 2);
  private final List<Host> hosts = new ArrayList<>();

  /** Each of so few holds all, and who is first leads everywhere. */
  private void startAll() {
    for (int i = 0; i < NODES; i++) {
      hosts.add(start(Id.ofWords(EIGHTH * (2 * i + 1), 0, 0, 0)));
    }
    world.pass(5 * SECOND);
  }

  private Host start(Id id) {
    Host host = world.addNode(World.NETWORK_NAME, id, 2, random.split(), core -> core);
    world.start(host);
    return host;
  }

  private void store(Host coordinator, int count) {
    List<Entry> batch = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] content = new byte[64];
      random.nextBytes(content);
      batch.add(Entry.blob(Bytes.wrap(content)));
      if (batch.size() == Limits.BATCH_ENTRIES_MAX || i == count - 1) {
        world.ask(coordinator, new Message.Store(List.copyOf(batch), Message.Intent.KEEP));
        batch.clear();
      }
    }
  }

  private static int count(Host host) {
    return held(host).size();
  }

  private static List<EntryInfo> held(Host host) {
    return host.disk().list(Arc.wholeRing(host.id()), Direction.NEXT, 100_000);
  }

  private PeerState state(Host host) {
    Host asked = hosts.stream().filter(Host::isRunning).findFirst().orElseThrow();
    Message.ViewShows view =
        (Message.ViewShows) world.ask(asked, new Message.GetView()).orElseThrow();
    return view.peers().stream()
        .map(KnownPeer::peer)
        .filter(peer -> peer.id().equals(host.id()))
        .findFirst()
        .orElseThrow()
        .state();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void whoComesBackIsActiveThoughAnotherCannotTakeWhatItHas(int full) {
    startAll();
    Host back = hosts.get(1);
    hosts.get(full).disk().beFull();
    store(back, 50);
    assertEquals(0, count(hosts.get(full)));
    world.pass(12 * SECOND);

    back.crash();
    world.pass(5 * SECOND);
    world.start(back);
    world.pass(5 * SECOND);

    assertEquals(PeerState.ACTIVE, state(back));
  }

  @Test
  void aNewcomerIsGivenWhatWhoLeadsCouldNotKeep() {
    startAll();
    Host full = hosts.get(0);
    full.disk().beFull();
    // of a share more than is given by others than who leads
    store(hosts.get(1), 4_000);
    // started again, they do not know any more that somebody was to be given it
    for (Host other : hosts.subList(1, NODES)) {
      world.pass(12 * SECOND);
      other.crash();
      world.pass(5 * SECOND);
      world.start(other);
    }
    world.pass(12 * SECOND);

    Host newcomer = start(Id.ofWords(-EIGHTH, 0, 0, 0));
    world.pass(5 * SECOND);
    assertEquals(PeerState.JOINING, state(newcomer), "it is left to who leads");
    world.pass(25 * SECOND);

    assertEquals(PeerState.ACTIVE, state(newcomer));
  }

  @Test
  void givesWhatItAloneHasThoughItCannotTakeWhatTheOthersHave() {
    startAll();
    Host full = hosts.get(0);
    List<Host> others = hosts.subList(1, NODES);
    full.crash();
    world.pass(5 * SECOND);
    store(others.get(0), 50);
    others.forEach(Host::crash);
    world.start(full);
    world.pass(5 * SECOND);
    store(full, 50);
    full.disk().beFull();
    others.forEach(world::start);
    world.pass(10 * SECOND);

    others.forEach(host -> assertEquals(PeerState.ACTIVE, state(host)));
    others.forEach(host -> assertEquals(100, count(host)));
    assertEquals(50, count(full));
  }

  @Test
  void saysWhatItCannotKeepAndTakesItOnceThereIsRoom() {
    startAll();
    Host full = hosts.get(0);
    full.disk().beFull();
    store(hosts.get(1), 50);
    // by now what failed is tried once a minute
    world.pass(300 * SECOND);

    NodeStatus status = statusOf(full);
    assertTrue(
        status.why().startsWith("it can't keep what it lacks: the disk is full"), status::why);
    assertEquals(0, count(full));

    full.disk().heal();
    world.pass(2 * SECOND);
    assertEquals(50, count(full));
    assertEquals("", statusOf(full).why());
  }

  private NodeStatus statusOf(Host host) {
    Message.GetStatus question = Message.GetStatus.held(List.of());
    return ((Message.StatusIs) world.ask(host, question).orElseThrow()).nodes().get(0);
  }
}
