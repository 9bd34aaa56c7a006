package org.ringslice.node.replica;

import java.util.List;
import org.ringslice.messages.Admission;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Message.Giving;
import org.ringslice.messages.Message.Progress;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Asker;
import org.ringslice.node.ring.Links;

/** The side of the one who asks: the comparison of one arc with one peer, from start to end. */
final class Asking implements Asker {
  /** For one step: reading an arc's ids, sketching them, reading a parcel. A guess. */
  private static final long TIMEOUT_NANOS = 20_000_000_000L;

  /** Answers in a row that bring and say nothing: who gives more of them does not mean it. */
  private static final int EMPTY_MAX = 8;

  /** What the one who asks does with what it gets and finds. */
  interface Taker {
    /** Keeps entries; then goes on, or ends with a sentence when it can't. */
    void take(List<Entry> entries, List<EntryInfo> infos, Turn turn, Taken then);

    /** The session is over. */
    void ended(Asking asking, Exchange.End end, Turn turn);
  }

  /** What to do when entries were taken. */
  @FunctionalInterface
  interface Taken {
    /**
     * @param trouble why they were not; empty when they were
     */
    void go(String trouble, Turn turn);
  }

  private final Id peer;
  private final Arc arc;
  private final Giving giving;
  private final long session;
  private final Exchange exchange;
  private final Links links;
  private final Taker taker;
  private int step;
  private int empty;
  private long toComeBytes;

  Asking(
      Id peer, Arc arc, Giving giving, long session, Exchange exchange, Links links, Taker taker) {
    this.peer = peer;
    this.arc = arc;
    this.giving = giving;
    this.session = session;
    this.exchange = exchange;
    this.links = links;
    this.taker = taker;
  }

  Arc arc() {
    return arc;
  }

  Giving giving() {
    return giving;
  }

  /** Bytes of entries that are still to be given and taken, as far as is known. */
  long toGoBytes() {
    return exchange.toGiveBytes() + toComeBytes;
  }

  void start(boolean prove, Turn turn) {
    exchange.start(prove, turn, this::speak);
  }

  /** Sends what there is to be sent, or ends. */
  private void speak(Turn turn) {
    if (exchange.hasParcel()) {
      exchange.pack(turn, this::send);
    } else if (exchange.end().isPresent()) {
      taker.ended(this, exchange.end().get(), turn);
    } else if (++empty > EMPTY_MAX) {
      fail("node " + peer + " says nothing when it is its turn", turn);
    } else {
      ask(Bytes.EMPTY, List.of(), turn);
    }
  }

  private void send(Exchange.Parcel parcel, Turn turn) {
    ask(parcel.says(), parcel.entries(), turn);
  }

  private void ask(Bytes says, List<Entry> entries, Turn turn) {
    Message.Slice slice = new Message.Slice(session, step++, arc, giving, says, entries);
    long replyBytes = giving == Giving.BOTH ? Exchange.PARCEL_BYTES_MAX : 0;
    links.ask(peer, slice, arc.to(), replyBytes, TIMEOUT_NANOS, this, turn);
  }

  @Override
  public void answered(Id from, Message.Answer answer, Turn turn) {
    Message.SliceIs is = (Message.SliceIs) answer;
    toComeBytes = is.toGoBytes();
    List<Entry> entries =
        is.entries().stream().filter(e -> isToBeTaken(e.info()) && e.isGenuine()).toList();
    List<EntryInfo> infos = is.infos().stream().filter(this::isToBeTaken).toList();
    if (entries.isEmpty() && infos.isEmpty()) {
      heard(is, turn);
      return;
    }
    empty = 0;
    taker.take(
        entries,
        infos,
        turn,
        (trouble, later) -> {
          if (trouble.isEmpty()) {
            heard(is, later);
          } else {
            taker.ended(this, new Exchange.End.NotKept(trouble), later);
          }
        });
  }

  private boolean isToBeTaken(EntryInfo entry) {
    return arc.contains(entry.id()) && Admission.admits(entry);
  }

  private void heard(Message.SliceIs is, Turn turn) {
    if (is.progress() == Progress.MORE) {
      goOn(turn);
    } else if (is.says().size() > 0) {
      empty = 0;
      exchange.receive(is.says(), turn, this::speak);
    } else if (is.progress() == Progress.DONE && !exchange.hasParcel()) {
      taker.ended(this, exchange.end().orElse(new Exchange.End.Equal(false)), turn);
    } else {
      speak(turn);
    }
  }

  private void goOn(Turn turn) {
    if (++empty > EMPTY_MAX) {
      fail("node " + peer + " says that there is more and gives nothing", turn);
    } else {
      ask(Bytes.EMPTY, List.of(), turn);
    }
  }

  private void fail(String sentence, Turn turn) {
    taker.ended(this, new Exchange.End.Failed(sentence), turn);
  }

  @Override
  public void failed(Id from, Message.Failure failure, Turn turn) {
    fail(failure.sentence(), turn);
  }
}
