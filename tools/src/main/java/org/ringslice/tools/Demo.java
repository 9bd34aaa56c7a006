package org.ringslice.tools;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Peer;
import org.ringslice.messages.PeerState;
import org.ringslice.node.files.Progress;
import org.ringslice.node.files.StoredFile;
import org.ringslice.node.port.RefusedException;
import org.ringslice.node.runtime.Access;
import org.ringslice.node.runtime.Client;
import org.ringslice.node.runtime.Cursor;
import org.ringslice.node.runtime.SliceChange;

/** The steps of the demonstration. Each fails as a {@link CommandException} when it goes wrong. */
final class Demo {
  static final int NODES = 6;

  private static final int FILE_BYTES = 8 << 20;
  private static final long SEED = 7;

  /** Its blocks, and what tells of them. */
  private static final int FILE_ITEMS = FILE_BYTES / Limits.BLOCK_BYTES_MAX + 1;

  private static final List<Arc> ALL = List.of(Arc.wholeRing(Id.MAX));

  /** For what takes a second or two where nothing is wrong. */
  private static final long AWAIT_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

  private static final long PAUSE_MILLIS = 50;

  /** Items that are shown of a walk. */
  private static final int ITEMS = 3;

  /** Whom it is shown to. */
  interface Audience {
    void begins(String step, String what) throws IOException;

    /** What there is to see of it. */
    void sees(String line) throws IOException;

    void ends(String step, boolean ok, double seconds) throws IOException;
  }

  /** What is shown. */
  private interface Act {
    void play() throws IOException;
  }

  /** Whether what is waited for has come, and how it stands. */
  private record Standing(boolean done, String how) {}

  private interface Look {
    Standing now();
  }

  private final DemoNodes nodes;
  private final Audience audience;
  private final byte[] content = new byte[FILE_BYTES];
  private List<DemoNodes.Running> running = List.of();
  private Cursor begin;
  private Id file;
  private DemoNodes.Running victim;
  private long killedAtNanos;

  Demo(DemoNodes nodes, Audience audience) {
    this.nodes = nodes;
    this.audience = audience;
    new Random(SEED).nextBytes(content);
  }

  void run() throws IOException {
    step("start", "Six nodes start, each a process with a folder of its own.", this::start);
    step("find", "They find each other; nobody told them where the others are.", this::find);
    step(
        "watch",
        "The second node is asked to tell what is added to the ring from now on.",
        this::watch);
    step("store", "A file of 8 MiB is stored at the first node.", this::store);
    step("told", "The watcher is told of its blocks, each once.", this::told);
    step("peers", "Round the ring from there: the next nodes, and the previous one.", this::peers);
    step(
        "items", "And the items before and after the file: its blocks are items too.", this::items);
    step("kill", "A node that holds the file is killed.", this::kill);
    step("get", "The file is read again, at another node.", this::get);
    step("repair", "The others notice, and make the lost copies good.", this::repair);
    step("clean", "The nodes are stopped, and all that they left is deleted.", this::clean);
  }

  private void step(String name, String what, Act act) throws IOException {
    long begin = System.nanoTime();
    audience.begins(name, what);
    try {
      act.play();
    } catch (CommandException | RefusedException | IOException e) {
      audience.ends(name, false, DemoCommand.secondsSince(begin));
      throw new CommandException("the demo failed at '" + name + "': " + e.getMessage());
    }
    audience.ends(name, true, DemoCommand.secondsSince(begin));
  }

  private void start() throws IOException {
    audience.sees("in " + nodes.folder());
    running = nodes.start(NODES);
    for (DemoNodes.Running node : running) {
      audience.sees("node " + node.id() + " at " + node.endpoint());
    }
  }

  private void find() throws IOException {
    long begin = System.nanoTime();
    for (DemoNodes.Running node : running) {
      try (Client client = Client.of(node.endpoint())) {
        await(() -> knowsAll(client));
      }
    }
    audience.sees(
        String.format(
            Locale.ROOT, "each knows all six, %.1f s later", DemoCommand.secondsSince(begin)));
  }

  private Standing knowsAll(Access access) {
    long active =
        ClientCommand.await(access.view()).stream()
            .filter(known -> known.peer().state() == PeerState.ACTIVE)
            .count();
    return new Standing(active == NODES, active + " of " + NODES + " nodes are on the ring");
  }

  private Client client(int index) {
    return Client.of(running.get(index).endpoint());
  }

  private void watch() throws IOException {
    try (Client client = client(1)) {
      begin = ClientCommand.await(client.cursor(ALL));
      audience.sees("it watches all, from cursor " + begin + " on");
    }
  }

