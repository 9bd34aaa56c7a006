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
    if (effect instanceof Effect.Send send) {
      if (send.link() == Guests.LOCAL_LINK) {
        local.answered(send.envelope());
      } else {
        transport.send(send.link(), send.envelope());
      }
    } else if (effect instanceof Effect.Keep keep) {
      store.keep(keep.ticket(), keep.entries());
    } else if (effect instanceof Effect.Load load) {
      store.load(load.ticket(), load.id());
    } else if (effect instanceof Effect.LoadAll load) {
      store.loadAll(load.ticket(), load.ids());
    } else if (effect instanceof Effect.Look look) {
      store.look(look.ticket(), look.ids());
    } else if (effect instanceof Effect.Scan scan) {
      store.scan(
          scan.ticket(), scan.book(), scan.arc(), scan.direction(), scan.dead(), scan.count());
    } else if (effect instanceof Effect.Drop drop) {
      store.drop(drop.ticket(), drop.copies());
    } else if (effect instanceof Effect.Note note) {
      store.note(note.ticket(), note.infos(), note.told());
    } else if (effect instanceof Effect.Cover cover) {
      store.cover(cover.ticket(), cover.arcs());
    } else if (effect instanceof Effect.Describe describe) {
      store.describe(describe.ticket(), describe.arc());
    } else if (effect instanceof Effect.ReadJournal read) {
      store.readJournal(read.ticket(), read.book(), read.after(), read.count());
    } else if (effect instanceof Effect.ReadDropped read) {
      store.readDropped(read.ticket(), read.arc(), read.count());
    } else if (effect instanceof Effect.ForgetDamaged forget) {
      store.forgetDamaged(forget.ids());
    } else if (effect instanceof Effect.SaveIndex save) {
      store.saveIndex(save.book(), save.index(), save.sequence());
    } else if (effect instanceof Effect.SetTimer timer) {
      timerAt = timer.atNanos();
    } else if (effect instanceof Effect.Dial dial) {
      transport.dial(dial.link(), dial.endpoint(), dial.lane());
    } else if (effect instanceof Effect.Close close) {
      transport.close(close.link());
    } else if (effect instanceof Effect.Remember peers) {
      memory.peers(peers.peers());
    } else if (effect instanceof Effect.RememberForeign foreign) {
      memory.foreign(foreign.arcs());
    } else if (effect instanceof Effect.Report report) {
      log(report);
    } else if (effect instanceof Effect.Stop stop) {
      stopSentence = stop.sentence();
    } else if (effect instanceof Effect.Abort abort) {
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
