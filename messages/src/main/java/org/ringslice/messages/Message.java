package org.ringslice.messages;

import java.util.List;
import java.util.Optional;

/**
 * What nodes say to each other: requests, each with its answer, and failures. {@code PROTOCOL.md}
 * gives the bytes. Counts and sizes are within {@link Limits}.
 */
public sealed interface Message {

  /** The number on the wire: of an answer and a failure, that of the request. */
  int typeCode();

  /** The bytes that travel in frames of their own beside the body. */
  default List<Entry> payload() {
    return List.of();
  }

  /** Asks for something; each is answered once, by its answer or a {@link Failure}. */
  sealed interface Request extends Message {
    Type type();

    @Override
    default int typeCode() {
      return type().code();
    }
  }

  /** What a request asked for. */
  sealed interface Answer extends Message {
    Type type();

    @Override
    default int typeCode() {
      return type().code();
    }
  }

  /** Where a question about items is to be answered from. */
  enum Scope {
    /** From what the asked node holds itself. */
    HELD,
    /** From the whole ring, whoever holds it. */
    RING,
    /**
     * As HELD, by a node that is sure to have all that it is to hold; one that is not answers
     * {@link ErrorCode#UNSETTLED}.
     */
    SETTLED
  }

  /** Why entries are sent to be kept. */
  enum Intent {
    /**
     * A person's: the receiver sees to it that all holders have them, and answers when that is so.
     */
    KEEP,
    /** One holder to another: the receiver keeps them itself. */
    REPLICATE
  }

  /** Who are you? Says who asks; the first message of each connection. */
  record GetId(Identity asker) implements Request {
    @Override
    public Type type() {
      return Type.GET_ID;
    }
  }

  record IdIs(Identity answerer) implements Answer {
    @Override
    public Type type() {
      return Type.GET_ID;
    }
  }

  /**
   * The nodes strictly before or after a point, nearest first, round the ring; the one at the point
   * itself comes last.
   *
   * @param count in [1, {@link Limits#PEERS_MAX}]
   * @param traced whether the answer tells its route
   */
  record GetPeers(Direction direction, Id at, int count, boolean traced) implements Request {
    @Override
    public Type type() {
      return direction == Direction.PREV ? Type.GET_PREV_PEER : Type.GET_NEXT_PEER;
    }
  }

  /**
   * @param route the nodes that answered or passed on, the first asked first; empty when not asked
   *     for
   */
  record PeersAre(Direction direction, List<Peer> peers, List<Hop> route) implements Answer {
    public PeersAre {
      peers = List.copyOf(peers);
      route = List.copyOf(route);
    }

    @Override
    public Type type() {
      return direction == Direction.PREV ? Type.GET_PREV_PEER : Type.GET_NEXT_PEER;
    }
  }

  /**
   * One step of a route.
   *
   * @param micros from taking the request to its answer, at that node
   */
  record Hop(Id id, int micros) {}

  /**
   * Whoever is round a point of the ring. Passed on, each time to a node that is nearer, until it
   * comes to the one that is at the point or the next after it: that one answers.
   *
   * @param around how many to tell of before the answerer and as many after it, in [0, {@link
   *     Limits#AROUND_MAX}]
   * @param traced whether the answer tells its route
   */
  record GetPlace(Id at, int around, boolean traced) implements Request {
    @Override
    public Type type() {
      return Type.GET_PLACE;
    }
  }

  /**
   * @param peers the answerer, and those before and after it, whether on the ring, joining or
   *     leaving, and of those on the ring as many, by their ids; between two of them that lie
   *     nearer than the last ones there is nobody else
   * @param route the nodes that passed it on and the one that answered, the first asked first;
   *     empty when not asked for
   */
  record PlaceIs(List<Peer> peers, List<Hop> route) implements Answer {
    public PlaceIs {
      peers = List.copyOf(peers);
      route = List.copyOf(route);
    }

    @Override
    public Type type() {
      return Type.GET_PLACE;
    }
  }

  /**
   * The living items strictly before or after a point, nearest first, up to {@code until}, which is
   * included; when both are equal, the whole ring, with an item at the point itself last.
   *
   * @param count in [1, {@link Limits#ITEMS_MAX}]
   */
  record GetItems(Direction direction, Id at, int count, Id until, Scope scope) implements Request {
    @Override
    public Type type() {
      return direction == Direction.PREV ? Type.GET_PREV_ITEM : Type.GET_NEXT_ITEM;
    }

