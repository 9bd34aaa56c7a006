package org.ringslice.node.zmq;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ringslice.messages.Endpoint;

/**
 * The workers of one process: by which inproc name each is reached, and where it listens, so that
 * who dials an endpoint of a neighbour needs no TCP. What is known here never leaves the process.
 * May be used by any thread.
 *
 * <p>Invariant: of two names that are connected both are there.
 */
final class Neighbourhood {
  private final Map<String, SocketWorker> workers = new HashMap<>();
  private final Map<String, String> nameByPlace = new HashMap<>();
  private final Set<Pair> connected = new HashSet<>();
  private long lastNumber;

  /** Two names, the lesser first. */
  private record Pair(String one, String other) {
    static Pair of(String a, String b) {
      return a.compareTo(b) < 0 ? new Pair(a, b) : new Pair(b, a);
    }

    boolean has(String name) {
      return one.equals(name) || other.equals(name);
    }
  }

  /** A name that nobody has had. */
  synchronized String newName() {
    return "ringslice-" + ++lastNumber;
  }

  /** A worker is bound to its name. */
  synchronized void add(String name, SocketWorker worker) {
    workers.put(name, worker);
  }

  /** A neighbour listens at a port; nothing happens when it has left. */
  synchronized void listens(String name, String host, int port) {
    if (workers.containsKey(name)) {
      nameByPlace.put(place(host, port), name);
    }
  }

  synchronized void listensNoMore(String host, int port) {
    nameByPlace.remove(place(host, port));
  }

  private static String place(String host, int port) {
    return new Endpoint(host, port, port).withoutZone().toString();
  }

  /** The name of the neighbour that listens at a port, or null. */
  synchronized String find(String host, int port) {
    return nameByPlace.get(place(host, port));
  }

  /** The worker of a name; null when it has left. */
  synchronized SocketWorker worker(String name) {
    return workers.get(name);
  }

  /**
   * Connects two neighbours unless they are: ZeroMQ would take a second connection for a takeover
   * of the first. Whether they are connected now; not when one has left.
   */
  synchronized boolean connect(String from, String to, Runnable connecting) {
    if (!workers.containsKey(from) || !workers.containsKey(to)) {
      return false;
    }
    if (connected.add(Pair.of(from, to))) {
      connecting.run();
    }
    return true;
  }

  /** A worker is about to close its sockets; the others are told. */
  void leave(String name) {
    for (SocketWorker other : remove(name)) {
      other.tell(new Order.Left(name));
    }
  }

  private synchronized List<SocketWorker> remove(String name) {
    workers.remove(name);
    nameByPlace.values().removeIf(name::equals);
    connected.removeIf(pair -> pair.has(name));
    return List.copyOf(workers.values());
  }
}
