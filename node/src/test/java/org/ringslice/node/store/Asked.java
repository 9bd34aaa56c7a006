package org.ringslice.node.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Event;
import org.ringslice.sync.EntryDigest;

/** A store, and somebody who asks it and waits for the answer. */
final class Asked implements AutoCloseable {
  static final EntryDigest KEY = new EntryDigest(1, 2);

  private static final long PATIENCE_SECONDS = 60;

  final DiskStore store;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Map<Long, Event> early = new HashMap<>();
  private long tickets;

  Asked(Path folder) throws IOException {
    store = DiskStore.open(folder, KEY, events::add);
  }

  Asked(Path folder, long reserveBytes, int segmentBytes) throws IOException {
    store = DiskStore.open(folder, KEY, events::add, reserveBytes, segmentBytes);
  }

  long keep(Entry... entries) {
    store.keep(++tickets, List.of(entries));
    return tickets;
  }

  Event.Kept kept(Entry... entries) {
    return (Event.Kept) await(keep(entries));
  }

  Event.Loaded loaded(Id id) {
    store.load(++tickets, id);
    return (Event.Loaded) await(tickets);
  }

  Event.Looked looked(Id... ids) {
    store.look(++tickets, List.of(ids));
    return (Event.Looked) await(tickets);
  }

  Event.Scanned scanned(Arc arc, Direction direction, int count) {
    store.scan(++tickets, Book.HELD, arc, direction, false, count);
    return (Event.Scanned) await(tickets);
  }

  Event await(long ticket) {
    Event found = early.remove(ticket);
    while (found == null) {
      Event next = next();
      if (ticket(next) == ticket) {
        found = next;
      } else {
        early.put(ticket(next), next);
      }
    }
    return found;
  }

  Event next() {
    try {
      Event next = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("no answer in " + PATIENCE_SECONDS + " s");
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static long ticket(Event event) {
    if (event instanceof Event.Kept kept) {
      return kept.ticket();
    } else if (event instanceof Event.Loaded loaded) {
      return loaded.ticket();
    } else if (event instanceof Event.Looked looked) {
      return looked.ticket();
    } else if (event instanceof Event.Scanned scanned) {
      return scanned.ticket();
    }
    throw new AssertionError(event);
  }

  @Override
  public void close() {
    store.close();
  }
}
