package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Content;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.messages.Nature;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;

final class ContentRowTest {
  private static final Arc RING = Arc.wholeRing(Id.MAX);

  @TempDir Path folder;

  private final Random random = new Random(5);
  private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(16);

  @Test
  void whatABlobTellsIsKnownWithItAndOfEachIdTheGreatest() throws Exception {
    Entry small = Samples.blob(random, 10);
    Entry large = Samples.blob(random, Samples.LARGE_BYTES);
    Content block = new Content(Id.powerOfTwo(9), Nature.BLOCK, 5);
    Content file = new Content(Id.powerOfTwo(9), Nature.FILE, 5);
    Content last = new Content(Id.MAX, Nature.FOLDER, 1L << 50);
    for (int time = 0; time < 2; time++) {
      try (DiskStore store =
          DiskStore.open(
              folder,
              Asked.KEY,
              (id, bytes) ->
                  bytes.size() > 10
                      ? List.of(file, last)
                      : List.of(block, new Content(id, Nature.FILE, 9)),
              events::add,
              false)) {
        store.ask(1, new StoreRequest.Keep(List.of(large, small)));
        take();
        Content own = new Content(small.id(), Nature.FILE, 9);
        assertEquals(List.of(file, own, last), described(store, RING));
        assertEquals(List.of(file), described(store, new Arc(Id.ZERO, Id.powerOfTwo(9))));
        assertEquals(List.of(), described(store, new Arc(Id.powerOfTwo(9), Id.powerOfTwo(12))));
        assertEquals(
            List.of(last, file),
            described(store, new Arc(Id.MAX.previous(), Id.powerOfTwo(9))),
            "in the order of the arc");
      }
    }
  }

  private List<Content> described(DiskStore store, Arc arc) throws InterruptedException {
    store.ask(2, new StoreRequest.Describe(arc));
    return ((StoreAnswer.Described) take().get()).contents();
  }

  private StoreReply<?> take() throws InterruptedException {
    Event event;
    do {
      event = events.poll(30, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("no answer");
      }
    } while (event instanceof Event.Examined);
    return ((Event.StoreDone) event).reply();
  }
}
