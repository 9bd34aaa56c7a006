package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Kinds;
import org.ringslice.node.event.StoreRequest;

final class DiskTest {
  private final Agenda agenda = new Agenda();
  private final List<Event> events = new ArrayList<>();
  private final Disk disk = new Disk(agenda, new SplittableRandom(1), new Taker());

  private final class Taker implements Disk.Completions {
    @Override
    public void after(long delayNanos, Supplier<Event> completion) {
      agenda.after(delayNanos, () -> events.add(completion.get()));
    }

    @Override
    public void meanwhile(long delayNanos, Runnable work) {
      agenda.after(delayNanos, work::run);
    }

    @Override
    public void now(Event event) {
      events.add(event);
    }
  }

  @Test
  void answersEachRequestWithTheAnswerOfItsKind() {
    long ticket = 0;
    for (StoreRequest<?> request : Kinds.requests()) {
      events.clear();
      disk.ask(++ticket, request);
      boolean goesOn = true;
      while (events.isEmpty() && goesOn) {
        goesOn = agenda.step(Long.MAX_VALUE);
      }
      Event.StoreDone done = (Event.StoreDone) events.get(0);
      assertEquals(ticket, done.ticket());
      assertSame(Kinds.answerTo(request), done.reply().get().getClass(), request::toString);
    }
  }
}
