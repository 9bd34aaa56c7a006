package org.ringslice.node.runtime;

import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Peer;
import org.ringslice.messages.Role;
import org.ringslice.node.core.NodeCore;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.ForeignArc;
import org.ringslice.node.files.Contents;
import org.ringslice.node.folder.DataFolder;
import org.ringslice.node.folder.FolderException;
import org.ringslice.node.folder.FolderWatch;
import org.ringslice.node.folder.HostFiles;
import org.ringslice.node.mdns.Interfaces;
import org.ringslice.node.mdns.MdnsDiscovery;
import org.ringslice.node.port.Discovery;
import org.ringslice.node.port.EventSink;
import org.ringslice.node.port.Line;
import org.ringslice.node.replica.Retention;
import org.ringslice.node.ring.Self;
import org.ringslice.node.store.DiskStore;
import org.ringslice.node.zmq.Traffic;
import org.ringslice.node.zmq.ZmqTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node: a place on the ring, a data folder, and the way of this program to the shared
 * store.
 *
 * <pre>{@code
 * try (Node node = Node.start(NodeConfig.in(Path.of("data")))) {
 *   Receipt receipt = node.store("hello".getBytes(UTF_8)).join();
 *   byte[] bytes = node.get(receipt.id()).join();
 * }
 * }</pre>
 */
public final class Node implements Access {
  private static final Logger LOG = LoggerFactory.getLogger("org.ringslice.node");

  /** Of a session; the rest is the time of the start, in milliseconds. */
  private static final int SESSION_RANDOM_BITS = 20;

  private final Id id;
  private final String network;
  private final DataFolder folder;
  private final DiskStore store;
  private final ZmqTransport transport;
  private final MdnsDiscovery mdns;
  private final LocalLine line;
  private final Loop loop;
  private final List<Discovery> discoveries = new ArrayList<>();
  private volatile List<Endpoint> endpoints;
  private InterfaceWatch watch;
  private FolderWatch folderWatch;
  private final CompletableFuture<String> failed = new CompletableFuture<>();
  private final CompletableFuture<String> left = new CompletableFuture<>();

  private Node(NodeConfig config, Parts parts) {
    folder = parts.folder;
    store = parts.store;
    transport = parts.transport;
    mdns = parts.mdns;
    endpoints = transport.endpoints();
    network = config.network();
    SecureRandom random = new SecureRandom();
    id = parts.id;
    Self self =
        new Self(
            id,
            Role.PEER,
            network,
            config.maskBits(),
            folder.incarnation(),
            session(random),
            forOthers(endpoints));
    line = new LocalLine(id, parts.queue);
    EffectRunner effects = new EffectRunner(transport, store, line, memory());
    Retention retention =
        new Retention(config.keepCopiesFor().toNanos(), folder.rememberedForeign());
    NodeCore core =
        new NodeCore(self, random, store.books(), config.keep(), config.scope(), retention);
    loop =
        new Loop(
            "ringslice-" + id, core, parts.queue, transport, effects, this::fail, this::hasLeft);
  }

  /** Of two nodes with one id the one that began earlier has the lesser number. */
  private static long session(SecureRandom random) {
    return (System.currentTimeMillis() << SESSION_RANDOM_BITS)
        | random.nextInt(1 << SESSION_RANDOM_BITS);
  }

  /** What must be open before there is a node. Closed again when the start fails half-way. */
  private static final class Parts {
    private final EventQueue queue = new EventQueue();
    private DataFolder folder;
    private ZmqTransport transport;
    private MdnsDiscovery mdns;
    private DiskStore store;
    private Id id;

    void close() {
      if (mdns != null) {
        mdns.close();
      }
      if (transport != null) {
        transport.close();
      }
      if (store != null) {
        store.close();
      }
      if (folder != null) {
        folder.close();
      }
    }
  }

