package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Catalogue;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Timers;

/**
 * Answers who asks for the changes of a book after a line of its journal: at once when there are
 * some, else when the next comes, or with nothing when patience is over. Nothing is queued for
 * anybody: what has changed lies in the journal until it is asked for, so that a slow follower
 * costs one question that waits.
 */
final class JournalFeed {
  /** For a change to come. A guess: longer than most connections may be silent. */
  static final long PATIENCE_NANOS = 10_000_000_000L;

  /** Questions that wait for a change; past that the oldest is answered with nothing. */
  static final int PARKED_MAX = 1024;

  /** Lines of the journal that are read at first: who asks for much gets an answer of it. */
  static final int LINES_MIN = Limits.SIGNALS_MAX;

  /** Lines that are read at once when there were none of use among the first. */
  static final int LINES_MAX = 4096;

  /** Why a cursor is refused whose mark no opening of the journal has. */
  static final String NOT_GIVEN =
      "that cursor was given by another node, for another slice, or by this node in a time that is"
          + " undone, as when its data folder is put back from a copy";

  /** Why a cursor is refused that is further on than anything that its opening told. */
  static final String PAST_THE_END =
      "that cursor is further on than the journal of this node: its data folder was put back from a"
          + " copy, or has lost what was written last";

  /** Who asks. One of the two is called, once, in this turn or a later one. */
  interface Reply {
    void told(Message.Signals signals, Turn turn);

    void refused(ErrorCode code, String sentence, Turn turn);
  }

  private final class Parked {
    final Arcs arcs;
    final Reply reply;
    final Timers.Handle deadline;
    long after;

    Parked(long ticket, Arcs arcs, long after, Reply reply, Turn turn) {
      this.arcs = arcs;
      this.after = after;
      this.reply = reply;
      this.deadline = timers.after(PATIENCE_NANOS, turn, later -> release(ticket, later));
    }
  }

  private final Catalogue book;
  private final Shelf shelf;
  private final Timers timers;
  private final TreeMap<Long, Parked> parked = new TreeMap<>();
  private long nextTicket = 1;

  // whoever reads may be ahead of the book by what is durable and not yet taken in there
  private long toldUpTo;

  JournalFeed(Catalogue book, Shelf shelf, Timers timers) {
    this.book = book;
    this.shelf = shelf;
    this.timers = timers;
    book.listen(this::changed);
  }

  /**
   * Tells what changes in some arcs after a line.
   *
   * @param mark of the opening of the journal that told of that line; 0 together with {@code after}
   *     to be told the present head
   */
  void ask(Arcs arcs, long mark, long after, Reply reply, Turn turn) {
    if (mark == 0 && after == 0) {
      tell(reply, book.sequence(), List.of(), turn);
    } else {
      goOn(arcs, mark, after, reply, turn);
    }
  }

  /** As {@link #ask}, of who has been told of a line. */
  void goOn(Arcs arcs, long mark, long after, Reply reply, Turn turn) {
    OptionalLong last = book.openings().lastOf(mark, Math.max(book.sequence(), toldUpTo));
    if (last.isEmpty()) {
      refuse(NOT_GIVEN, reply, turn);
    } else if (after > last.getAsLong()) {
      refuse(PAST_THE_END, reply, turn);
    } else {
      answer(arcs, after, LINES_MIN, reply, turn);
    }
  }

  private static void refuse(String why, Reply reply, Turn turn) {
    reply.refused(ErrorCode.FORGOTTEN, why + "; " + Watching.BEGIN_ANEW, turn);
  }

  private void answer(Arcs arcs, long after, int linesMax, Reply reply, Turn turn) {
    if (after >= book.sequence()) {
      park(arcs, after, reply, turn);
      return;
    }
    long head = book.sequence();
    shelf.ask(
        new StoreRequest.ReadJournal(book.book(), after, linesMax),
        turn,
        (read, later) -> found(arcs, after, linesMax, head, read, reply, later));
  }

  private void tell(Reply reply, long next, List<Message.Signal> changes, Turn turn) {
    toldUpTo = Math.max(toldUpTo, next);
    reply.told(new Message.Signals(book.openings().mark(), next, true, changes), turn);
  }

  /**
   * @param head all lines up to it were durable when the journal was read
   */
  private void found(
      Arcs arcs,
      long after,
      int linesMax,
      long head,
      StoreReply<StoreAnswer.JournalRead> read,
      Reply reply,
      Turn turn) {
    if (read.failure().isPresent()) {
      reply.refused(ErrorCode.STORE_FAILED, read.failure().get(), turn);
      return;
    }
    if (read.get().forgotten() > after) {
      String sentence = "the journal no longer reaches back to that cursor; ";
      reply.refused(ErrorCode.FORGOTTEN, sentence + Watching.BEGIN_ANEW, turn);
      return;
    }
    List<Change> lines = read.get().lines();
    List<Message.Signal> signals = signals(lines, arcs, after);
    boolean isAll = lines.size() < linesMax;
    long last = lines.isEmpty() ? after : lines.get(lines.size() - 1).sequence();
    long seen = isAll ? Math.max(last, head) : last;
    if (!signals.isEmpty()) {
      tell(reply, end(signals, seen), signals, turn);
    } else {
      answer(arcs, seen, LINES_MAX, reply, turn);
    }
  }

  /** Those of some lines that are in the arcs and tell something, the first ones. */
  private static List<Message.Signal> signals(List<Change> lines, Arcs arcs, long after) {
    List<Message.Signal> signals = new ArrayList<>();
    for (Change line : lines) {
      boolean tells = line.sequence() > after && line.after().isPresent();
      if (tells && arcs.contains(line.after().get().id())) {
        signals.add(new Message.Signal(line.sequence(), line.after().get()));
        if (signals.size() == Limits.SIGNALS_MAX) {
          break;
        }
      }
    }
    return signals;
  }

  /** How far these tell all: there may be more, when they are as many as an answer takes. */
  private static long end(List<Message.Signal> signals, long seen) {
    return signals.size() < Limits.SIGNALS_MAX ? seen : signals.get(signals.size() - 1).sequence();
  }

  private void park(Arcs arcs, long after, Reply reply, Turn turn) {
    long ticket = nextTicket++;
    parked.put(ticket, new Parked(ticket, arcs, after, reply, turn));
    if (parked.size() > PARKED_MAX) {
      release(parked.firstKey(), turn);
    }
  }

  private void release(long ticket, Turn turn) {
    Parked waiter = parked.remove(ticket);
    timers.cancel(waiter.deadline);
    tell(waiter.reply, waiter.after, List.of(), turn);
  }

  private void changed(List<Change> lines, Turn turn) {
    // what was not to be told has no line
    long last = lines.stream().mapToLong(Change::sequence).max().orElseThrow();
    List<Runnable> answers = new ArrayList<>();
    for (long ticket : List.copyOf(parked.keySet())) {
      Parked waiter = parked.get(ticket);
      List<Message.Signal> signals = signals(lines, waiter.arcs, waiter.after);
      if (signals.isEmpty()) {
        waiter.after = Math.max(waiter.after, last);
      } else {
        parked.remove(ticket);
        timers.cancel(waiter.deadline);
        long next = end(signals, Math.max(waiter.after, last));
        answers.add(() -> tell(waiter.reply, next, signals, turn));
      }
    }
    // who is answered may ask again in the same turn
    answers.forEach(Runnable::run);
  }
}