  private void told() throws IOException {
    try (Client client = client(1)) {
      Arrivals<SliceChange> changes = Arrivals.of(client.watch(ALL, Optional.of(begin)));
      for (int i = 0; i < FILE_ITEMS; i++) {
        SliceChange change = changes.next(AWAIT_NANOS_MAX);
        if (i < ITEMS) {
          audience.sees(ChangeLines.text(change, KindWords.plain(change.entry()), false));
        }
      }
      audience.sees("and " + (FILE_ITEMS - ITEMS) + " more");
      changes.cancel();
    }
  }

  private void store() throws IOException {
    Path source = Files.write(nodes.folder().resolve("demo.bin"), content);
    try (Client client = client(0)) {
      StoredFile stored = client.files().store(source, Progress.NONE);
      file = stored.id();
      audience.sees("its id is " + file.toHex());
      audience.sees(
          "each part is durable on "
              + stored.copies()
              + " of "
              + stored.wanted()
              + " nodes; its id at "
              + names(stored.holders()));
      victim = running.stream().filter(each -> isToDie(each, stored)).findFirst().orElseThrow();
    }
  }

  /** Not the one that is asked most; any other that holds the file. */
  private boolean isToDie(DemoNodes.Running node, StoredFile stored) {
    return stored.holders().contains(node.id()) && !node.equals(running.get(0));
  }

  private static String names(List<Id> ids) {
    return ids.stream().map(Id::toString).collect(Collectors.joining(", "));
  }

  private void peers() throws IOException {
    try (Client client = client(0)) {
      Id at = running.get(0).id();
      List<Peer> next = ClientCommand.await(client.peers(Direction.NEXT, at, NODES));
      List<Peer> previous = ClientCommand.await(client.peers(Direction.PREV, at, 1));
      audience.sees("next-peer  " + at + " -> " + walked(next));
      audience.sees("prev-peer  " + at + " -> " + walked(previous));
      check(next.size() == NODES, "the walk did not come round the ring");
    }
  }

  private static String walked(List<Peer> peers) {
    return peers.stream().map(peer -> peer.id().toString()).collect(Collectors.joining(" -> "));
  }

  private static void check(boolean ok, String otherwise) {
    if (!ok) {
      throw new CommandException(otherwise);
    }
  }

  private void items() throws IOException {
    try (Client client = client(0)) {
      List<EntryInfo> next = ClientCommand.await(client.items(Direction.NEXT, file, ITEMS));
      List<EntryInfo> previous = ClientCommand.await(client.items(Direction.PREV, file, ITEMS));
      audience.sees("next-item  " + file + " -> " + items(next));
      audience.sees("prev-item  " + file + " -> " + items(previous));
      check(next.size() == ITEMS && previous.size() == ITEMS, "there should be more items");
    }
  }

  private static String items(List<EntryInfo> items) {
    return items.stream()
        .map(item -> item.id() + " (" + Sizes.of(item.size()) + ")")
        .collect(Collectors.joining(" -> "));
  }

  private void kill() throws IOException {
    victim.process().destroyForcibly();
    killedAtNanos = System.nanoTime();
    audience.sees("node " + victim.id() + " is dead, as by kill -9");
  }

  private void get() throws IOException {
    DemoNodes.Running reader =
        running.stream()
            .filter(node -> !node.equals(victim) && !node.equals(running.get(0)))
            .findFirst()
            .orElseThrow();
    ByteArrayOutputStream copy = new ByteArrayOutputStream(FILE_BYTES);
    long begin = System.nanoTime();
    try (Client client = Client.of(reader.endpoint())) {
      client.files().fetch(file, copy, Progress.NONE);
    }
    check(Arrays.equals(content, copy.toByteArray()), "it is not what was stored");
    audience.sees(
        String.format(
            Locale.ROOT,
            "all %s are there, byte for byte, at node %s, after %.2f s",
            Sizes.of(FILE_BYTES),
            reader.id(),
            DemoCommand.secondsSince(begin)));
  }

  private void repair() throws IOException {
    try (Client client = client(0)) {
      await(
          () -> {
            RingStatus status = RingStatus.of(client);
            boolean done = status.nodes() == NODES - 1 && status.isFullyReplicated();
            return new Standing(done, status.summary());
          });
      for (String line : RingStatus.of(client).lines(ITEMS)) {
        audience.sees(line);
      }
      audience.sees(
          String.format(
              Locale.ROOT, "%.1f s after the node died", DemoCommand.secondsSince(killedAtNanos)));
    }
  }

  private void clean() {
    nodes.close();
  }

  private static void await(Look look) {
    long deadline = System.nanoTime() + AWAIT_NANOS_MAX;
    Standing standing = look.now();
    while (!standing.done()) {
      check(System.nanoTime() < deadline, "it took too long: " + standing.how());
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandException("interrupted");
      }
      standing = look.now();
    }
  }
}
