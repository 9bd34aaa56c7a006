package org.ringslice.node.store;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Event;

/** What the store was asked for, on its way to the thread that does it. */
sealed interface Job {

  /** The answer when it could not be done. */
  Event failed(String why);

  /** Bytes that it holds in memory while it waits. */
  default long sizeBytes() {
    return 0;
  }

  record Keep(long ticket, List<Entry> entries, long sizeBytes) implements Job {
    static Keep of(long ticket, List<Entry> entries) {
      long sizeBytes = 0;
      for (Entry entry : entries) {
        sizeBytes += entry.bytes().size();
      }
      return new Keep(ticket, entries, sizeBytes);
    }

    @Override
    public Event failed(String why) {
      return new Event.Kept(ticket, List.of(), List.of(), Optional.of(why));
    }
  }

  record Load(long ticket, Id id) implements Job {
    @Override
    public Event failed(String why) {
      return new Event.Loaded(ticket, Optional.empty(), Optional.of(why));
    }
  }

  record Look(long ticket, List<Id> ids) implements Job {
    @Override
    public Event failed(String why) {
      return new Event.Looked(ticket, new BitSet(), Optional.of(why));
    }
  }

  record Scan(long ticket, Arc arc, Direction direction, int count) implements Job {
    @Override
    public Event failed(String why) {
      return new Event.Scanned(ticket, List.of(), Optional.of(why));
    }
  }

  /**
   * Stands for a job that came while too much was waiting; all that is left of it is its answer.
   */
  record Refused(Event answer) implements Job {
    @Override
    public Event failed(String why) {
      return answer;
    }
  }

  /** The last job of a thread. */
  record Stop() implements Job {
    @Override
    public Event failed(String why) {
      throw new IllegalStateException("nobody waits for an answer to this");
    }
  }
}
