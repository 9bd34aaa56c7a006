package org.ringslice.node.core;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Entry;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Feature;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Type;
import org.ringslice.node.event.Books;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Catalogue;
import org.ringslice.node.items.Counting;
import org.ringslice.node.items.Getting;
import org.ringslice.node.items.Giving;
import org.ringslice.node.items.Having;
import org.ringslice.node.items.OwnerWalk;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.items.Storing;
import org.ringslice.node.items.Walking;
import org.ringslice.node.replica.Answering;
import org.ringslice.node.replica.Comparison;
import org.ringslice.node.replica.Dropping;
import org.ringslice.node.replica.Explaining;
import org.ringslice.node.replica.Health;
import org.ringslice.node.replica.Leaving;
import org.ringslice.node.replica.LostItems;
import org.ringslice.node.replica.Retention;
import org.ringslice.node.replica.Sizing;
import org.ringslice.node.replica.Status;
import org.ringslice.node.replica.Updater;
import org.ringslice.node.replica.Watching;
import org.ringslice.node.ring.Guests;
import org.ringslice.node.ring.Heartbeats;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.Keeping;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Locating;
import org.ringslice.node.ring.Membership;
import org.ringslice.node.ring.Routing;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.Stabilising;
import org.ringslice.node.ring.Table;
import org.ringslice.node.ring.Threshold;
import org.ringslice.node.ring.Timers;
import org.ringslice.node.ring.View;
import org.ringslice.node.talk.Broadcasting;
import org.ringslice.node.talk.Inbox;
import org.ringslice.node.talk.Messaging;
import org.ringslice.node.talk.SeenGuids;
import org.ringslice.sync.Homes;

/**
 * A node: hands each event to the part whose matter it is. The same events at the same times, with
 * the same random numbers, give the same effects, bit for bit.
 */
public final class NodeCore implements Core {
  /** How long it is believed who is round a place. A guess: a batch of stores takes less. */
  private static final long BELIEVED_NANOS = 2_000_000_000L;

  private final Timers timers = new Timers();
  private final Handlers handlers = new Handlers();
  private final Guests guests = new Guests();
  private final Shelf shelf;
  private final View view;
  private final Membership membership;
  private final Links links;
  private final Heartbeats heartbeats;
  private final Threshold threshold;
  private final Routing routing;
  private final Locating locating;
  private final Giving giving;
  private final Storing storing;
  private final Having having;
  private final Walking walking;
  private final Counting counting;
  private final Answering answering;
  private final Keeping keeping;
  private final Updater updater;
  private final Status status;
  private final Health health;
  private final Explaining explaining;
  private final Sizing sizing;
  private final Table table;
  private final Watching watching;
  private final Inbox inbox;
  private final Messaging messaging;
  private final Broadcasting broadcasting;
  private final Leaving leaving;
  private final Dropping dropping;
  private final LostItems lostItems;

  /**
   * @param random must not be foreseeable: it salts what is compared
   * @param books what the node's store has
   * @param kept the arcs that it keeps beyond its share
   * @param scope whom it is to know
   * @param retention for how long it keeps what it is no holder of any more
   */
  public NodeCore(
      Self self,
      RandomGenerator random,
      Books books,
      List<Arc> kept,
      View.Scope scope,
      Retention retention) {
    shelf = new Shelf(books.held(), books.watched());
    view = new View(self.id(), new Homes(self.maskBits()), scope);
    membership = new Membership(self, view, timers, guests, random);
    links = membership.links();
    threshold = new Threshold(membership, timers);
    membership.watch(threshold::viewChanged);
    heartbeats = new Heartbeats(self, view, timers, membership);
    links.onSilence(heartbeats::probe);
    routing = new Routing(self, view, timers, membership, heartbeats);
    locating = new Locating(view, membership, routing);
    Stabilising stabilising = new Stabilising(self, view, timers, membership, routing, heartbeats);
    membership.watch(stabilising::viewChanged);
    giving = new Giving(self, view, shelf, new Getting(self.id(), links, locating::named));
    Comparison.Means means = new Comparison.Means(shelf, links, random::nextLong);
    keeping = new Keeping(self, view, timers, links, kept);
    updater = new Updater(self, view, timers, means, keeping::arcs);
    membership.watch(updater::viewChanged);
    membership.watch(keeping::viewChanged);
    answering = new Answering(shelf, random::nextLong, updater::gained);
    storing = new Storing(self, view, timers, links, shelf, locating, updater::due);
    having = new Having(self, view, links, shelf, updater::due);
    status = new Status(self, view, timers, links, shelf, updater, locating);
    explaining = new Explaining(self, view, links, shelf, updater);
    sizing = new Sizing(self, links, shelf, locating, random::nextLong);
    table = new Table(self, view, links, guests);
    watching = new Watching(self, view, timers, means, locating, books.covered());
    membership.watch(watching::viewChanged);
    inbox = new Inbox(self, timers);
    SeenGuids seen = new SeenGuids();
    messaging = new Messaging(self, view, links, seen, inbox);
    broadcasting = new Broadcasting(self, view, timers, links, seen, inbox);
    leaving = new Leaving(self, view, timers, membership, links, shelf, storing, updater);
    membership.watch(leaving::viewChanged);
    dropping =
        new Dropping(self, view, timers, links, shelf, updater, locating, keeping::arcs, retention);
    membership.watch(dropping::viewChanged);
    lostItems = new LostItems(self, view, timers, links, shelf, locating);
    health = new Health(self, links, locating, lostItems);
    membership.watch(lostItems::viewChanged);
    OwnerWalk.Means walks =
        new OwnerWalk.Means(self, view, timers, links, shelf, locating, membership::isSureOf);
    walking = new Walking(walks);
    counting = new Counting(walks);
    route();
  }