  /**
   * Starts a node; returns when it listens and its store is open. Others are found from then on; at
   * its very first start a node without an id looks for them for a moment before, to find its place
   * among them.
   *
   * @throws StartException when it can't: the folder is in use or not writable, a port is taken, …
   */
  public static Node start(NodeConfig config) throws StartException {
    return start(config, Optional.empty());
  }

  /** Starts a node of which somebody sees all that it does; see the other. */
  public static Node start(NodeConfig config, Optional<Tracer> tracer) throws StartException {
    Descriptors.check();
    Parts parts = new Parts();
    try {
      parts.folder = DataFolder.open(config.dir());
      settleNetwork(parts.folder, config);
      parts.transport = listen(parts.folder, config, parts.queue);
      open(parts, config);
      Node node = new Node(config, parts);
      tracer.ifPresent(node.loop::trace);
      node.begin(config);
      return node;
    } catch (FolderException | IOException | IllegalArgumentException e) {
      parts.close();
      throw new StartException(e.getMessage(), e);
    } catch (InterruptedException e) {
      parts.close();
      Thread.currentThread().interrupt();
      throw new StartException("The start of the node was interrupted.", e);
    } catch (RuntimeException | Error e) {
      parts.close();
      throw e;
    }
  }

  private static void settleNetwork(DataFolder folder, NodeConfig config) throws FolderException {
    String known = folder.network().orElse(config.network());
    if (!known.equals(config.network())) {
      throw new IllegalArgumentException(
          "The folder "
              + folder.path()
              + " belongs to the network '"
              + known
              + "': start with --network "
              + known
              + ", or choose another folder with --dir.");
    }
    folder.setNetwork(config.network());
    if (config.id().isPresent()) {
      folder.setId(config.id().get());
    }
  }

  /** Opens the store, and meanwhile listens for others, who may tell a newcomer its place. */
  private static void open(Parts parts, NodeConfig config)
      throws IOException, FolderException, InterruptedException {
    boolean isNew = parts.folder.id().isEmpty();
    try (Newcomer newcomer = new Newcomer(config.mdns())) {
      if (config.mdns()) {
        parts.mdns =
            MdnsDiscovery.browse(
                config.network(), parts.transport.endpoints(), heard(parts, newcomer, isNew));
      }
      if (isNew) {
        config.peers().forEach(peer -> newcomer.heardOf(HostPort.parse(peer)));
      }
      if (isNew && config.mdns()) {
        HostFiles.glance(config.network()).forEach(newcomer::heardOf);
      }
      parts.store =
          DiskStore.open(
              parts.folder.storePath(),
              Self.digestOf(config.network()),
              new Contents(),
              parts.queue,
              config.scrub());
      if (isNew) {
        parts.folder.setId(newcomer.choose(config.maskBits(), new SecureRandom()));
      }
    }
    parts.id = parts.folder.id().orElseThrow();
  }

  private static EventSink heard(Parts parts, Newcomer newcomer, boolean isNew) {
    return event -> {
      parts.queue.put(event);
      if (isNew && event instanceof Event.Sighted sighted) {
        newcomer.heardOf(sighted.endpoint());
      }
    };
  }

  /**
   * Listens on the ports asked for; on those of last time, by which others remember it, when none
   * was.
   */
  private static ZmqTransport listen(DataFolder folder, NodeConfig config, EventQueue queue)
      throws IOException, FolderException {
    List<InetAddress> addresses = Interfaces.choose(Interfaces.ofThisMachine(), config.bind());
    if (config.bind().isEmpty() && addresses.stream().allMatch(InetAddress::isLoopbackAddress)) {
      LOG.warn(
          "This machine has no address on a LAN: only nodes of this machine are found, until it has"
              + " one; name an interface with --bind.");
    }
    List<String> hosts = addresses.stream().map(InetAddress::getHostAddress).toList();
    ZmqTransport transport = null;
    if (config.port() == 0 && folder.controlPort() != 0) {
      try {
        transport = ZmqTransport.listen(hosts, folder.controlPort(), folder.bulkPort(), queue);
      } catch (IOException e) {
        LOG.debug("the ports of last time are not free: {}", e.getMessage());
      }
    }
    if (transport == null) {
      transport = ZmqTransport.listen(hosts, config.port(), 0, queue);
    }
    Endpoint first = transport.endpoints().get(0);
    folder.setPorts(first.controlPort(), first.bulkPort());
    return transport;
  }