    /** The ids asked for, as an arc; where PREV turns the open end round. */
    public Arc arc() {
      return direction == Direction.NEXT
          ? new Arc(at, until)
          : new Arc(until.previous(), at.previous());
    }
  }

  /**
   * As {@link GetItems}, and what they are.
   *
   * @param count in [1, {@link Limits#ITEMS_MAX}]
   */
  record GetThings(Direction direction, Id at, int count, Id until, Scope scope)
      implements Request {
    @Override
    public Type type() {
      return Type.GET_THINGS;
    }
  }

  /**
   * Items, and what they are.
   *
   * @param things of those items of which something is known, in their order
   */
  record ThingsAre(List<EntryInfo> items, List<Thing> things) implements Answer {
    public ThingsAre {
      items = List.copyOf(items);
      things = List.copyOf(things);
    }

    @Override
    public Type type() {
      return Type.GET_THINGS;
    }
  }

  record ItemsAre(Direction direction, List<EntryInfo> items) implements Answer {
    public ItemsAre {
      items = List.copyOf(items);
    }

    @Override
    public Type type() {
      return direction == Direction.PREV ? Type.GET_PREV_ITEM : Type.GET_NEXT_ITEM;
    }
  }

  /**
   * The living item of an id.
   *
   * @param mask which of its places is asked, in [0, 2^n): 0 the regular one
   */
  record GetItem(Id id, int mask) implements Request {
    @Override
    public Type type() {
      return Type.GET_ITEM;
    }
  }

  /** The asker verifies it with {@link Entry#isGenuine()}. */
  record ItemIs(Entry item) implements Answer {
    @Override
    public Type type() {
      return Type.GET_ITEM;
    }

    @Override
    public List<Entry> payload() {
      return List.of(item);
    }
  }

  /** Keep these. The receiver verifies each with {@link Entry#isGenuine()} first. */
  record Store(List<Entry> entries, Intent intent) implements Request {
    public Store {
      entries = List.copyOf(entries);
    }

    @Override
    public Type type() {
      return Type.STORE;
    }

    @Override
    public List<Entry> payload() {
      return entries;
    }
  }

  /** A receipt for each entry, in the order of the request. */
  record Stored(List<Receipt> receipts) implements Answer {
    public Stored {
      receipts = List.copyOf(receipts);
    }

    @Override
    public Type type() {
      return Type.STORE;
    }
  }

  /**
   * Are these here (HELD), or at all their holders (RING)? Asked before sending what may be there.
   */
  record HaveItems(List<Id> ids, Scope scope) implements Request {
    public HaveItems {
      ids = List.copyOf(ids);
    }

    @Override
    public Type type() {
      return Type.HAVE_ITEMS;
    }
  }

  /** A receipt for each id, in the order of the request. */
  record HaveThese(List<Receipt> receipts) implements Answer {
    public HaveThese {
      receipts = List.copyOf(receipts);
    }

    @Override
    public Type type() {
      return Type.HAVE_ITEMS;
    }
  }

  /** I live. Between peers, a few times a second. */
  record Heartbeat(long incarnation, long viewDigest) implements Request {
    @Override
    public Type type() {
      return Type.HEARTBEAT;
    }
  }

  /** So do I. */
  record Alive(long incarnation, long viewDigest) implements Answer {
    @Override
    public Type type() {
      return Type.HEARTBEAT;
    }
  }

  /**
   * What I know of peers.
   *
   * @param whole whether that is all, so that the answer tells what is missing in it; else it is
   *     news
   */
  record ExchangeView(List<Peer> peers, boolean whole) implements Request {
    public ExchangeView {
      peers = List.copyOf(peers);
    }

    @Override
    public Type type() {
      return Type.EXCHANGE_VIEW;
    }
  }

  /**
   * What the asker did not know, or knew less recently; when it told only news, what is newer of
   * just those.
   *
   * @param whole whether the answerer knows everybody
   */
  record ViewIs(List<Peer> peers, boolean whole) implements Answer {
    public ViewIs {
      peers = List.copyOf(peers);
    }

    @Override
    public Type type() {
      return Type.EXCHANGE_VIEW;
    }
  }

  /** Whom do you know? For people; nodes compare their views by {@link ExchangeView}. */
  record GetView() implements Request {
    @Override
    public Type type() {
      return Type.GET_VIEW;
    }
  }

  /** The peers that the answerer knows, itself and the gone ones too; those on the ring first. */
  record ViewShows(List<KnownPeer> peers) implements Answer {
    public ViewShows {
      peers = List.copyOf(peers);
    }

