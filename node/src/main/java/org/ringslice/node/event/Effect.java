package org.ringslice.node.event;

import java.util.List;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Peer;

/** Everything that a node may ask of the world. Effects are carried out in their order. */
public sealed interface Effect {

  /** Carries it out by the method of its kind. */
  void accept(Visitor visitor);

  /** Carries out each kind of effect, so that none that is added can be forgotten. */
  interface Visitor {
    void dial(Dial effect);

    void send(Send effect);

    void close(Close effect);

    void setTimer(SetTimer effect);

    void askStore(AskStore effect);

    void remember(Remember effect);

    void rememberForeign(RememberForeign effect);

    void report(Report effect);

    void stop(Stop effect);

    void abort(Abort effect);
  }

  /**
   * Open a connection.
   *
   * @param link a new number, chosen by the core, positive; links that others dialled are negative
   */
  record Dial(long link, Endpoint endpoint, Lane lane) implements Effect {
    @Override
    public void accept(Visitor visitor) {
      visitor.dial(this);
    }
  }

  /** Send on a link; silently nothing when it is gone. What is sent may be lost. */
  record Send(long link, Envelope envelope) implements Effect {
    @Override
    public void accept(Visitor visitor) {
      visitor.send(this);
    }
  }

  /** Forget a link, after what was sent on it. */
  record Close(long link) implements Effect {
    @Override
    public void accept(Visitor visitor) {
      visitor.close(this);
    }
  }

  /** Bring {@link Event.TimerFired} at this time. There is one timer; setting it again moves it. */
  record SetTimer(long atNanos) implements Effect {
    @Override
    public void accept(Visitor visitor) {
      visitor.setTimer(this);
    }
  }

  /**
   * Ask the store. Answered by {@link Event.StoreDone}.
   *
   * @param ticket a new number, chosen by the core
   */
  record AskStore(long ticket, StoreRequest<?> request) implements Effect {
    @Override
    public void accept(Visitor visitor) {
      visitor.askStore(this);
    }
  }

  /** Keep these peers for the next start, in place of those kept before. */
  record Remember(List<Peer> peers) implements Effect {
    public Remember {
      peers = List.copyOf(peers);
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.remember(this);
    }
  }

  /** Keep in mind for the next start what is foreign, in place of what was kept before. */
  record RememberForeign(List<ForeignArc> arcs) implements Effect {
    public RememberForeign {
      arcs = List.copyOf(arcs);
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.rememberForeign(this);
    }
  }

  /** Tell people what happened. */
  record Report(Level level, String sentence) implements Effect {
    /** How much it matters. */
    public enum Level {
      DETAIL,
      NEWS,
      TROUBLE
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.report(this);
    }
  }

  /**
   * The node has left and is to stop: {@link Event.Stopping} is to come next.
   *
   * @param sentence what became of what it held, for people
   */
  record Stop(String sentence) implements Effect {
    @Override
    public void accept(Visitor visitor) {
      visitor.stop(this);
    }
  }

  /** The node can't go on; it must stop and say why. */
  record Abort(String why) implements Effect {
    @Override
    public void accept(Visitor visitor) {
      visitor.abort(this);
    }
  }
}
