package org.ringslice.tools;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.ringslice.messages.Endpoint;
import org.ringslice.node.runtime.Node;

/**
 * The nodes that this process runs until somebody ends it, or one of them can't go on. They may be
 * added by one thread; the end may come at any time, also between two of them.
 */
final class Foreground {
  /** For nodes to say farewell and close their files; past it the process ends all the same. */
  static final long STOP_MILLIS_MAX = 1_800;

  private final Console console;
  private final boolean json;
  private final String hint;
  private final List<Node> nodes = new ArrayList<>();
  private final BlockingQueue<End> endings = new LinkedBlockingQueue<>();
  private final AtomicBoolean ends = new AtomicBoolean();

  /**
   * One of the nodes goes by itself.
   *
   * @param failed whether because it can't go on; else because it was asked to leave
   */
  private record End(Node node, String sentence, boolean failed) {}

  /**
   * From the first node on, Ctrl-C and SIGTERM end all, and the process with code 0.
   *
   * @param hint how people end them
   */
  Foreground(Console console, boolean json, String hint) {
    this.console = console;
    this.json = json;
    this.hint = hint;
  }

  /** Says that a node is ready. */
  void add(Node node, Path folder) throws IOException {
    synchronized (nodes) {
      if (nodes.isEmpty()) {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "ringslice-stop"));
      }
      nodes.add(node);
    }
    var unused = node.failed().thenAccept(why -> endings.add(new End(node, why, true)));
    var unusedToo = node.left().thenAccept(how -> endings.add(new End(node, how, false)));
    console.results().line(json ? ready(node, folder).toString() : readyText(node, folder));
    console.results().flush();
  }

  private static Json ready(Node node, Path folder) {
    List<String> endpoints = node.endpoints().stream().map(Endpoint::toString).toList();
    return event("ready", node)
        .put("endpoint", endpoints.get(0))
        .put("endpoints", endpoints)
        .put("dir", folder.toString())
        .put("network", node.network())
        .put("pid", ProcessHandle.current().pid());
  }

  private String readyText(Node node, Path folder) {
    return "Node "
        + node.id()
        + " is ready at "
        + node.endpoints().stream().map(Endpoint::toString).collect(Collectors.joining(" and "))
        + ", with its data in "
        + folder
        + "; "
        + hint
        + ".";
  }

  /**
   * Waits until all nodes have left, and returns the exit code.
   *
   * @throws CommandException with the reason when one can't go on; all are closed by then
   */
  int awaitEnd() throws InterruptedException, IOException {
    while (!running().isEmpty()) {
      End end = endings.take();
      if (end.failed()) {
        close();
        throw new CommandException(end.sentence());
      }
      remove(end);
    }
    ends.set(true);
    return Main.DONE;
  }

  /** The others of this process stay. */
  private void remove(End end) throws IOException {
    end.node().close();
    synchronized (nodes) {
      nodes.remove(end.node());
    }
    String text = "Node " + end.node().id() + " has left: " + end.sentence() + ".";
    Json event = event("left", end.node()).put("why", end.sentence());
    console.results().line(json ? event.toString() : text);
    console.results().flush();
  }

  /** Closes all nodes, when nobody else does so already. */
  void close() {
    if (ends.compareAndSet(false, true)) {
      closeAll();
    }
  }

  /** Beside each other, for each takes its time. */
  private void closeAll() {
    List<Thread> closing = new ArrayList<>();
    for (Node node : running()) {
      Thread thread = new Thread(node::close, "ringslice-close-" + node.id());
      thread.start();
      closing.add(thread);
    }
    for (Thread thread : closing) {
      join(thread);
    }
  }

  private List<Node> running() {
    synchronized (nodes) {
      return List.copyOf(nodes);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs when the process was told to end; what is not done by then is not waited for. */
  private void stop() {
    if (!ends.compareAndSet(false, true)) {
      return;
    }
    Thread closing = new Thread(this::closeAll, "ringslice-close");
    closing.setDaemon(true);
    closing.start();
    running().forEach(this::sayGoodbye);
    try {
      closing.join(STOP_MILLIS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (closing.isAlive()) {
      console.complain("the node took too long to stop, and was cut off; its items are safe");
    }
    // it did what it was asked to; the JVM's own code would say that it was killed
    Runtime.getRuntime().halt(Main.DONE);
  }

  private void sayGoodbye(Node node) {
    String text = "Node " + node.id() + " goes; its items stay on disk and with the other holders.";
    try {
      console.results().line(json ? event("stopping", node).toString() : text);
      console.results().flush();
    } catch (IOException e) {
      // nobody listens any more
    }
  }

  private static Json event(String name, Node node) {
    return new Json().put("event", name).put("id", node.id());
  }
}