    @Override
    public Type type() {
      return Type.GET_VIEW;
    }
  }

  /**
   * Has everything all its copies? Each node holds what it has against the other holders, now.
   *
   * @param holders whose copies are to be looked at; empty for all
   * @param nodes where on the ring those lie that are to tell; nothing when the asked one alone is
   */
  record GetStatus(List<Id> holders, Optional<Arc> nodes) implements Request {
    public GetStatus {
      holders = List.copyOf(holders);
    }

    /** Of what the asked node holds. */
    public static GetStatus held(List<Id> holders) {
      return new GetStatus(holders, Optional.empty());
    }

    /** Of what the nodes on an arc of the ring hold. */
    public static GetStatus ofNodes(Arc nodes) {
      return new GetStatus(List.of(), Optional.of(nodes));
    }

    @Override
    public Type type() {
      return Type.GET_STATUS;
    }
  }

  /**
   * @param nodes those asked, clockwise
   * @param missing the first {@link Limits#MISSING_MAX} of what they found missing
   * @param until all nodes of the arc up to this point have been asked; what comes after it, up to
   *     the end of the arc, is to be asked for next
   */
  record StatusIs(List<NodeStatus> nodes, List<MissingCopy> missing, Id until) implements Answer {
    public StatusIs {
      nodes = List.copyOf(nodes);
      missing = List.copyOf(missing);
    }

    @Override
    public Type type() {
      return Type.GET_STATUS;
    }
  }

  /**
   * Are the bytes of your copies good, and do you miss any that nobody has?
   *
   * @param nodes where on the ring those lie that are to tell; nothing when the asked one alone is
   */
  record GetHealth(Optional<Arc> nodes) implements Request {
    @Override
    public Type type() {
      return Type.GET_HEALTH;
    }
  }

  /**
   * @param nodes those asked, clockwise, but for those whose version does not know the question
   * @param until all nodes of the arc up to this point have been asked; what comes after it, up to
   *     the end of the arc, is to be asked for next
   */
  record HealthIs(List<NodeHealth> nodes, Id until) implements Answer {
    public HealthIs {
      nodes = List.copyOf(nodes);
    }

    @Override
    public Type type() {
      return Type.GET_HEALTH;
    }
  }

  /** Where should this item be, and where is it? All nodes of the ring are asked for it. */
  record Explain(Id id) implements Request {
    @Override
    public Type type() {
      return Type.EXPLAIN;
    }
  }

  /**
   * @param owners of the item's 2^n homes, the regular one first; a node may own several
   * @param keepers the holders in their order, then others that have it; at most {@link
   *     Limits#KEEPERS_MAX}
   */
  record Explained(List<Id> owners, List<Keeper> keepers) implements Answer {
    public Explained {
      owners = List.copyOf(owners);
      keepers = List.copyOf(keepers);
    }

    @Override
    public Type type() {
      return Type.EXPLAIN;
    }
  }

  /** What do you route by, and whom are you connected to? For people. */
  record GetTable() implements Request {
    @Override
    public Type type() {
      return Type.GET_TABLE;
    }
  }

  /**
   * @param routes the previous and the next nodes, nearest first, then those at the masked places,
   *     then all others by their ids; a node is in it once, for its first relation
   * @param guests connections that others dialled
   * @param serving requests of others that are not answered yet
   */
  record TableIs(List<Route> routes, int guests, int serving) implements Answer {
    public TableIs {
      routes = List.copyOf(routes);
    }

    @Override
    public Type type() {
      return Type.GET_TABLE;
    }
  }

  /**
   * How many nodes and items has the ring? Exact where the asked node knows it all, else estimated
   * from a part of it.
   *
   * @param calls how many other points of the ring are to be asked about, in [0, {@link
   *     Limits#SIZE_CALLS_MAX}]; 0 leaves that to the node
   */
  record GetSize(int calls) implements Request {
    @Override
    public Type type() {
      return Type.GET_SIZE;
    }
  }

  record SizeIs(Estimate nodes, Estimate items) implements Answer {
    @Override
    public Type type() {
      return Type.GET_SIZE;
    }
  }

  /** How many entries do you hold of these arcs, and which fingerprint have they? */
  record GetSummaries(List<Arc> arcs) implements Request {
    public GetSummaries {
      arcs = List.copyOf(arcs);
    }

    @Override
    public Type type() {
      return Type.GET_SUMMARIES;
    }
  }

