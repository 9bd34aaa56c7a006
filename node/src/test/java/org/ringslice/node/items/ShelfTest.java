package org.ringslice.node.items;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Receipt.Outcome;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Inventory;
import org.ringslice.node.event.Openings;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;
import org.ringslice.node.event.Turn;
import org.ringslice.sync.EntryDigest;
import org.ringslice.sync.Index;

final class ShelfTest {
  private static final Entry ENTRY = Entry.blob(Bytes.wrap(new byte[] {1}));

  private final Shelf shelf = new Shelf(empty(), empty());
  private final List<Effect.AskStore> asks = new ArrayList<>();
  private final Turn turn = new Turn(1, effect -> asks.add((Effect.AskStore) effect));
  private final List<Object> said = new ArrayList<>();

  private static Inventory empty() {
    return new Inventory(new Index(new EntryDigest(1, 2)), Openings.first(1), 0, 0);
  }

  private void reply(int ask, StoreReply<?> reply) {
    shelf.done(new Event.StoreDone(asks.get(ask).ticket(), reply), turn);
  }

  private static List<Change> gained(EntryInfo entry) {
    return List.of(new Change(1, Optional.empty(), Optional.of(entry)));
  }

  @Test
  void handsEachReplyToThePartThatAskedInWhateverOrderTheyCome() {
    Id id = ENTRY.id();
    shelf.ask(new StoreRequest.Load(id), turn, (loaded, later) -> said.add(loaded.get().entry()));
    shelf.keep(List.of(ENTRY), turn, (kept, later) -> said.add(kept.get().outcomes()));
    shelf.ask(
        new StoreRequest.Look(List.of(id)), turn, (looked, later) -> said.add(looked.failure()));

    reply(2, StoreReply.failed("the disk is behind"));
    reply(1, StoreReply.of(new StoreAnswer.Kept(List.of(Outcome.STORED))));
    reply(0, StoreReply.of(new StoreAnswer.Loaded(Optional.of(ENTRY))));

    assertEquals(
        List.of(Optional.of("the disk is behind"), List.of(Outcome.STORED), Optional.of(ENTRY)),
        said);
  }

  @Test
  void theBookThatWasWrittenToHasChangedBeforeThePartThatAskedGoesOn() {
    shelf.keep(List.of(ENTRY), turn, (kept, later) -> said.add(shelf.held().index().size()));
    shelf.ask(
        new StoreRequest.Note(List.of(ENTRY.info()), true),
        turn,
        (noted, later) -> said.add(shelf.watched().index().size()));

    reply(0, StoreReply.failed("writes came to light", gained(ENTRY.info())));
    assertEquals(0, shelf.watched().index().size());
    reply(1, StoreReply.of(new StoreAnswer.Done(), gained(ENTRY.info())));

    assertEquals("[1, 1]", said.toString());
  }

  @Test
  void isWritingWhileSomethingIsKeptOrDroppedAndNotWhileItReadsOrNotes() {
    shelf.ask(new StoreRequest.Load(ENTRY.id()), turn, (loaded, later) -> {});
    shelf.ask(new StoreRequest.Cover(List.of()), turn, (covered, later) -> {});
    assertFalse(shelf.isWriting());
    shelf.keep(List.of(ENTRY), turn, (kept, later) -> said.add(shelf.isWriting()));
    shelf.ask(new StoreRequest.Drop(List.of(ENTRY.info())), turn, (dropped, later) -> {});

    reply(3, StoreReply.failed("no"));
    assertTrue(shelf.isWriting());
    reply(2, StoreReply.failed("no"));
    assertFalse(shelf.isWriting());
    assertEquals(List.of(false), said);
  }

  @Test
  void tellsWhoListensOfWhatSomebodyReliesOn() {
    shelf.listen((ids, later) -> said.add(ids));
    shelf.keep(List.of(ENTRY), turn, (kept, later) -> {});
    shelf.look(List.of(Id.MAX), turn, (looked, later) -> {});
    shelf.ask(new StoreRequest.Look(List.of(Id.ZERO)), turn, (looked, later) -> {});

    assertEquals(List.of(List.of(ENTRY.id()), List.of(Id.MAX)), said);
  }

  @Test
  void aReplyToWhatNobodyAskedIsABrokenInvariant() {
    shelf.ask(new StoreRequest.Load(ENTRY.id()), turn, (loaded, later) -> {});
    StoreReply<?> nothing = StoreReply.of(new StoreAnswer.Loaded(Optional.empty()));
    reply(0, nothing);
    assertThrows(IllegalStateException.class, () -> reply(0, nothing));
  }
}
