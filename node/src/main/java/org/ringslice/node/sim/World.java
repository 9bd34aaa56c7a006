package org.ringslice.node.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.messages.Role;
import org.ringslice.node.core.ClientCore;
import org.ringslice.node.core.Core;
import org.ringslice.node.core.NodeCore;
import org.ringslice.node.event.Books;
import org.ringslice.node.event.Event;
import org.ringslice.node.replica.Retention;
import org.ringslice.node.ring.Self;

/**
 * All machines of a simulation, the network between them, and what can befall them. Everything that
 * is left to chance is drawn from forks of one seed, one for each part, so that a change in one
 * part does not move the others.
 */
final class World {
  static final String NETWORK_NAME = "simulated";
  private static final int CONTROL_PORT = 7400;
  private static final int BULK_PORT = 7401;

  /** Multicast DNS shows a newcomer those already there after so long (measured: 0.3 to 0.6 s). */
  private static final long SIGHTING_NANOS_MIN = 300_000_000;

  private static final long SIGHTING_NANOS_MAX = 600_000_000;

  /** Of those it shows, so many: fewer than on a real LAN, so that the rest is left to gossip. */
  private static final int SIGHTED_MAX = 3;

  /** A question that is not answered after so long never is. */
  static final long ANSWER_NANOS_MAX = 60_000_000_000L;

  private final Head head;
  private final SplittableRandom seeds;
  private final SplittableRandom fate;
  private final SplittableRandom discovery;
  private final Agenda agenda = new Agenda();
  private final Trace trace = new Trace();
  private final Journal journal = new Journal(agenda);
  private final Network network;
  private final List<Host> nodes = new ArrayList<>();
  private final Ledger ledger = new Ledger(this);
  private final Custody custody = new Custody(nodes, ledger);
  private final Customers customers;
  private Watchers watchers;
  private Broadcasts broadcasts;
  private LookUps lookUps;
  private Unrest unrest;
  private DiskFaults diskFaults;
  private Readers readers;
  private final Presence presence = new Presence(agenda);
  private final Twins twins = new Twins(this);
  private Usurpers usurpers;
  private final List<Host> clients = new ArrayList<>();
  private final TreeMap<String, Host> byName = new TreeMap<>();
  private final TreeMap<Id, Host> byId = new TreeMap<>();
  private final Farewells farewells = new Farewells(this);

  World(long seed, int maskBits) {
    this(seed, Head.DEFAULT.withMaskBits(maskBits));
  }

  World(long seed, Head head) {
    this.head = head;
    seeds = new SplittableRandom(seed);
    fate = seeds.split();
    discovery = seeds.split();
    Faults faults = new Faults(seeds.split());
    network = new Network(agenda, trace, faults, at -> byName.get(at.host()));
    customers = new Customers(this, ledger, seeds.split());
  }

  Agenda agenda() {
    return agenda;
  }

  Trace trace() {
    return trace;
  }

  Journal journal() {
    return journal;
  }

  Faults faults() {
    return network.faults();
  }

  Ledger ledger() {
    return ledger;
  }

  Customers customers() {
    return customers;
  }

  /** Those who watch; they have chance of their own once there are some. */
  Watchers watchers() {
    if (watchers == null) {
      watchers = new Watchers(this, fork());
    }
    return watchers;
  }

  /** What was broadcast; chance of their own, as the watchers have. */
  Broadcasts broadcasts() {
    if (broadcasts == null) {
      broadcasts = new Broadcasts(this, fork());
    }
    return broadcasts;
  }

  Farewells farewells() {
    return farewells;
  }

  /** What was looked up; chance of their own again. */
  LookUps lookUps() {
    if (lookUps == null) {
      lookUps = new LookUps(this, fork());
    }
    return lookUps;
  }

  /** How those went that were answered since the last call; empty when there were none. */
  String takeLookedUp() {
    return lookUps == null ? "" : lookUps.takeLatest().toString();
  }

  /** How all went. */
  Simulation.LookedUp lookedUp() {
    return (lookUps == null ? new Tally() : lookUps.total()).summary();
  }

  /** Nodes that come and go; chance of their own again. */
  Unrest unrest() {
    if (unrest == null) {
      unrest = new Unrest(this, fork());
    }
    return unrest;
  }

  /** What befalls disks; chance of its own again. */
  DiskFaults diskFaults() {
    if (diskFaults == null) {
      diskFaults = new DiskFaults(this, fork());
    }
    return diskFaults;
  }

  /** Those who read while all goes on; chance of their own again. */
  Readers readers() {
    if (readers == null) {
      readers = new Readers(this, fork());
    }
    return readers;
  }

  /** What the nodes owe once disks have gone bad. */
  Custody custody() {
    return custody;
  }