  /** In the order of the arcs. */
  record SummariesAre(List<Extent> extents) implements Answer {
    public SummariesAre {
      extents = List.copyOf(extents);
    }

    @Override
    public Type type() {
      return Type.GET_SUMMARIES;
    }
  }

  /**
   * What a node holds of an arc, in short.
   *
   * @param count of entries, the dead ones too
   * @param fingerprint the sum of their digests modulo 2^64
   */
  record Extent(int count, long fingerprint) {}

  /** Which side of a comparison gives the other what that lacks. */
  enum Giving {
    /** Both give entries, so that they have the same in the end. */
    BOTH,
    /** The one who asks gives entries. */
    ASKER,
    /** The one who answers tells of its entries, without their bytes. */
    TELLS
  }

  /**
   * One step of the comparison of an arc. Who asks and who is asked take turns: each sends the
   * entries that the other lacks, in as many messages as they take, and with the last of them what
   * its side of the comparison says.
   *
   * @param session chosen by the asker
   * @param step counted from 0; a step that is asked again is answered as before
   * @param says at most {@link Limits#SLICE_BYTES_MAX} bytes; empty while entries follow, and where
   *     the other is to go on with its own
   * @param entries at most {@link Limits#BATCH_ENTRIES_MAX} and {@link Limits#BATCH_BYTES_MAX}
   *     bytes of them
   */
  record Slice(long session, int step, Arc arc, Giving giving, Bytes says, List<Entry> entries)
      implements Request {
    public Slice {
      entries = List.copyOf(entries);
    }

    @Override
    public Type type() {
      return Type.SLICE;
    }

    @Override
    public List<Entry> payload() {
      return entries;
    }
  }

  /**
   * The answer to a step.
   *
   * @param toGoBytes of entries that follow these, as far as the answerer knows
   * @param says as in the request; empty while entries follow, and at the end
   * @param infos at most {@link Limits#ITEMS_MAX}, in place of entries where bytes are not wanted
   */
  record SliceIs(
      Progress progress, long toGoBytes, Bytes says, List<EntryInfo> infos, List<Entry> entries)
      implements Answer {
    public SliceIs {
      infos = List.copyOf(infos);
      entries = List.copyOf(entries);
    }

    @Override
    public Type type() {
      return Type.SLICE;
    }

    @Override
    public List<Entry> payload() {
      return entries;
    }
  }

  /**
   * I keep these arcs beyond my share: bring me what is stored there, and have others fetch from me
   * what they do not find at its holders.
   */
  record KeepArcs(List<Arc> arcs) implements Request {
    public KeepArcs {
      arcs = List.copyOf(arcs);
    }

    @Override
    public Type type() {
      return Type.KEEP_ARCS;
    }
  }

  /** Noted, in place of what was said before, until the asker goes or starts anew. */
  record ArcsKept() implements Answer {
    @Override
    public Type type() {
      return Type.KEEP_ARCS;
    }
  }

  /** How far a comparison has come, seen from who answers. */
  enum Progress {
    /** It waits for what the asker sends next. */
    YOURS,
    /** It has more to give: ask it to go on. */
    MORE,
    /** It is at its end. */
    DONE
  }

  /**
   * What changes in these arcs after a line of a journal? Answered when there is something to tell,
   * or with nothing after a while: a long poll. Whoever asks again when it has dealt with an answer
   * is told of every change, and sets the pace itself.
   *
   * @param arcs in [1, {@link Limits#WATCHED_ARCS_MAX}]
   * @param journal of the answer that told of {@code after}; 0 with 0 for "from now on"
   * @param scope of the copies that the asked node holds, or of the entries of the ring, whoever
   *     holds them; not SETTLED
   */
  record Watch(List<Arc> arcs, long journal, long after, Scope scope) implements Request {
    public Watch {
      arcs = List.copyOf(arcs);
    }

    @Override
    public Type type() {
      return Type.WATCH;
    }
  }

  /**
   * The first changes after that line, at most {@link Limits#SIGNALS_MAX}.
   *
   * @param journal with {@code next}, or the sequence of a change, where to go on; 0 with 0 while
   *     not ready
   * @param next what to ask after the next time; all changes up to it have been told
   * @param ready whether all that changes after {@code next} is going to be told; false while the
   *     answerer is still finding out what there is, then ask again from now on
   */
  record Signals(long journal, long next, boolean ready, List<Signal> changes) implements Answer {
    public Signals {
      changes = List.copyOf(changes);
    }

    @Override
    public Type type() {
      return Type.WATCH;
    }
  }