  @Override
  public void handle(Event event, Turn turn) {
    if (event instanceof Event.Arrived arrived) {
      onArrived(arrived, turn);
    } else if (event instanceof Event.Kept kept) {
      shelf.kept(kept, turn);
    } else if (event instanceof Event.Loaded loaded) {
      shelf.loaded(loaded, turn);
    } else if (event instanceof Event.LoadedAll loaded) {
      shelf.loadedAll(loaded, turn);
    } else if (event instanceof Event.Looked looked) {
      shelf.looked(looked, turn);
    } else if (event instanceof Event.Scanned scanned) {
      shelf.scanned(scanned, turn);
    } else if (event instanceof Event.Noted noted) {
      shelf.noted(noted, turn);
    } else if (event instanceof Event.Described described) {
      shelf.described(described, turn);
    } else if (event instanceof Event.JournalRead read) {
      shelf.journalRead(read, turn);
    } else if (event instanceof Event.Amended amended) {
      shelf.amended(amended, turn);
      updater.amended(amended.changes(), turn);
    } else if (event instanceof Event.Examined examined) {
      health.examined(examined.health());
      dropping.examined(examined.health(), turn);
    } else if (event instanceof Event.DroppedRead read) {
      shelf.droppedRead(read, turn);
    } else if (event instanceof Event.RoomShort room) {
      dropping.roomShort(room.isShort(), turn);
      updater.roomShort(room.isShort(), turn);
    } else if (event instanceof Event.TimerFired) {
      timers.fired(turn);
    } else if (event instanceof Event.LinkLost lost) {
      guests.lost(lost.link());
      links.lost(lost.link(), lost.why(), turn);
    } else if (event instanceof Event.Sighted sighted) {
      membership.introductions().sighted(sighted.endpoint(), sighted.how(), turn);
    } else if (event instanceof Event.Listens listens) {
      membership.listens(listens.endpoints(), turn);
    } else if (event instanceof Event.Keeps keeps) {
      keeping.keep(keeps.arcs(), turn);
      updater.viewChanged(turn);
      dropping.viewChanged(turn);
    } else if (event instanceof Event.Started) {
      membership.started(turn);
      threshold.started(turn);
      heartbeats.started(turn);
    } else if (event instanceof Event.Stopping) {
      membership.stopping(turn);
      dropping.stopping(turn);
      shelf.held().save(turn);
      shelf.watched().save(turn);
    }
    timers.arm(turn);
  }

  private void onArrived(Event.Arrived arrived, Turn turn) {
    if (arrived.envelope().header().form() == Header.Form.REQUEST) {
      Optional<Inquiry> taken = guests.take(arrived, turn);
      taken.ifPresent(inquiry -> onRequest(inquiry, turn));
    } else {
      links.arrived(arrived.link(), arrived.envelope(), turn);
    }
  }

  private void onRequest(Inquiry inquiry, Turn turn) {
    if (inquiry.isFromClient() && inquiry.request().type().isAboutHolders()) {
      threshold.pass(turn, later -> handlers.handle(inquiry, later));
    } else {
      handlers.handle(inquiry, turn);
    }
  }

