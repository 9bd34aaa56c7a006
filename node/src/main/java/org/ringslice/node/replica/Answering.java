package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.ringslice.messages.Admission;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Message.Giving;
import org.ringslice.messages.Message.Progress;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.sync.Session;

/** The side of those who are asked to compare: one session for each asker and number. */
public final class Answering {
  /**
   * Sessions at a time. Past it the one that was asked least recently makes room, of those that are
   * over, or were asked nothing for {@link #IDLE_NANOS}; when there is none the asker is told BUSY,
   * and asks again. A guess: one holds 2 MiB at the most, of what it answered last.
   */
  static final int SESSIONS_MAX = 32;

  /**
   * Whoever goes on with a session asks sooner than that after an answer. Without it many who
   * compare at once would break off each other's sessions. A guess.
   */
  static final long IDLE_NANOS = 1_000_000_000L;

  private static final String FORGOTTEN = "this comparison is not known here any more: start again";

  private record Key(Id asker, long session) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::asker).thenComparing(Key::session);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /** What happens when an asker has given entries. */
  @FunctionalInterface
  public interface Gained {
    void gained(Arc arc, Turn turn);
  }

  private final Shelf shelf;
  private final LongSupplier salts;
  private final Gained gained;
  private final TreeMap<Key, Answerer> answerers = new TreeMap<>();
  private long uses;

  public Answering(Shelf shelf, LongSupplier salts, Gained gained) {
    this.shelf = shelf;
    this.salts = salts;
    this.gained = gained;
  }

  public void onGetSummaries(Inquiry inquiry, Message.GetSummaries request, Turn turn) {
    List<Arc> arcs = request.arcs();
    shelf
        .held()
        .summarise(
            arcs,
            turn,
            (summaries, later) -> {
              if (summaries.size() < arcs.size()) {
                inquiry.refuse(ErrorCode.STORE_FAILED, "the disk can't be read", later);
                return;
              }
              List<Message.Extent> extents = new ArrayList<>(summaries.size());
              summaries.forEach(
                  each -> extents.add(new Message.Extent(each.count(), each.fingerprint())));
              inquiry.answer(new Message.SummariesAre(extents), later);
            });
  }

  public void onSlice(Inquiry inquiry, Message.Slice request, Turn turn) {
    Key key = new Key(inquiry.requestor(), request.session());
    Answerer answerer = answerers.get(key);
    if (answerer == null && request.step() != 0) {
      inquiry.refuse(ErrorCode.NOT_FOUND, FORGOTTEN, turn);
      return;
    }
    if (answerer == null) {
      if (!makeRoom(turn)) {
        inquiry.refuse(ErrorCode.BUSY, "too much is compared here at the moment", turn);
        return;
      }
      answerer = new Answerer(request.arc(), request.giving());
      answerers.put(key, answerer);
    }
    answerer.lastUse = uses++;
    answerer.lastUseNanos = turn.now();
    answerer.on(inquiry, request, turn);
  }

  private boolean makeRoom(Turn turn) {
    if (answerers.size() >= SESSIONS_MAX) {
      Optional<Key> idle =
          answerers.keySet().stream()
              .filter(key -> answerers.get(key).waiting.isEmpty())
              .filter(key -> answerers.get(key).mayGo(turn.now()))
              .min(Comparator.comparingLong(key -> answerers.get(key).lastUse));
      idle.ifPresent(answerers::remove);
    }
    return answerers.size() < SESSIONS_MAX;
  }

  /** One session with one asker. */
  private final class Answerer {
    private final Arc arc;
    private final Exchange exchange;
    private long lastUse;
    private long lastUseNanos;
    private int step = -1;

    /**
     * Who asks for the step that is being worked on; nobody between two. Where it is asked again on
     * another connection, either of the two may come first, and only one of them leads back.
     */
    private final List<Inquiry> waiting = new ArrayList<>();

    private Message answer;
    private boolean isOver;

    Answerer(Arc arc, Giving giving) {
      this.arc = arc;
      Session session =
          new Session(
              shelf.held().index(), arc, salts, ofAnswerer(giving), Comparison.PIECE_ENTRIES);
      exchange =
          new Exchange(
              shelf.held(), shelf, session, giving != Giving.TELLS, Answerer::alreadySeenTo);
    }

    private static org.ringslice.sync.Giving ofAnswerer(Giving giving) {
      return switch (giving) {
        case BOTH -> org.ringslice.sync.Giving.BOTH;
        case ASKER -> org.ringslice.sync.Giving.THEIRS;
        case TELLS -> org.ringslice.sync.Giving.OURS;
      };
    }

    /** What is only here is given, or is the asker's to know. */
    private static void alreadySeenTo(List<?> entries) {}

    /** Whether nobody is about to go on with it; what it answered last may only be asked again. */
    boolean mayGo(long nowNanos) {
      return isOver || nowNanos - lastUseNanos > IDLE_NANOS;
    }

    void on(Inquiry inquiry, Message.Slice request, Turn turn) {
      if (request.step() == step && waiting.isEmpty()) {
        inquiry.answer(answer, turn);
      } else if (request.step() == step) {
        waiting.add(inquiry);
      } else if (request.step() != step + 1 || !waiting.isEmpty()) {
        inquiry.refuse(ErrorCode.NOT_FOUND, FORGOTTEN, turn);
      } else {
        step++;
        waiting.add(inquiry);
        take(request, turn);
      }
    }

    private void take(Message.Slice request, Turn turn) {
      List<Entry> genuine =
          request.entries().stream()
              .filter(entry -> arc.contains(entry.id()))
              .filter(entry -> Admission.admits(entry.info()) && entry.isGenuine())
              .toList();
      if (genuine.isEmpty()) {
        goOn(request.says(), turn);
        return;
      }
      shelf.keep(genuine, turn, (kept, later) -> kept(kept, request.says(), later));
    }

    private void kept(Event.Kept kept, Bytes said, Turn turn) {
      if (kept.failure().isPresent()) {
        reply(failure(ErrorCode.STORE_FAILED, kept.failure().get()), turn);
        return;
      }
      if (!kept.changes().isEmpty()) {
        gained.gained(arc, turn);
      }
      goOn(said, turn);
    }

    private void goOn(Bytes said, Turn turn) {
      if (said.size() > 0) {
        exchange.receive(said, turn, this::speak);
      } else {
        speak(turn);
      }
    }

    private void speak(Turn turn) {
      Optional<Exchange.End> end = exchange.end();
      if (end.isPresent() && end.get() instanceof Exchange.End.Failed failed) {
        reply(failure(ErrorCode.NOT_EQUAL, failed.sentence()), turn);
      } else if (exchange.hasParcel()) {
        exchange.pack(turn, this::send);
      } else {
        Progress progress = end.isPresent() ? Progress.DONE : Progress.YOURS;
        reply(new Message.SliceIs(progress, 0, Bytes.EMPTY, List.of(), List.of()), turn);
      }
    }

    private void send(Exchange.Parcel parcel, Turn turn) {
      boolean done = exchange.end().isPresent();
      Progress progress = parcel.more() ? Progress.MORE : done ? Progress.DONE : Progress.YOURS;
      reply(
          new Message.SliceIs(
              progress, parcel.toGoBytes(), parcel.says(), parcel.infos(), parcel.entries()),
          turn);
    }

    private Message failure(ErrorCode code, String sentence) {
      return Message.Failure.of(waiting.get(0).request(), code, sentence);
    }

    private void reply(Message reply, Turn turn) {
      answer = reply;
      isOver = !(reply instanceof Message.SliceIs is) || is.progress() == Progress.DONE;
      List<Inquiry> inquiries = List.copyOf(waiting);
      waiting.clear();
      inquiries.forEach(inquiry -> inquiry.answer(reply, turn));
    }
  }
}
