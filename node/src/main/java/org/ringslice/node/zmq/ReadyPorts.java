package org.ringslice.node.zmq;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.ringslice.messages.Lane;

/**
 * The ports of a worker, and which of them may have something to receive: the hot ones. A port is
 * hot from when the selector tells of it, or the worker has touched it, until the worker sleeps.
 *
 * <p>Invariant before {@link #sleep}: each hot port has been received from until it had nothing,
 * and none has been touched since; so whatever comes after that makes the selector return. {@link
 * #wake} is for any thread, the rest for the worker's.
 */
final class ReadyPorts {
  /**
   * Fruitless wakings by the selector before a nap: JeroMQ's thread, if it has a core, is done by
   * then. With 1 there were more naps, and round trips were longer by a fifth.
   */
  private static final int WOKEN_FOR_NOTHING_MAX = 4;

  /** Long enough for another thread to finish two instructions; timers make it 50 us or so. */
  private static final long NAP_NANOS = 1_000;

  private final Selector selector;
  private final Set<Port> ports = new HashSet<>();
  private final List<Port> hot = new ArrayList<>();
  private volatile Rest rest = Rest.NONE;
  private volatile Thread napper;

  /** How often the selector has ended a sleep, one after the other, and nothing came of it. */
  private int wokenForNothing;

  /** How the worker rests, and so what ends it. */
  private enum Rest {
    NONE,
    IN_SELECTOR,
    NAP
  }

  ReadyPorts(Lane lane) {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("no selector for the " + lane + " lane", e);
    }
  }

  void add(Port port) {
    try {
      port.register(selector);
    } catch (IOException e) {
      throw new UncheckedIOException("a socket that was just made is closed", e);
    }
    ports.add(port);
    heat(port);
  }

  void remove(Port port) {
    ports.remove(port);
    port.hot = false;
  }

  /**
   * Notes that a port has been touched: its news may be in it, and not in the selector any more.
   */
  void heat(Port port) {
    if (!port.hot) {
      port.hot = true;
      hot.add(port);
    }
  }

  boolean anyHot() {
    return !hot.isEmpty();
  }

  /** Receives from all hot ports; whether there was anything. */
  boolean receive(int messagesMax) {
    boolean any = false;
    // by index: what comes may make the worker add a port, or remove one, which then is not hot
    for (int i = 0; i < hot.size(); i++) {
      Port port = hot.get(i);
      if (port.hot) {
        any |= port.receive(messagesMax) > 0;
      }
    }
    return any;
  }

  /** Heats what has news, without waiting. */
  void look() throws IOException {
    selector.selectNow();
    heatSelected();
  }

  /** From here on {@link #wake} ends the next sleep, or keeps it from beginning. */
  void prepareToSleep() {
    napper = Thread.currentThread();
    rest = wokenForNothing >= WOKEN_FOR_NOTHING_MAX ? Rest.NAP : Rest.IN_SELECTOR;
  }

  void stayAwake() {
    rest = Rest.NONE;
  }

  /** Notes that the last sleep ended for a reason. */
  void usedTheirNews() {
    wokenForNothing = 0;
  }

  /**
   * Waits until a port has news, somebody wakes this thread, or the time is over.
   *
   * <p>JeroMQ writes to the pipe behind {@code getFD} before it counts that as a signal, and takes
   * out only what is counted. When its thread loses the core to this one in between, the selector
   * would return at once, again and again, and keep that thread from ever counting: 4 ms were seen.
   * Hence the nap.
   *
   * @param millis 0 for no end
   */
  void sleep(long millis) throws IOException {
    if (wokenForNothing >= WOKEN_FOR_NOTHING_MAX) {
      LockSupport.parkNanos(this, NAP_NANOS);
      wokenForNothing = 0;
    } else {
      for (Port port : hot) {
        port.hot = false;
      }
      hot.clear();
      selector.select(millis);
      heatSelected();
      wokenForNothing = hot.isEmpty() ? 0 : wokenForNothing + 1;
    }
    rest = Rest.NONE;
  }

  /** Ends the worker's sleep; cheap when it is awake. */
  void wake() {
    Rest ended = rest;
    if (ended == Rest.IN_SELECTOR) {
      rest = Rest.NONE;
      selector.wakeup();
    } else if (ended == Rest.NAP) {
      rest = Rest.NONE;
      LockSupport.unpark(napper);
    }
  }

  private void heatSelected() {
    Set<SelectionKey> selected = selector.selectedKeys();
    if (!selected.isEmpty()) {
      for (SelectionKey key : selected) {
        heat((Port) key.attachment());
      }
      selected.clear();
    }
  }

  /** Gives all sockets back to ZeroMQ. */
  void close(int lingerMillis) {
    for (Port port : ports) {
      port.close(lingerMillis);
    }
    ports.clear();
    hot.clear();
    try {
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a selector does not close", e);
    }
  }
}
