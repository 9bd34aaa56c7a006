package org.ringslice.node.sim;

import java.util.List;
import java.util.function.Function;
import org.ringslice.messages.Decoder;
import org.ringslice.messages.Encoder;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Frames;
import org.ringslice.messages.Lane;
import org.ringslice.messages.ProtocolException;
import org.ringslice.node.event.Event;

/**
 * The LAN. Every message is written by the real encoder and read by the real decoder. A machine
 * that is up refuses a connection to a process that does not run; one that is down, or behind a
 * split, says nothing.
 */
final class Network {
  private final Agenda agenda;
  private final Trace trace;
  private final Faults faults;
  private final Function<Endpoint, Host> directory;
  private final Encoder encoder = new Encoder();
  private final Decoder decoder = new Decoder(new Commons());

  /**
   * @param directory the machine of an endpoint, or null
   */
  Network(Agenda agenda, Trace trace, Faults faults, Function<Endpoint, Host> directory) {
    this.agenda = agenda;
    this.trace = trace;
    this.faults = faults;
    this.directory = directory;
  }

  Faults faults() {
    return faults;
  }

  /** Whether what one machine sends can reach another. */
  static boolean passes(Host from, Host to) {
    return from == to || (from.group() == to.group() && !to.isDeaf());
  }

  void dial(Host from, long link, Endpoint endpoint, Lane lane) {
    Host to = directory.apply(endpoint);
    if (to == null) {
      return;
    }
    Connection connection = new Connection(from, link, to, lane);
    boolean open = endpoint.port(lane) == to.endpoint().port(lane);
    at(connection.acceptor, () -> accept(connection, open));
  }

  private void at(Connection.End end, Agenda.Deed deed) {
    agenda.at(end.arrivalNanos(agenda.nowNanos(), faults.drawDelayNanos()), deed);
  }

  private void accept(Connection connection, boolean listens) {
    Connection.End dialler = connection.dialler;
    Host to = connection.acceptor.host;
    if (!passes(dialler.host, to) || !to.isUp() || !dialler.isLive()) {
      return;
    }
    if (listens && to.isRunning()) {
      connection.acceptor.open(to.nextGuestLink());
    } else {
      lose(dialler, "connection refused");
    }
  }

  void send(Host from, long link, Envelope envelope) {
    Connection.End mine = from.links().get(link);
    if (mine == null) {
      return;
    }
    Frames frames = encoder.encode(envelope);
    trace.sent(frames);
    if (faults.losesNext()) {
      return;
    }
    if (faults.breaksNext()) {
      lose(mine, "connection reset");
      lose(mine.other(), "connection reset");
      return;
    }
    at(mine.other(), () -> arrive(mine.other(), frames));
    if (faults.duplicatesNext()) {
      at(mine.other(), () -> arrive(mine.other(), frames));
    }
  }

  private void arrive(Connection.End at, Frames frames) {
    Connection.End from = at.other();
    if (!passes(from.host, at.host) || !at.host.isUp()) {
      at.connection.isTorn = true;
    } else if (at.connection.isTorn) {
      lose(at, "connection timed out");
      lose(from, "connection timed out");
    } else if (at.isLive()) {
      at.host.deliver(new Event.Arrived(at.link(), at.connection.lane, decode(frames)), frames);
    } else if (at.wasOpened()) {
      lose(from, "connection reset");
    }
  }

  private Envelope decode(Frames frames) {
    try {
      return decoder.decode(frames);
    } catch (ProtocolException e) {
      throw new IllegalStateException("what the encoder wrote can't be read", e);
    }
  }

  private void lose(Connection.End end, String why) {
    at(
        end,
        () -> {
          if (end.isLive() && passes(end.other().host, end.host)) {
            end.close();
            end.host.deliver(new Event.LinkLost(end.link(), why), null);
          }
        });
  }

  void close(Host from, long link) {
    Connection.End mine = from.links().get(link);
    if (mine != null) {
      mine.close();
      lose(mine.other(), "closed by the other side");
    }
  }

  /** A process is gone; its machine, if it is up, says so to all that are connected. */
  void ended(Host host) {
    for (Connection.End end : List.copyOf(host.links().values())) {
      if (host.isUp()) {
        lose(end.other(), "connection reset");
      }
    }
    host.links().clear();
  }
}
