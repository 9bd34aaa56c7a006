package org.ringslice.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Content;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Header;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.messages.Nature;
import org.ringslice.messages.Receipt.Outcome;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.DiskHealth;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Kinds;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;

/** Two runs that differ in one event have different hashes, whatever kind it is of. */
final class TraceTest {
  private static final Entry ONE = Entry.blob(Bytes.wrap(new byte[] {1}));
  private static final Entry TWO = Entry.blob(Bytes.wrap(new byte[] {2}));
  private static final Endpoint HERE = new Endpoint("here", 1, 2);
  private static final Arc RING = Arc.wholeRing(Id.ZERO);
  private static final Arc OTHER_RING = Arc.wholeRing(Id.MAX);

  /** Events that all differ; of each kind that bears anything, one for all that it bears. */
  private static List<Event> events() {
    List<Event> all = new ArrayList<>();
    all.add(new Event.Started());
    all.add(new Event.TimerFired());
    all.add(new Event.Stopping());
    all.add(arrived(1, Lane.CONTROL, 1));
    all.add(arrived(2, Lane.CONTROL, 1));
    all.add(arrived(1, Lane.BULK, 1));
    all.add(arrived(1, Lane.CONTROL, 2));
    all.add(new Event.LinkLost(1, "a"));
    all.add(new Event.LinkLost(1, "b"));
    all.add(new Event.LinkLost(2, "a"));
    all.add(new Event.Sighted(HERE, How.MDNS));
    all.add(new Event.Sighted(HERE, How.HOST));
    all.add(new Event.Sighted(HERE.at("there"), How.MDNS));
    all.add(new Event.Sighted(new Endpoint("here", 2, 1), How.MDNS));
    all.add(new Event.Listens(List.of()));
    all.add(new Event.Listens(List.of(HERE)));
    all.add(new Event.Listens(List.of(HERE, HERE)));
    all.add(new Event.Keeps(List.of()));
    all.add(new Event.Keeps(List.of(RING)));
    all.add(new Event.Keeps(List.of(OTHER_RING)));
    all.add(new Event.RoomShort(true));
    all.add(new Event.RoomShort(false));
    all.add(new Event.Broken("a"));
    all.add(new Event.Broken("b"));
    all.add(new Event.Examined(DiskHealth.GOOD));
    all.add(new Event.Examined(new DiskHealth(1, List.of(), 0, false)));
    all.add(new Event.Examined(new DiskHealth(1, List.of(Id.ZERO), 0, false)));
    all.add(new Event.Examined(new DiskHealth(0, List.of(), 1, false)));
    all.add(new Event.Examined(new DiskHealth(0, List.of(), 0, true)));
    changes().forEach(changes -> all.add(new Event.Amended(changes)));
    List<StoreReply<?>> replies = new ArrayList<>();
    answers().forEach(answer -> replies.add(StoreReply.of(answer)));
    changes()
        .subList(1, changes().size())
        .forEach(changes -> replies.add(StoreReply.of(new StoreAnswer.Done(), changes)));
    replies.add(StoreReply.failed("a"));
    replies.add(StoreReply.failed("b"));
    for (StoreReply<?> reply : replies) {
      all.add(new Event.StoreDone(1, reply));
      all.add(new Event.StoreDone(2, reply));
    }
    Kinds.assertAll(Event.class, all);
    return all;
  }

  private static Event arrived(long link, Lane lane, long processingId) {
    Header header = new Header(processingId, Header.Form.REQUEST, Id.ZERO, Id.ZERO, 0);
    Message request = new Message.HaveItems(List.of(), Message.Scope.HELD);
    return new Event.Arrived(link, lane, new Envelope(header, request));
  }

  private static List<List<Change>> changes() {
    Optional<EntryInfo> one = Optional.of(ONE.info());
    Optional<EntryInfo> none = Optional.empty();
    return List.of(
        List.of(),
        List.of(new Change(1, none, none)),
        List.of(new Change(2, none, none)),
        List.of(new Change(1, one, none)),
        List.of(new Change(1, none, one)),
        List.of(new Change(1, none, Optional.of(TWO.info()))),
        List.of(new Change(1, none, one), new Change(2, one, none)));
  }

  private static List<StoreAnswer> answers() {
    BitSet first = new BitSet();
    first.set(0);
    BitSet second = new BitSet();
    second.set(1);
    EntryInfo one = ONE.info();
    EntryInfo later = new EntryInfo(one.id(), one.kind(), one.stamp() + 1, true, one.size());
    Content file = new Content(one.id(), Nature.FILE, 1);
    List<StoreAnswer> all = new ArrayList<>();
    all.add(new StoreAnswer.Done());
    all.add(new StoreAnswer.Kept(List.of()));
    all.add(new StoreAnswer.Kept(List.of(Outcome.STORED)));
    all.add(new StoreAnswer.Kept(List.of(Outcome.PRESENT)));
    all.add(new StoreAnswer.Loaded(Optional.empty()));
    all.add(new StoreAnswer.Loaded(Optional.of(ONE)));
    all.add(new StoreAnswer.Loaded(Optional.of(TWO)));
    all.add(new StoreAnswer.LoadedAll(List.of()));
    all.add(new StoreAnswer.LoadedAll(List.of(ONE)));
    all.add(new StoreAnswer.LoadedAll(List.of(TWO)));
    all.add(new StoreAnswer.Looked(new BitSet()));
    all.add(new StoreAnswer.Looked(first));
    all.add(new StoreAnswer.Looked(second));
    all.add(new StoreAnswer.Scanned(List.of()));
    all.add(new StoreAnswer.Scanned(List.of(one)));
    all.add(new StoreAnswer.Scanned(List.of(later)));
    all.add(new StoreAnswer.Described(List.of()));
    all.add(new StoreAnswer.Described(List.of(file)));
    all.add(new StoreAnswer.Described(List.of(new Content(one.id(), Nature.BLOCK, 1))));
    all.add(new StoreAnswer.Described(List.of(new Content(one.id(), Nature.FILE, 2))));
    all.add(new StoreAnswer.JournalRead(0, List.of()));
    all.add(new StoreAnswer.JournalRead(1, List.of()));
    all.add(new StoreAnswer.JournalRead(0, changes().get(1)));
    all.add(new StoreAnswer.DroppedRead(List.of()));
    all.add(new StoreAnswer.DroppedRead(List.of(one.id())));
    Kinds.assertAll(StoreAnswer.class, all);
    return all;
  }

  private static String hash(long atNanos, int host, Event... events) {
    Trace trace = new Trace();
    for (Event event : events) {
      trace.note(atNanos, host, event, null);
    }
    return trace.hash();
  }

  @Test
  void tellsEachEventFromEveryOther() {
    Map<String, Event> seen = new HashMap<>();
    for (Event event : events()) {
      assertEquals(hash(1, 1, event), hash(1, 1, event), event::toString);
      Event other = seen.put(hash(1, 1, event), event);
      assertNull(other, () -> event + " has the hash of " + other);
    }
  }

  @Test
  void tellsWhenAndWhereAndInWhichOrder() {
    Map<String, String> seen = new HashMap<>();
    Event one = new Event.RoomShort(true);
    Event other = new Event.TimerFired();
    assertNull(seen.put(hash(1, 1, one, other), "as it was"));
    assertNull(seen.put(hash(1, 1, other, one), "the other way round"));
    assertNull(seen.put(hash(2, 1, one, other), "later"));
    assertNull(seen.put(hash(1, 2, one, other), "elsewhere"));
    assertNull(seen.put(hash(1, 1, one), "without the second"));
  }
}
