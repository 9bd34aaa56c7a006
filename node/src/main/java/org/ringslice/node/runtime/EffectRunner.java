package org.ringslice.node.runtime;

import java.util.List;
import java.util.function.Consumer;
import org.ringslice.messages.Peer;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.ForeignArc;
import org.ringslice.node.port.ItemStore;
import org.ringslice.node.port.Transport;
import org.ringslice.node.ring.Guests;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what the core asks for. Lives on the loop thread; nothing here waits. */
final class EffectRunner implements Consumer<Effect> {
  private static final Logger LOG = LoggerFactory.getLogger("org.ringslice.node");

  /** Where a node keeps what it wants to know at its next start. */
  interface Memory {
    /** Of somebody who keeps nothing. */
    Memory NONE =
        new Memory() {
          @Override
          public void peers(List<Peer> peers) {}

          @Override
          public void foreign(List<ForeignArc> arcs) {}
        };

    void peers(List<Peer> peers);

    void foreign(List<ForeignArc> arcs);
  }

  private final Transport transport;
  private final ItemStore store;
  private final LocalLine local;
  private final Memory memory;
  private final Deeds deeds = new Deeds();
  private long timerAt = Long.MAX_VALUE;
  private String abortReason;
  private String stopSentence;

  /**
   * @param store null for a client, which keeps nothing and whose core asks for nothing of it
   */
  EffectRunner(Transport transport, ItemStore store, LocalLine local, Memory memory) {
    this.transport = transport;
    this.store = store;
    this.local = local;
    this.memory = memory;
  }

  @Override
  public void accept(Effect effect) {
    effect.accept(deeds);
  }

  /** What each kind of effect is. */
  private final class Deeds implements Effect.Visitor {
    @Override
    public void dial(Effect.Dial dial) {
      transport.dial(dial.link(), dial.endpoint(), dial.lane());
    }

    @Override
    public void send(Effect.Send send) {
      if (send.link() == Guests.LOCAL_LINK) {
        local.answered(send.envelope());
      } else {
        transport.send(send.link(), send.envelope());
      }
    }

    @Override
    public void close(Effect.Close close) {
      transport.close(close.link());
    }

    @Override
    public void setTimer(Effect.SetTimer timer) {
      timerAt = timer.atNanos();
    }

    @Override
    public void askStore(Effect.AskStore ask) {
      store.ask(ask.ticket(), ask.request());
    }

    @Override
    public void remember(Effect.Remember remember) {
      memory.peers(remember.peers());
    }

    @Override
    public void rememberForeign(Effect.RememberForeign remember) {
      memory.foreign(remember.arcs());
    }

    @Override
    public void report(Effect.Report report) {
      log(report);
    }

    @Override
    public void stop(Effect.Stop stop) {
      stopSentence = stop.sentence();
    }

    @Override
    public void abort(Effect.Abort abort) {
      abortReason = abort.why();
    }
  }

  private static void log(Effect.Report report) {
    switch (report.level()) {
      case DETAIL -> LOG.debug(report.sentence());
      case NEWS -> LOG.info(report.sentence());
      case TROUBLE -> LOG.warn(report.sentence());
    }
  }

  /** When the timer is to fire, in nanoseconds of the node's clock; Long.MAX_VALUE for never. */
  long timerAt() {
    return timerAt;
  }

  void disarm() {
    timerAt = Long.MAX_VALUE;
  }

  /** Why the core can't go on; null while it can. */
  String abortReason() {
    return abortReason;
  }

  /** What became of the node's items when it is to stop by itself; null while it is not. */
  String stopSentence() {
    return stopSentence;
  }
}