  private void begin(NodeConfig config) throws FolderException, IOException {
    List<Endpoint> seeds = config.peers().stream().map(HostPort::parse).toList();
    loop.start();
    EventQueue queue = loop.queue();
    seeds.forEach(seed -> queue.put(new Event.Sighted(seed, How.STATIC)));
    for (Peer peer : folder.rememberedPeers()) {
      peer.endpoints().forEach(endpoint -> queue.put(new Event.Sighted(endpoint, How.LEARNED)));
    }
    folder.announce(id, network, endpoints);
    if (config.mdns()) {
      discoveries.add(HostFiles.start(id, network, endpoints, queue));
      mdns.announce(id);
      discoveries.add(mdns);
    }
    watch = InterfaceWatch.start(config.bind(), transport, this::listens);
    folderWatch = FolderWatch.start(folder, this::lost);
  }

  /** The folder was taken away. */
  private void lost(String sentence) {
    store.abandon();
    folder.abandon();
    loop.queue().put(new Event.Broken(sentence));
  }

  /** The machine's interfaces have changed. */
  private void listens(List<Endpoint> now) {
    endpoints = now;
    loop.queue().put(new Event.Listens(forOthers(now)));
    discoveries.forEach(discovery -> discovery.listens(now));
    try {
      folder.announce(id, network, now);
    } catch (FolderException e) {
      LOG.warn(e.getMessage());
    }
  }

  /** A zone is this machine's own word. */
  private static List<Endpoint> forOthers(List<Endpoint> endpoints) {
    return endpoints.stream().map(Endpoint::withoutZone).distinct().toList();
  }

  private EffectRunner.Memory memory() {
    return new EffectRunner.Memory() {
      @Override
      public void peers(List<Peer> peers) {
        try {
          folder.remember(peers);
        } catch (FolderException e) {
          LOG.warn(e.getMessage());
        }
      }

      @Override
      public void foreign(List<ForeignArc> arcs) {
        try {
          folder.rememberForeign(arcs);
        } catch (FolderException e) {
          LOG.warn(e.getMessage());
        }
      }
    };
  }

  private void fail(String why) {
    line.close();
    failed.complete(why);
  }

  private void hasLeft(String sentence) {
    line.close();
    left.complete(sentence);
  }

  public Id id() {
    return id;
  }

  public String network() {
    return network;
  }

  /** Where this node listens now, the best first. */
  public List<Endpoint> endpoints() {
    return endpoints;
  }

  /**
   * Holds these arcs beyond its share from now on, in place of those before, and offers them to
   * all. What is held already stays; what is not is fetched.
   */
  public void keep(Arc... arcs) {
    loop.queue().put(new Event.Keeps(List.of(arcs)));
  }

  /** What went over a lane since the start, and what was dropped. */
  public Traffic traffic(Lane lane) {
    return transport.traffic(lane);
  }

  /** Completes with a sentence when this node can't go on by itself; it is to be closed then. */
  public CompletableFuture<String> failed() {
    return failed;
  }

  /**
   * Completes when this node has left the ring because somebody asked it to, with a sentence on
   * what became of its items; it is to be closed then.
   */
  public CompletableFuture<String> left() {
    return left;
  }

  @Override
  public Line line() {
    return line;
  }

  /** Says farewell to the others, makes durable what was asked for, and stops; within 2 s. */
  @Override
  public void close() {
    folderWatch.close();
    watch.close();
    discoveries.forEach(Discovery::close);
    loop.stop();
    line.close();
    transport.close();
    store.close();
    folder.close();
  }
}
