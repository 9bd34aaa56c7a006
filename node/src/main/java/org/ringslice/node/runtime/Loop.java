package org.ringslice.node.runtime;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ringslice.node.core.Core;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Turn;
import org.ringslice.node.port.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which a core lives: takes events from the queue, gives them to the core, and
 * has the effects carried out. An exception out of the core is a broken invariant of ours: the loop
 * stops, and says which.
 */
final class Loop {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

  /** For the loop to come to its end once it was asked to. */
  private static final long STOP_MILLIS_MAX = 2_000;

  private final Core core;
  private final EventQueue queue;
  private final Transport transport;
  private final EffectRunner effects;
  private final Consumer<String> onFailure;
  private final Consumer<String> onStop;
  private final Thread thread;
  private Consumer<Event> onEvent = event -> {};
  private Consumer<Effect> out;

  Loop(
      String name,
      Core core,
      EventQueue queue,
      Transport transport,
      EffectRunner effects,
      Consumer<String> onFailure,
      Consumer<String> onStop) {
    this.core = core;
    this.queue = queue;
    this.transport = transport;
    this.effects = effects;
    this.out = effects;
    this.onFailure = onFailure;
    this.onStop = onStop;
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  EventQueue queue() {
    return queue;
  }

  /** To be called before the start. */
  void trace(Tracer tracer) {
    onEvent = tracer::event;
    out =
        effect -> {
          tracer.effect(effect);
          effects.accept(effect);
        };
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      boolean running = handle(new Event.Started());
      while (running) {
        running = handleAll(queue.takeAll(effects.timerAt()));
        if (running && effects.timerAt() <= System.nanoTime()) {
          effects.disarm();
          running = handle(new Event.TimerFired());
        }
        transport.flush();
      }
    } catch (RuntimeException | Error e) {
      LOG.error("a broken invariant stops this node", e);
      onFailure.accept("a broken invariant: " + e);
    } finally {
      queue.close();
    }
  }

  private boolean handleAll(ArrayDeque<Event> events) {
    for (Event event : events) {
      if (!handle(event)) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether more may follow. */
  private boolean handle(Event event) {
    onEvent.accept(event);
    if (event instanceof Event.Broken broken) {
      onFailure.accept(broken.why());
      return false;
    }
    core.handle(event, new Turn(System.nanoTime(), out));
    if (effects.abortReason() != null) {
      onFailure.accept(effects.abortReason());
      return false;
    }
    if (effects.stopSentence() != null && !(event instanceof Event.Stopping)) {
      handle(new Event.Stopping());
      transport.flush();
      onStop.accept(effects.stopSentence());
      return false;
    }
    return !(event instanceof Event.Stopping);
  }

  /** Has the core say farewell, and waits for the thread to end. */
  void stop() {
    queue.put(new Event.Stopping());
    try {
      thread.join(STOP_MILLIS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    transport.flush();
    if (thread.isAlive()) {
      LOG.warn(
          "the loop did not stop within {} s", TimeUnit.MILLISECONDS.toSeconds(STOP_MILLIS_MAX));
    }
  }
}