  /** Newcomers that take items from those who hold them; chance of their own again. */
  Usurpers usurpers() {
    if (usurpers == null) {
      usurpers = new Usurpers(this, fork());
    }
    return usurpers;
  }

  Twins twins() {
    return twins;
  }

  /** Who was on the ring when. */
  Presence presence() {
    return presence;
  }

  int maskBits() {
    return head.maskBits();
  }

  /** For whoever needs chance of its own. */
  SplittableRandom fork() {
    return seeds.split();
  }

  /** All nodes that ever were. */
  List<Host> nodes() {
    return nodes;
  }

  Host node(Id id) {
    return byId.get(id);
  }

  List<Host> living() {
    return nodes.stream().filter(Host::isRunning).toList();
  }

  List<Id> livingIds() {
    return living().stream().map(Host::id).toList();
  }

  /** The ring of those who live, as it should be. */
  Model model() {
    return new Model(livingIds(), maskBits());
  }

  // ---- time

  /** Lets time pass. */
  void pass(long nanos) {
    long untilNanos = agenda.nowNanos() + nanos;
    while (agenda.step(untilNanos)) {}
  }

  /** Lets time pass until something is so, or the time is up. Returns whether it is so. */
  boolean passUntil(BooleanSupplier condition, long nanosMax) {
    long untilNanos = agenda.nowNanos() + nanosMax;
    while (!condition.getAsBoolean()) {
      if (!agenda.step(untilNanos)) {
        return condition.getAsBoolean();
      }
    }
    return true;
  }

  /**
   * Asks a node as the program that it runs in does, and lets time pass until it answers. A client
   * whose own node is out of reach asks once more, through another.
   */
  Optional<Message> ask(Host host, Message.Request request) {
    int life = host.life();
    Optional<Message> answer = askOnce(host, request);
    if (answer.isPresent()
        && answer.get() instanceof Message.Failure failure
        && (failure.retry() || failure.code() == ErrorCode.UNREACHABLE)) {
      complained(host, life);
    }
    return host.life() == life ? answer : askOnce(host, request);
  }

  private Optional<Message> askOnce(Host host, Message.Request request) {
    List<Message> replies = new ArrayList<>(1);
    host.ask(request, replies::add);
    passUntil(() -> !replies.isEmpty(), ANSWER_NANOS_MAX);
    return replies.stream().findFirst();
  }

  // ---- machines

  /** New nodes, switched on one after the other as at the beginning. */
  void startNodes(int count) {
    startNodes(count, head.apartNanos());
  }

  /** New nodes, switched on one after the other. */
  void startNodes(int count, long apartNanos) {
    for (int i = 0; i < count; i++) {
      Host host = newNode();
      agenda.after(i * apartNanos, () -> start(host));
    }
    pass(count * apartNanos);
  }

  /** A new node, switched on now. */
  void startNode() {
    start(newNode());
  }

  private Host newNode() {
    SplittableRandom random = seeds.split();
    return addNode(randomId(random), random);
  }

  /** A machine that is ready to be started, for a node with this id. */
  Host addNode(Id id, SplittableRandom random) {
    return addNode(NETWORK_NAME, id, maskBits(), random, core -> core);
  }

  /**
   * A machine that is ready to be started.
   *
   * @param outfit what to put around the core, for a node that is not as it should be
   */
  Host addNode(
      String networkName, Id id, int bits, SplittableRandom random, UnaryOperator<Core> outfit) {
    Endpoint endpoint = endpoint("node-" + nodes.size());
    SplittableRandom chance = random.split();
    Host.Program program =
        (incarnation, disk, foreign) -> {
          long session = chance.nextLong();
          Self self =
              new Self(id, Role.PEER, networkName, bits, incarnation, session, List.of(endpoint));
          Books books = disk.open(Self.digestOf(networkName));
          Retention retention = new Retention(head.keepNanos(), foreign);
          NodeCore core =
              new NodeCore(self, chance.split(), books, List.of(), head.scope(), retention);
          return outfit.apply(core);
        };
    Host host = newHost(id, endpoint, program, custody, random);
    nodes.add(host);
    byId.putIfAbsent(id, host);
    return host;
  }

  /** New clients, each with a node of its own to ask. */
  void startClients(int count) {
    for (int i = 0; i < count; i++) {
      SplittableRandom random = seeds.split();
      Id id = randomId(random);
      Endpoint endpoint = endpoint("client-" + clients.size());
      Host host =
          newClientHost(
              id, endpoint, (incarnation, disk, foreign) -> newClient(id, random), random);
      clients.add(host);
      host.start();
    }
  }

  /** A machine for a client that asks this node and no other; not started yet. */
  Host newClientOf(Host contact) {
    SplittableRandom random = seeds.split();
    Id id = randomId(random);
    Endpoint endpoint = endpoint("watcher-" + byName.size());
    return newClientHost(
        id,
        endpoint,
        (incarnation, disk, foreign) -> newClient(id, contact.endpoint(), random),
        random);
  }

