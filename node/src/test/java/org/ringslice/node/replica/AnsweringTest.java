package org.ringslice.node.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Inventory;
import org.ringslice.node.event.Openings;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Guests;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.Self;
import org.ringslice.sync.Index;

class AnsweringTest {
  private static final Id ASKER = Id.powerOfTwo(7);

  private final List<Effect> effects = new ArrayList<>();
  private final Turn turn = new Turn(1, effects::add);
  private final Guests guests = new Guests();
  private final Shelf shelf = new Shelf(empty(), empty());
  private final Answering answering = new Answering(shelf, () -> 5, (arc, later) -> {});

  private static Inventory empty() {
    return new Inventory(new Index(Self.digestOf("test")), Openings.first(1), 0, 0);
  }

  private void ask(Message.Slice slice, long processingId) {
    Header header = new Header(processingId, Header.Form.REQUEST, ASKER, Id.ZERO, 0);
    Envelope envelope = new Envelope(header, slice);
    Event.Arrived arrived = new Event.Arrived(Guests.LOCAL_LINK, Lane.BULK, envelope);
    Inquiry inquiry = guests.take(arrived, turn).orElseThrow();
    answering.onSlice(inquiry, slice, turn);
  }

  private List<Long> answered() {
    return effects.stream()
        .filter(Effect.Send.class::isInstance)
        .map(effect -> ((Effect.Send) effect).envelope().header().processingId())
        .toList();
  }

  @Test
  void answersAStepThatIsAskedAgainToAllWhoAskedIt() {
    Entry entry = Entry.blob(Bytes.wrap("hello".getBytes(StandardCharsets.UTF_8)));
    Message.Slice slice =
        new Message.Slice(
            3, 0, Arc.wholeRing(Id.ZERO), Message.Giving.BOTH, Bytes.EMPTY, List.of(entry));
    // one of the two connections on which it was asked has gone by now: it is not known which
    ask(slice, 12);
    ask(slice, 11);
    assertEquals(List.of(), answered());

    Effect.Keep keep =
        effects.stream()
            .filter(Effect.Keep.class::isInstance)
            .map(Effect.Keep.class::cast)
            .findFirst()
            .orElseThrow();
    shelf.kept(
        new Event.Kept(keep.ticket(), List.of(Receipt.Outcome.STORED), List.of(), Optional.empty()),
        turn);
    assertEquals(List.of(12L, 11L), answered());
    assertEquals(0, guests.servingCount());

    ask(slice, 13);
    assertEquals(List.of(12L, 11L, 13L), answered());
  }
}
