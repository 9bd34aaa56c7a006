package org.ringslice.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.EntryInfo;

/**
 * The steps of one side of a session in their order, the messages numbered within their round, and
 * what goes on when the store has answered. Confined to the session's thread.
 */
final class Dialogue {
  private static final int NUMBERS = 16;

  /** No message has the number after it. */
  private static final int NO_ROUND = -2;

  private List<Step> steps = new ArrayList<>();
  private List<Step> outcome = new ArrayList<>();
  private Consumer<Iterable<EntryInfo>> waiting;
  private long salt;
  private int number = NO_ROUND;

  /** The steps that an input leads to. */
  List<Step> run(Runnable input) {
    steps = new ArrayList<>();
    try {
      input.run();
    } catch (IllegalArgumentException e) {
      giveUp("the other side sent what makes no sense (" + e.getMessage() + "): start again");
    }
    return steps;
  }

  /** What came of the last message, to be said again to who asks again. */
  List<Step> outcome() {
    return List.copyOf(outcome);
  }

  /** A message came that is to be answered. */
  void hear() {
    outcome = new ArrayList<>();
  }

  /** Begins to number a round's messages. */
  void beginRound(Salt fresh) {
    salt = fresh.sent();
    number = -1;
    waiting = null;
  }

  /** Whether this message of the other side is the next one of this round; then it is counted. */
  boolean takes(SyncCodec.Framed framed) {
    boolean next =
        waiting == null
            && framed.tag() == SyncCodec.tag(salt)
            && framed.number() == (number + 1) % NUMBERS;
    number += next ? 1 : 0;
    return next;
  }

  void send(SyncMessage message) {
    number++;
    byte[] body = SyncCodec.encode(number % NUMBERS, salt, message);
    end(new Step.Send(Bytes.wrap(body)));
  }

  void done(boolean proved) {
    end(new Step.Done(proved));
  }

  void giveUp(String sentence) {
    giveUp(sentence, false);
  }

  void giveUp(String sentence, boolean restless) {
    waiting = null;
    end(new Step.GaveUp(sentence, restless));
  }

  void end(Step step) {
    outcome.add(step);
    steps.add(step);
  }

  void add(Step step) {
    steps.add(step);
  }

  void need(List<Arc> arcs, Consumer<Iterable<EntryInfo>> then) {
    if (arcs.isEmpty()) {
      then.accept(List.of());
    } else {
      waiting = then;
      steps.add(new Step.NeedIds(arcs));
    }
  }

  void supply(Iterable<EntryInfo> entries) {
    Consumer<Iterable<EntryInfo>> next = waiting;
    waiting = null;
    if (next != null) {
      next.accept(entries);
    }
  }
}
