package org.ringslice.node.runtime;

import java.io.Closeable;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Id;
import org.ringslice.messages.KnownPeer;
import org.ringslice.messages.Peer;
import org.ringslice.node.ring.Evening;
import org.ringslice.node.ring.Ring;
import org.ringslice.sync.Homes;

/**
 * A node that has no id yet: asks the nodes that it hears of for their view of the ring, and takes
 * the place where it evens the shares most, by the first view that comes. It asks from its making
 * on, beside whatever else a start takes; who hears of nobody in time takes a random place. May be
 * used by any thread.
 */
final class Newcomer implements Closeable {
  /**
   * From the making, for somebody to be heard of on the LAN: multicast DNS resolves those who are
   * there within 0.6 s (measured).
   */
  static final long HEAR_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(700);

  /** From the asking of a node, for its view. A guess: it takes 30 ms when both are idle. */
  static final long ANSWER_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(300);

  /** Nodes asked at once; the next is asked when one of them refuses. */
  static final int ASKED_MAX = 4;

  /** Nodes that wait to be asked; those past it are not. A guess. */
  static final int HEARD_OF_MAX = 64;

  private final Set<Endpoint> heardOf = new HashSet<>();
  private final ArrayDeque<Endpoint> unasked = new ArrayDeque<>();
  private final List<Client> asked = new ArrayList<>();
  private final boolean listening;
  private long deadlineNanos;
  private int unanswered;
  private List<Id> ring;
  private boolean closed;

  /**
   * @param listening whether others may be heard of later
   */
  Newcomer(boolean listening) {
    this.listening = listening;
    deadlineNanos = System.nanoTime() + (listening ? HEAR_NANOS_MAX : 0);
  }

  /** A node may be listening there. */
  synchronized void heardOf(Endpoint endpoint) {
    if (!closed && ring == null && heardOf.size() < HEARD_OF_MAX && heardOf.add(endpoint)) {
      unasked.add(endpoint);
      askNext();
    }
  }

  private void askNext() {
    while (!closed && unanswered < ASKED_MAX && !unasked.isEmpty()) {
      Client client = Client.of(unasked.remove());
      asked.add(client);
      unanswered++;
      deadlineNanos = Math.max(deadlineNanos, System.nanoTime() + ANSWER_NANOS_MAX);
      CompletableFuture<?> unused =
          client.view().whenComplete((view, failure) -> answered(Optional.ofNullable(view)));
    }
  }

  private synchronized void answered(Optional<List<KnownPeer>> view) {
    unanswered--;
    if (ring == null && view.isPresent()) {
      ring =
          view.get().stream()
              .map(KnownPeer::peer)
              .filter(peer -> peer.state().isToHold())
              .map(Peer::id)
              .toList();
    } else {
      askNext();
    }
    notifyAll();
  }

  /** Waits for a view, or until nobody can be expected to tell any more; then chooses. */
  synchronized Id choose(int maskBits, SecureRandom random) throws InterruptedException {
    long left = deadlineNanos - System.nanoTime();
    while (ring == null && left > 0 && (listening || unanswered > 0)) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = deadlineNanos - System.nanoTime();
    }
    List<Id> drawn = new ArrayList<>();
    for (int i = 0; i < Evening.DRAWN; i++) {
      byte[] bytes = new byte[Id.BYTES];
      random.nextBytes(bytes);
      drawn.add(Id.of(bytes));
    }
    return ring == null ? drawn.get(0) : Evening.choose(drawn, new Ring(ring), new Homes(maskBits));
  }

  /** Asks nobody any more. Returns at once; connections are closed in the background. */
  @Override
  public synchronized void close() {
    closed = true;
    if (!asked.isEmpty()) {
      List<Client> clients = List.copyOf(asked);
      Thread closing = new Thread(() -> clients.forEach(Client::close), "ringslice-newcomer");
      closing.setDaemon(true);
      closing.start();
    }
  }
}