  private Core newClient(Id id, SplittableRandom random) {
    List<Host> living = living();
    List<Host> contacts = living.isEmpty() ? nodes : living;
    return newClient(id, contacts.get(random.nextInt(contacts.size())).endpoint(), random);
  }

  private static Core newClient(Id id, Endpoint contact, SplittableRandom random) {
    Self self = new Self(id, Role.CLIENT, NETWORK_NAME, 0, 1, random.nextLong(), List.of());
    return new ClientCore(self, contact);
  }

  /** Nothing that anybody owes lies on the machine of a client. */
  private Host newClientHost(
      Id id, Endpoint endpoint, Host.Program program, SplittableRandom random) {
    return newHost(id, endpoint, program, new Custody(List.of(), ledger), random);
  }

  private Host newHost(
      Id id, Endpoint endpoint, Host.Program program, Custody itsCustody, SplittableRandom random) {
    Host.Surroundings surroundings =
        new Host.Surroundings(
            agenda, trace, network, journal, presence, itsCustody, head.clockDrift());
    Host host = new Host(surroundings, byName.size(), id, endpoint, program, random);
    byName.put(endpoint.host(), host);
    return host;
  }

  private static Endpoint endpoint(String name) {
    return new Endpoint(name, CONTROL_PORT, BULK_PORT);
  }

  static Id randomId(SplittableRandom random) {
    return Id.ofWords(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  /** Starts a node, for the first time or again. It remembers peers, and sights a few others. */
  void start(Host host) {
    host.start();
    for (Peer peer : host.remembered()) {
      peer.endpoints().forEach(at -> host.after(0, () -> new Event.Sighted(at, How.LEARNED)));
    }
    for (int i = 0; i < SIGHTED_MAX; i++) {
      int life = host.life();
      agenda.after(
          discovery.nextLong(SIGHTING_NANOS_MIN, SIGHTING_NANOS_MAX), () -> sight(host, life));
    }
  }

  /**
   * A newcomer is shown one of those already there; when nobody was, one of those that came since.
   */
  private void sight(Host newcomer, int life) {
    if (!newcomer.isRunning(life)) {
      return;
    }
    List<Host> others = new ArrayList<>();
    List<Host> elders = new ArrayList<>();
    for (Host host : nodes) {
      if (host.isRunning() && host != newcomer && Network.passes(host, newcomer)) {
        others.add(host);
        if (host.startedAt() < newcomer.startedAt()) {
          elders.add(host);
        }
      }
    }
    List<Host> shown = elders.isEmpty() ? others : elders;
    if (!shown.isEmpty()) {
      Endpoint endpoint = shown.get(discovery.nextInt(shown.size())).endpoint();
      newcomer.deliver(new Event.Sighted(endpoint, How.MDNS), null);
    }
  }

  // ---- fate

  /** So many of the living, drawn at random, in the order of the draw. */
  List<Host> drawLiving(Share share) {
    return draw(Host::isRunning, share);
  }

  List<Host> drawStopped(Share share) {
    return draw(host -> !host.isRunning() && !host.hasLeft() && !host.isToStop(), share);
  }

  /** So many of those that are so, drawn at random, in the order of the draw. */
  List<Host> draw(Predicate<Host> which, Share share) {
    List<Host> left = new ArrayList<>(nodes.stream().filter(which).toList());
    List<Host> drawn = new ArrayList<>();
    for (int count = share.of(left.size()); count > 0; count--) {
      drawn.add(left.remove(fate.nextInt(left.size())));
    }
    return drawn;
  }

  /** Those drawn can no longer reach the others, nor be reached. */
  void split(Share share) {
    drawLiving(share).forEach(host -> host.joinGroup(1));
  }

  /** All faults end; who was killed stays so. */
  void heal() {
    faults().heal();
    nodes.forEach(Host::heal);
    clients.forEach(Host::heal);
  }

  /** Kills each node in turn, and starts it again after a time; as long again until the next. */
  void roll(long nanos) {
    for (Host host : living()) {
      host.crash();
      pass(nanos);
      start(host);
      pass(nanos);
    }
  }

  /** Whoever a customer may turn to: the living nodes, and the clients. */
  List<Host> counters() {
    List<Host> counters = new ArrayList<>(living());
    counters.addAll(clients);
    return counters;
  }

  /** One of those, drawn at random. */
  Optional<Host> anyCounter() {
    List<Host> counters = counters();
    return counters.isEmpty()
        ? Optional.empty()
        : Optional.of(counters.get(fate.nextInt(counters.size())));
  }

  /** A customer was turned away in that life: a client takes another node to ask. */
  void complained(Host counter, int life) {
    if (clients.contains(counter) && counter.isRunning(life)) {
      counter.crash();
      counter.start();
    }
  }
}
