package org.ringslice.tools;

import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Type;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Event;
import org.ringslice.node.ring.Guests;
import org.ringslice.node.runtime.Node;
import org.ringslice.node.runtime.Tracer;

/**
 * Prints the messages of a node as they come and go, and its routing table when that changes. The
 * loop thread, to which the fields about links belong, only makes lines; a thread of its own prints
 * them. Who does not read them in time misses some, and is told how many.
 */
final class MessageTrace implements Tracer {
  /** Lines that wait to be printed: some tenths of a second at the pace of small messages. */
  static final int LINES_MAX = 8_192;

  private final Console console;
  private final boolean json;
  private final ArrayBlockingQueue<String> lines = new ArrayBlockingQueue<>(LINES_MAX);
  private final AtomicLong missed = new AtomicLong();
  private final Map<Long, String> peers = new HashMap<>();
  private volatile Node node;
  private String table = "";

  MessageTrace(Console console, boolean json) {
    this.console = console;
    this.json = json;
    Thread printing = new Thread(this::print, "ringslice-trace");
    printing.setDaemon(true);
    printing.start();
  }

  /** The node whose routing table is shown, too. */
  void follow(Node started) {
    node = started;
    showTable();
  }

  @Override
  public void event(Event event) {
    if (event instanceof Event.Arrived arrived && arrived.link() != Guests.LOCAL_LINK) {
      learnPeer(arrived);
      show("in", arrived.link(), arrived.envelope());
    } else if (event instanceof Event.LinkLost lost) {
      peers.remove(lost.link());
    }
  }

  @Override
  public void effect(Effect effect) {
    if (effect instanceof Effect.Send send && send.link() != Guests.LOCAL_LINK) {
      show("out", send.link(), send.envelope());
    } else if (effect instanceof Effect.Dial dial) {
      peers.put(dial.link(), dial.endpoint().toString());
    } else if (effect instanceof Effect.Close close) {
      peers.remove(close.link());
    } else if (effect instanceof Effect.Remember || effect instanceof Effect.Report) {
      // what is remembered and reported are changes of the view
      showTable();
    }
  }

  private void learnPeer(Event.Arrived arrived) {
    Message message = arrived.envelope().message();
    if (message instanceof Message.GetId get) {
      peers.put(arrived.link(), name(get.asker().id()));
    } else if (message instanceof Message.IdIs is) {
      peers.put(arrived.link(), name(is.answerer().id()));
    }
  }

  private String name(Id id) {
    return json ? id.toHex() : id.toString();
  }

  private void show(String direction, long link, Envelope envelope) {
    Header header = envelope.header();
    String type = name(envelope.message().typeCode());
    String form = Words.of(header.form());
    String peer = peers.getOrDefault(link, "unknown");
    if (json) {
      offer(
          new Json()
              .put("event", "message")
              .put("time", Instant.now().toString())
              .put("direction", direction)
              .put("type", type)
              .put("form", form)
              .put("target", header.target())
              .put("hop", header.hops())
              .put("peer", peer)
              .toString());
    } else {
      offer(
          String.format(
              Locale.ROOT,
              "%s  %-3s  %-12s  %-7s  target %s  hop %d  %s %s",
              TimeOfDay.toTheMicrosecond(),
              direction,
              type,
              form,
              header.target(),
              header.hops(),
              direction.equals("in") ? "from" : "to",
              peer));
    }
  }

  /** As the protocol writes it: {@code GetPrevPeer}. */
  static String name(int typeCode) {
    Type type = Type.ofCode(typeCode);
    if (type == null) {
      return "type " + typeCode;
    }
    StringBuilder name = new StringBuilder();
    for (String word : type.name().split("_", -1)) {
      name.append(
          word.equals("ID") ? word : word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT));
    }
    return name.toString();
  }

  /** Asks for it, as any program may; shown when it is another one than the last. */
  private void showTable() {
    Node of = node;
    if (of != null) {
      var unused = of.table().thenAccept(this::show);
    }
  }

  private synchronized void show(Message.TableIs now) {
    String nodes =
        now.routes().stream()
            .map(route -> route.relation() + " " + route.peer().id() + " " + route.peer().state())
            .collect(Collectors.joining(","));
    if (!nodes.equals(table)) {
      table = nodes;
      text(now).forEach(this::offer);
    }
  }

  private List<String> text(Message.TableIs now) {
    if (!json) {
      return TableCommand.columns(now).lines().stream().map(line -> "table  " + line).toList();
    }
    List<Json> routes = now.routes().stream().map(TableCommand::object).toList();
    return List.of(new Json().put("event", "table").putObjects("routes", routes).toString());
  }

  private void offer(String line) {
    if (!lines.offer(line)) {
      missed.incrementAndGet();
    }
  }

  private void print() {
    try {
      while (true) {
        console.results().line(lines.take());
        long gone = missed.getAndSet(0);
        if (gone > 0) {
          console.results().line(missedText(gone));
        }
        if (lines.isEmpty()) {
          console.results().flush();
        }
      }
    } catch (InterruptedException | IOException e) {
      // nobody reads them any more
    }
  }

  private String missedText(long gone) {
    return json
        ? new Json().put("event", "missed").put("lines", gone).toString()
        : "(" + Words.count(gone, "line") + " missed)";
  }
}