  /**
   * A change: the entry as it is since then, alive or dead.
   *
   * @param sequence of its line in the journal; several changes never share one
   */
  record Signal(long sequence, EntryInfo entry) {}

  /**
   * Get this message: a general one, to one node. Whoever is asked has it brought there. It is from
   * the requestor; from the asked node where a client asks.
   *
   * @param guid tells a message that comes again from a new one
   * @param text at most {@link Limits#TEXT_BYTES_MAX} bytes
   */
  record GetMessage(Guid guid, Id to, String text) implements Request {
    @Override
    public Type type() {
      return Type.GET_MESSAGE;
    }
  }

  /** The node that it is to has it, now or since before. */
  record GotMessage() implements Answer {
    @Override
    public Type type() {
      return Type.GET_MESSAGE;
    }
  }

  /**
   * A general message to all nodes of an arc. Whoever is asked passes it on to them, unless it has
   * seen the guid before; so each gets it once, if it gets it at all. From whom, as in {@link
   * GetMessage}.
   *
   * @param arc the asked node is one of those that get it when its id is in it
   * @param text at most {@link Limits#TEXT_BYTES_MAX} bytes
   */
  record Broadcast(Guid guid, Arc arc, String text) implements Request {
    @Override
    public Type type() {
      return Type.BROADCAST;
    }
  }

  /** The asked node has it, now or since before; of the others this says nothing. */
  record Heard() implements Answer {
    @Override
    public Type type() {
      return Type.BROADCAST;
    }
  }

  /**
   * Which general messages have come to you?
   *
   * @param session in which {@code after} was told; of another life of the node, all are new
   * @param after the sequence of the last that the asker has dealt with, or 0
   * @param waits whether to wait for a while when there is none: a long poll
   */
  record GetInbox(long session, long after, boolean waits) implements Request {
    @Override
    public Type type() {
      return Type.GET_INBOX;
    }
  }

  /**
   * The first ones after that, at most {@link Limits#INBOX_MAX}, as far as they are kept.
   *
   * @param session of the answerer, as it says it in {@link GetId}
   * @param next what to ask after the next time
   */
  record InboxIs(long session, long next, List<Received> messages) implements Answer {
    public InboxIs {
      messages = List.copyOf(messages);
    }

    @Override
    public Type type() {
      return Type.GET_INBOX;
    }
  }

  /**
   * A general message that came to a node.
   *
   * @param sequence counts those that came in this life of the node, from 1 on; a gap is what was
   *     forgotten before it was asked for
   * @param from the node to answer to
   * @param toAll whether it was broadcast
   */
  record Received(long sequence, Guid guid, Id from, boolean toAll, String text) {}

  /**
   * Leave the ring: give what you hold to those who come to hold it, have it confirmed, and stop. A
   * long poll: answered when it has left, or after a while with how far it has come. Whoever asks
   * again is told of the same leave.
   *
   * @param now stop without handing over
   */
  record Leave(boolean now) implements Request {
    @Override
    public Type type() {
      return Type.LEAVE;
    }
  }

  /**
   * How far a leave has come.
   *
   * @param left whether it is at its end: the answerer stops with this answer
   * @param toGo entries that are not confirmed yet by all who are to hold them
   * @param why what is waited for, for people; empty when it has left
   * @param handedOver to whom its share goes, by their ids; only at the end. Entries whose other
   *     holders are all there are go to nobody
   */
  record LeaveIs(boolean left, long toGo, String why, List<HandedOver> handedOver)
      implements Answer {
    public LeaveIs {
      handedOver = List.copyOf(handedOver);
    }

    @Override
    public Type type() {
      return Type.LEAVE;
    }
  }

  /**
   * A request that is not fulfilled.
   *
   * @param sentence what happened and what to do, for people
   * @param retry whether the same request may succeed later or elsewhere
   * @param peers whom to ask instead, the best first
   */
  record Failure(int typeCode, ErrorCode code, String sentence, boolean retry, List<Peer> peers)
      implements Message {
    public Failure {
      peers = List.copyOf(peers);
    }

    public static Failure of(Message request, ErrorCode code, String sentence) {
      return new Failure(request.typeCode(), code, sentence, code.isWorthRetrying(), List.of());
    }
  }

  /**
   * Stands for a message whose header could be read and whose body could not. It is never sent; a
   * request of this kind is answered with its code and reason.
   */
  record Unreadable(int typeCode, ErrorCode code, String why) implements Message {}
}