  private void route() {
    handlers.put(Type.GET_ID, Message.GetId.class, membership.introductions()::onGetId);
    handlers.put(
        Type.GET_FEATURES, Message.GetFeatures.class, membership.features()::onGetFeatures);
    handlers.put(Type.GET_PREV_PEER, Message.GetPeers.class, locating::onGetPeers);
    handlers.put(Type.GET_NEXT_PEER, Message.GetPeers.class, locating::onGetPeers);
    handlers.put(Type.GET_PREV_ITEM, Message.GetItems.class, walking::onGetItems);
    handlers.put(Type.GET_NEXT_ITEM, Message.GetItems.class, walking::onGetItems);
    handlers.put(Type.GET_THINGS, Message.GetThings.class, walking::onGetThings);
    handlers.put(Type.GET_COUNT, Message.GetCount.class, counting::onGetCount);
    handlers.put(Type.GET_ITEM, Message.GetItem.class, this::onGetItem);
    handlers.put(Type.STORE, Message.Store.class, this::onStore);
    handlers.put(Type.HAVE_ITEMS, Message.HaveItems.class, this::onHaveItems);
    handlers.put(Type.EXPLAIN, Message.Explain.class, this::onExplain);
    handlers.put(Type.HEARTBEAT, Message.Heartbeat.class, heartbeats::onHeartbeat);
    handlers.put(
        Type.EXCHANGE_VIEW, Message.ExchangeView.class, membership.gossip()::onExchangeView);
    handlers.put(Type.GET_VIEW, Message.GetView.class, this::onGetView);
    handlers.put(Type.GET_STATUS, Message.GetStatus.class, status::onGetStatus);
    handlers.put(Type.GET_HEALTH, Message.GetHealth.class, health::onGetHealth);
    handlers.put(Type.GET_TABLE, Message.GetTable.class, table::onGetTable);
    handlers.put(Type.GET_SUMMARIES, Message.GetSummaries.class, answering::onGetSummaries);
    handlers.put(Type.SLICE, Message.Slice.class, this::onSlice);
    handlers.put(Type.WATCH, Message.Watch.class, watching::onWatch);
    handlers.put(Type.KEEP_ARCS, Message.KeepArcs.class, keeping::onKeepArcs);
    handlers.put(Type.GET_SIZE, Message.GetSize.class, sizing::onGetSize);
    handlers.put(Type.GET_MESSAGE, Message.GetMessage.class, messaging::onGetMessage);
    handlers.put(Type.BROADCAST, Message.Broadcast.class, broadcasting::onBroadcast);
    handlers.put(Type.GET_INBOX, Message.GetInbox.class, inbox::onGetInbox);
    handlers.put(Type.LEAVE, Message.Leave.class, leaving::onLeave);
    handlers.put(Type.GET_PLACE, Message.GetPlace.class, routing::onGetPlace);
    handlers.requireAll();
  }

  private void onGetItem(Inquiry inquiry, Message.GetItem get, Turn turn) {
    // who asks from outside asks for what is here, and goes on to whom it is told of
    List<Id> items = inquiry.isFromClient() ? List.of(get.id()) : List.of();
    locate(items, turn, later -> giving.onGetItem(inquiry, get, later));
  }

  private void onStore(Inquiry inquiry, Message.Store store, Turn turn) {
    locate(itemsToPlace(store), turn, later -> storing.onStore(inquiry, store, later));
  }

  private void onHaveItems(Inquiry inquiry, Message.HaveItems have, Turn turn) {
    List<Id> items = have.scope() == Message.Scope.RING ? have.ids() : List.of();
    locate(items, turn, later -> having.onHaveItems(inquiry, have, later));
  }

  private void onExplain(Inquiry inquiry, Message.Explain explain, Turn turn) {
    locate(List.of(explain.id()), turn, later -> explaining.onExplain(inquiry, explain, later));
  }

  private void onGetView(Inquiry inquiry, Message.GetView get, Turn turn) {
    inquiry.answer(new Message.ViewShows(view.known()), turn);
  }

  /** What this node brings to its holders itself. */
  private static List<Id> itemsToPlace(Message.Store store) {
    return store.intent() == Message.Intent.KEEP
        ? store.entries().stream().map(Entry::id).toList()
        : List.of();
  }

  /** Has everybody in the view who holds some items, then goes on. */
  private void locate(List<Id> items, Turn turn, Timers.Alarm then) {
    List<Id> homes =
        view.isWhole()
            ? List.of()
            : items.stream().flatMap(item -> view.homes().homes(item).stream()).toList();
    locating.know(homes, turn.now() - BELIEVED_NANOS, turn, then);
  }

  private void onSlice(Inquiry inquiry, Message.Slice slice, Turn turn) {
    if (dropping.mayCompare(slice.arc(), turn)) {
      answering.onSlice(inquiry, slice, turn);
    } else {
      inquiry.refuse(ErrorCode.BUSY, "this node drops its copies of that arc", turn);
    }
  }

  /** What this node knows, for tests and for its owner; only between two turns. */
  public View view() {
    return view;
  }

  /** What every node of the ring is known to understand; only between two turns. */
  public Set<Feature> commonFeatures() {
    return membership.features().common();
  }

  /** The index and the journal of what this node holds; only between two turns. */
  public Catalogue held() {
    return shelf.held();
  }

  /** What this node held lately and nobody holds now; only between two turns. */
  public LostItems lostItems() {
    return lostItems;
  }

  /** Calls of this node to others that are not answered yet. */
  public int pendingCount() {
    return links.pendingCount();
  }

  /** Requests to this node that are not answered yet. */
  public int servingCount() {
    return guests.servingCount();
  }
}
