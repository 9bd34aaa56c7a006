package org.ringslice.node.event;

import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.How;
import org.ringslice.messages.Lane;

/** Everything that may happen to a node. */
public sealed interface Event {

  /** Hands it to the method of its kind. */
  <C> void accept(Visitor<C> visitor, C context);

  /**
   * Deals with each kind of event, so that none that is added can be forgotten.
   *
   * @param <C> what goes with an event
   */
  interface Visitor<C> {
    void started(Started event, C context);

    void arrived(Arrived event, C context);

    void linkLost(LinkLost event, C context);

    void sighted(Sighted event, C context);

    void listens(Listens event, C context);

    void keeps(Keeps event, C context);

    void timerFired(TimerFired event, C context);

    void storeDone(StoreDone event, C context);

    void amended(Amended event, C context);

    void roomShort(RoomShort event, C context);

    void examined(Examined event, C context);

    void broken(Broken event, C context);

    void stopping(Stopping event, C context);
  }

  /** The first event of a node's life: its doors are open, its store is too. */
  record Started() implements Event {
    @Override
    public <C> void accept(Visitor<C> visitor, C context) {
      visitor.started(this, context);
    }
  }

  /**
   * A message came. {@code link} is that of a {@link Effect.Dial}, or a new one that somebody else
   * dialled.
   */
  record Arrived(long link, Lane lane, Envelope envelope) implements Event {
    @Override
    public <C> void accept(Visitor<C> visitor, C context) {
      visitor.arrived(this, context);
    }
  }

  /** A link is gone; what was sent on it and not answered may be lost. */
  record LinkLost(long link, String why) implements Event {
    @Override
    public <C> void accept(Visitor<C> visitor, C context) {
      visitor.linkLost(this, context);
    }
  }

  /** A node may be listening there. */
  record Sighted(Endpoint endpoint, How how) implements Event {
    @Override
    public <C> void accept(Visitor<C> visitor, C context) {
      visitor.sighted(this, context);
    }
  }

  /** This node listens there now, and nowhere else: an interface came or went. */
  record Listens(List<Endpoint> endpoints) implements Event {
    public Listens {
      endpoints = List.copyOf(endpoints);
    }

    @Override
    public <C> void accept(Visitor<C> visitor, C context) {
      visitor.listens(this, context);
    }
  }

  /** This node keeps these arcs beyond its share from now on, and no others. */
  record Keeps(List<Arc> arcs) implements Event {
    public Keeps {
      arcs = List.copyOf(arcs);
    }

    @Override
    public <C> void accept(Visitor<C> visitor, C context) {
      visitor.keeps(this, context);
    }
  }

  /** The time of a {@link Effect.SetTimer} has come, or has passed. */
  record TimerFired() implements Event {
    @Override
    public <C> void accept(Visitor<C> visitor, C context) {
      visitor.timerFired(this, context);
    }
  }

  /**
   * What an {@link Effect.AskStore} asked for is done, or has failed.
   *
   * @param reply with an answer of the type that the request has
   */
  record StoreDone(long ticket, StoreReply<?> reply) implements Event {
    @Override
    public <C> void accept(Visitor<C> visitor, C context) {
      visitor.storeDone(this, context);
    }
  }

  /**
   * The store has changed by itself what it holds: copies whose bytes can't be read any more are
   * none, and may be kept again; or they can be read after all.
   *
   * @param changes the lines of the journal since those that were told before, in their order
   */
  record Amended(List<Change> changes) implements Event {
    public Amended {
      changes = List.copyOf(changes);
    }

    @Override
    public <C> void accept(Visitor<C> visitor, C context) {
      visitor.amended(this, context);
    }
  }

  /**
   * Room on the disk has become short, so that what need not be held should go, or is no longer
   * short. Told when it changes.
   */
  record RoomShort(boolean isShort) implements Event {
    @Override
    public <C> void accept(Visitor<C> visitor, C context) {
      visitor.roomShort(this, context);
    }
  }

  /** What the store knows of its bytes has changed; told at most once a second. */
  record Examined(DiskHealth health) implements Event {
    @Override
    public <C> void accept(Visitor<C> visitor, C context) {
      visitor.examined(this, context);
    }
  }

  /**
   * A part of the node that it can't do without has failed, so that it is to stop; no core is told.
   */
  record Broken(String why) implements Event {
    @Override
    public <C> void accept(Visitor<C> visitor, C context) {
      visitor.broken(this, context);
    }
  }

  /** The node is to stop: the last event of its life. */
  record Stopping() implements Event {
    @Override
    public <C> void accept(Visitor<C> visitor, C context) {
      visitor.stopping(this, context);
    }
  }
}
