package org.ringslice.messages;

import java.io.IOException;
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

    /** Whether one of this role may ask it. */
    default boolean maySend(Role role) {
      return type().maySend(role);
    }

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
    SETTLED;

    /** One up to the last that the type of the message knows. */
    static Shape<Scope> upTo(Scope last) {
      return Shape.oneOf(List.of(values()).subList(0, last.ordinal() + 1), "scope");
    }
  }

  /** Why entries are sent to be kept. */
  enum Intent {
    /**
     * A person's: the receiver sees to it that all holders have them, and answers when that is so.
     */
    KEEP,
    /** One node to another, and no client: the receiver keeps them itself. */
    REPLICATE;

    static final Shape<Intent> SHAPE = Shape.oneOf(List.of(values()), "intent");
  }

  /** Who are you? Says who asks; the first message of each connection. */
  record GetId(Identity asker) implements Request {
    static final Shape<GetId> BODY = Row.of(GetId::new, Row.field(GetId::asker, Identity.SHAPE));

    @Override
    public Type type() {
      return Type.GET_ID;
    }
  }

  record IdIs(Identity answerer) implements Answer {
    static final Shape<IdIs> BODY = Row.of(IdIs::new, Row.field(IdIs::answerer, Identity.SHAPE));

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
    static Shape<GetPeers> body(Direction direction) {
      return Row.of(
          (at, count, traced) -> new GetPeers(direction, at, count, traced),
          Row.field(GetPeers::at, Shape.ID),
          Row.number(GetPeers::count, 1, Limits.PEERS_MAX, "count"),
          Row.flag(GetPeers::traced));
    }

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
    static Shape<PeersAre> body(Direction direction) {
      return Row.of(
          (peers, route) -> new PeersAre(direction, peers, route),
          Row.field(PeersAre::peers, Peer.list(Limits.PEERS_MAX)),
          Row.field(PeersAre::route, Hop.ROUTE));
    }

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
  record Hop(Id id, int micros) {
    static final Shape<List<Hop>> ROUTE =
        Shape.list(
            Row.of(Hop::new, Row.field(Hop::id, Shape.ID), Row.count(Hop::micros, "micros")),
            Limits.HOPS_MAX,
            Id.BYTES,
            "route");
  }

  /**
   * Whoever is round a point of the ring. Passed on, each time to a node that is nearer, until it
   * comes to the one that is at the point or the next after it: that one answers.
   *
   * @param around how many to tell of before the answerer and as many after it, in [0, {@link
   *     Limits#AROUND_MAX}]
   * @param traced whether the answer tells its route
   */
  record GetPlace(Id at, int around, boolean traced) implements Request {
    static final Shape<GetPlace> BODY =
        Row.of(
            GetPlace::new,
            Row.field(GetPlace::at, Shape.ID),
            Row.number(GetPlace::around, 0, Limits.AROUND_MAX, "neighbours"),
            Row.flag(GetPlace::traced));

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
    static final Shape<PlaceIs> BODY =
        Row.of(
            PlaceIs::new,
            Row.field(PlaceIs::peers, Peer.list(4 * Limits.AROUND_MAX + 1)),
            Row.field(PlaceIs::route, Hop.ROUTE));

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
    static Shape<GetItems> body(Direction direction) {
      return Row.of(
          (at, count, until, scope) -> new GetItems(direction, at, count, until, scope),
          Row.field(GetItems::at, Shape.ID),
          Row.number(GetItems::count, 1, Limits.ITEMS_MAX, "count"),
          Row.field(GetItems::until, Shape.ID),
          Row.field(GetItems::scope, Scope.upTo(Scope.SETTLED)));
    }

    @Override
    public Type type() {
      return direction == Direction.PREV ? Type.GET_PREV_ITEM : Type.GET_NEXT_ITEM;
    }

    /** The ids asked for. */
    public Arc arc() {
      return direction.arc(at, until);
    }
  }

  /**
   * As {@link GetItems}, and what they are.
   *
   * @param count in [1, {@link Limits#ITEMS_MAX}]
   */
  record GetThings(Direction direction, Id at, int count, Id until, Scope scope)
      implements Request {
    static final Shape<GetThings> BODY =
        Row.of(
            GetThings::new,
            Row.field(GetThings::direction, Shape.oneOf(List.of(Direction.values()), "direction")),
            Row.field(GetThings::at, Shape.ID),
            Row.number(GetThings::count, 1, Limits.ITEMS_MAX, "count"),
            Row.field(GetThings::until, Shape.ID),
            Row.field(GetThings::scope, Scope.upTo(Scope.SETTLED)));

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
    static final Shape<ThingsAre> BODY =
        new Shape<>() {
          @Override
          void write(ThingsAre are, BodyWriter out) throws IOException {
            out.array(2);
            EntryInfo.LIST.write(are.items, out);
            Thing.LIST.write(are.things, out);
          }

          @Override
          ThingsAre read(BodyReader in) throws ProtocolException, IOException {
            in.fields(2);
            List<EntryInfo> items = EntryInfo.LIST.read(in);
            return new ThingsAre(items, Thing.known(Thing.LIST.read(in), items.size()));
          }
        };

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
    static Shape<ItemsAre> body(Direction direction) {
      return Row.of(
          items -> new ItemsAre(direction, items), Row.field(ItemsAre::items, EntryInfo.LIST));
    }

    public ItemsAre {
      items = List.copyOf(items);
    }

    @Override
    public Type type() {
      return direction == Direction.PREV ? Type.GET_PREV_ITEM : Type.GET_NEXT_ITEM;
    }
  }

  /**
   * How many living items are there in an arc, and how many bytes have they? Of what the asked node
   * holds (HELD, SETTLED), or of the whole ring, each item once.
   */
  record GetCount(Arc arc, Scope scope) implements Request {
    static final Shape<GetCount> BODY =
        Row.of(
            GetCount::new,
            Row.field(GetCount::arc, Arc.SHAPE),
            Row.field(GetCount::scope, Scope.upTo(Scope.SETTLED)));

    @Override
    public Type type() {
      return Type.GET_COUNT;
    }
  }

  /**
   * @param until all of the arc up to this point was counted; what comes after it, up to the end of
   *     the arc, is to be asked for next
   */
  record CountIs(long items, long sizeBytes, Id until) implements Answer {
    static final Shape<CountIs> BODY =
        Row.of(
            CountIs::new,
            Row.unsigned(CountIs::items),
            Row.unsigned(CountIs::sizeBytes),
            Row.field(CountIs::until, Shape.ID));

    @Override
    public Type type() {
      return Type.GET_COUNT;
    }
  }

  /**
   * The living item of an id.
   *
   * @param mask which of its places is asked, in [0, 2^n): 0 the regular one
   */
  record GetItem(Id id, int mask) implements Request {
    static final Shape<GetItem> BODY =
        new Shape<>() {
          @Override
          void write(GetItem get, BodyWriter out) throws IOException {
            out.array(2);
            out.id(get.id);
            out.number(get.mask);
          }

          @Override
          GetItem read(BodyReader in) throws ProtocolException, IOException {
            in.fields(2);
            int mostMask = (1 << Limits.MASK_BITS_MAX) - 1;
            return new GetItem(in.id(), in.number(0, mostMask, "mask"));
          }
        };

    @Override
    public Type type() {
      return Type.GET_ITEM;
    }
  }

  /** The asker verifies it with {@link Entry#isGenuine()}. */
  record ItemIs(Entry item) implements Answer {
    static final Shape<ItemIs> BODY =
        new Shape<>() {
          @Override
          void write(ItemIs is, BodyWriter out) throws IOException {
            out.array(1);
            Entry.SHAPE.write(is.item, out);
          }

          @Override
          ItemIs read(BodyReader in) throws ProtocolException, IOException {
            in.fields(1);
            return new ItemIs(Entry.SHAPE.read(in));
          }
        };

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
    static final Shape<Store> BODY =
        new Shape<>() {
          @Override
          void write(Store store, BodyWriter out) throws IOException {
            out.array(2);
            Intent.SHAPE.write(store.intent, out);
            Entry.BATCH.write(store.entries, out);
          }

          @Override
          Store read(BodyReader in) throws ProtocolException, IOException {
            in.fields(2);
            Intent intent = Intent.SHAPE.read(in);
            return new Store(Entry.BATCH.read(in), intent);
          }
        };

    public Store {
      entries = List.copyOf(entries);
    }

    @Override
    public Type type() {
      return Type.STORE;
    }

    @Override
    public boolean maySend(Role role) {
      return intent == Intent.KEEP || role == Role.PEER;
    }

    @Override
    public List<Entry> payload() {
      return entries;
    }
  }

  /** A receipt for each entry, in the order of the request. */
  record Stored(List<Receipt> receipts) implements Answer {
    static final Shape<Stored> BODY =
        new Shape<>() {
          @Override
          void write(Stored is, BodyWriter out) throws IOException {
            out.array(1);
            Receipt.LIST.write(is.receipts, out);
          }

          @Override
          Stored read(BodyReader in) throws ProtocolException, IOException {
            in.fields(1);
            return new Stored(Receipt.LIST.read(in));
          }
        };

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
    private static final Shape<Scope> WHERE = Scope.upTo(Scope.RING);
    private static final Shape<List<Id>> IDS = Shape.ids(Limits.BATCH_ENTRIES_MAX);

    static final Shape<HaveItems> BODY =
        new Shape<>() {
          @Override
          void write(HaveItems have, BodyWriter out) throws IOException {
            out.array(2);
            WHERE.write(have.scope, out);
            IDS.write(have.ids, out);
          }

          @Override
          HaveItems read(BodyReader in) throws ProtocolException, IOException {
            in.fields(2);
            Scope scope = WHERE.read(in);
            return new HaveItems(IDS.read(in), scope);
          }
        };

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
    static final Shape<HaveThese> BODY =
        new Shape<>() {
          @Override
          void write(HaveThese is, BodyWriter out) throws IOException {
            out.array(1);
            Receipt.LIST.write(is.receipts, out);
          }

          @Override
          HaveThese read(BodyReader in) throws ProtocolException, IOException {
            in.fields(1);
            return new HaveThese(Receipt.LIST.read(in));
          }
        };

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
    static final Shape<Heartbeat> BODY =
        new Shape<>() {
          @Override
          void write(Heartbeat beat, BodyWriter out) throws IOException {
            out.array(2);
            out.unsigned(beat.incarnation);
            out.unsigned(beat.viewDigest);
          }

          @Override
          Heartbeat read(BodyReader in) throws ProtocolException, IOException {
            in.fields(2);
            return new Heartbeat(in.incarnation(), in.unsigned());
          }
        };

    @Override
    public Type type() {
      return Type.HEARTBEAT;
    }
  }

  /** So do I. */
  record Alive(long incarnation, long viewDigest) implements Answer {
    static final Shape<Alive> BODY =
        new Shape<>() {
          @Override
          void write(Alive beat, BodyWriter out) throws IOException {
            out.array(2);
            out.unsigned(beat.incarnation);
            out.unsigned(beat.viewDigest);
          }

          @Override
          Alive read(BodyReader in) throws ProtocolException, IOException {
            in.fields(2);
            return new Alive(in.incarnation(), in.unsigned());
          }
        };

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
    static final Shape<ExchangeView> BODY =
        Row.of(
            (whole, peers) -> new ExchangeView(peers, whole),
            Row.flag(ExchangeView::whole),
            Row.field(ExchangeView::peers, Peer.list(Limits.PEERS_MAX)));

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
    static final Shape<ViewIs> BODY =
        Row.of(
            (whole, peers) -> new ViewIs(peers, whole),
            Row.flag(ViewIs::whole),
            Row.field(ViewIs::peers, Peer.list(Limits.PEERS_MAX)));

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
    static final Shape<GetView> BODY = Row.of(new GetView());

    @Override
    public Type type() {
      return Type.GET_VIEW;
    }
  }

  /** The peers that the answerer knows, itself and the gone ones too; those on the ring first. */
  record ViewShows(List<KnownPeer> peers) implements Answer {
    static final Shape<ViewShows> BODY =
        Row.of(ViewShows::new, Row.field(ViewShows::peers, KnownPeer.LIST));

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
    static final Shape<GetStatus> BODY =
        Row.of(
            GetStatus::new,
            Row.field(GetStatus::holders, Shape.ids(1 << Limits.MASK_BITS_MAX)),
            Row.field(GetStatus::nodes, Arc.MAYBE));

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
    static final Shape<StatusIs> BODY =
        Row.of(
            StatusIs::new,
            Row.field(StatusIs::nodes, NodeStatus.LIST),
            Row.field(StatusIs::missing, MissingCopy.LIST),
            Row.field(StatusIs::until, Shape.ID));

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
    static final Shape<GetHealth> BODY =
        Row.of(GetHealth::new, Row.field(GetHealth::nodes, Arc.MAYBE));

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
    static final Shape<HealthIs> BODY =
        Row.of(
            HealthIs::new,
            Row.field(HealthIs::nodes, NodeHealth.LIST),
            Row.field(HealthIs::until, Shape.ID));

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
    static final Shape<Explain> BODY = Row.of(Explain::new, Row.field(Explain::id, Shape.ID));

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
    static final Shape<Explained> BODY =
        Row.of(
            Explained::new,
            Row.field(Explained::owners, Shape.ids(1 << Limits.MASK_BITS_MAX)),
            Row.field(Explained::keepers, Keeper.LIST));

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
    static final Shape<GetTable> BODY = Row.of(new GetTable());

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
    static final Shape<TableIs> BODY =
        Row.of(
            TableIs::new,
            Row.field(TableIs::routes, Route.LIST),
            Row.count(TableIs::guests, "guests"),
            Row.count(TableIs::serving, "serving"));

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
    static final Shape<GetSize> BODY =
        Row.of(GetSize::new, Row.number(GetSize::calls, 0, Limits.SIZE_CALLS_MAX, "calls"));

    @Override
    public Type type() {
      return Type.GET_SIZE;
    }
  }

  record SizeIs(Estimate nodes, Estimate items) implements Answer {
    static final Shape<SizeIs> BODY =
        Row.of(
            SizeIs::new,
            Row.field(SizeIs::nodes, Estimate.SHAPE),
            Row.field(SizeIs::items, Estimate.SHAPE));

    @Override
    public Type type() {
      return Type.GET_SIZE;
    }
  }

  /** How many entries do you hold of these arcs, and which fingerprint have they? */
  record GetSummaries(List<Arc> arcs) implements Request {
    static final Shape<GetSummaries> BODY =
        Row.of(GetSummaries::new, Row.field(GetSummaries::arcs, Arc.list(Limits.ARCS_MAX)));

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
    static final Shape<SummariesAre> BODY =
        Row.of(SummariesAre::new, Row.field(SummariesAre::extents, Extent.LIST));

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
  record Extent(int count, long fingerprint) {
    static final Shape<List<Extent>> LIST =
        Shape.list(
            Row.of(
                Extent::new, Row.count(Extent::count, "count"), Row.unsigned(Extent::fingerprint)),
            Limits.ARCS_MAX,
            3,
            "extents");
  }

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
    static final Shape<Slice> BODY =
        Row.of(
            Slice::new,
            Row.unsigned(Slice::session),
            Row.count(Slice::step, "step"),
            Row.field(Slice::arc, Arc.SHAPE),
            Row.field(Slice::giving, Shape.oneOf(List.of(Giving.values()), "giving")),
            Row.field(Slice::says, Shape.bytes(Limits.SLICE_BYTES_MAX)),
            Row.field(Slice::entries, Entry.BARE_BATCH));

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
    static final Shape<SliceIs> BODY =
        Row.of(
            SliceIs::new,
            Row.field(SliceIs::progress, Shape.oneOf(List.of(Progress.values()), "progress")),
            Row.unsigned(SliceIs::toGoBytes),
            Row.field(SliceIs::says, Shape.bytes(Limits.SLICE_BYTES_MAX)),
            Row.field(SliceIs::infos, EntryInfo.LIST),
            Row.field(SliceIs::entries, Entry.BARE_BATCH));

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
    static final Shape<KeepArcs> BODY =
        Row.of(KeepArcs::new, Row.field(KeepArcs::arcs, Arc.list(Limits.KEPT_ARCS_MAX)));

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
    static final Shape<ArcsKept> BODY = Row.of(new ArcsKept());

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
    static final Shape<Watch> BODY =
        Row.of(
            Watch::new,
            Row.field(Watch::arcs, Arc.SOME),
            Row.unsigned(Watch::journal),
            Row.unsigned(Watch::after),
            Row.field(Watch::scope, Scope.upTo(Scope.RING)));

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
    static final Shape<Signals> BODY =
        Row.of(
            Signals::new,
            Row.unsigned(Signals::journal),
            Row.unsigned(Signals::next),
            Row.flag(Signals::ready),
            Row.field(Signals::changes, Signal.LIST));

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
  record Signal(long sequence, EntryInfo entry) {
    static final Shape<List<Signal>> LIST =
        Shape.list(
            Row.of(
                Signal::new,
                Row.unsigned(Signal::sequence),
                Row.field(Signal::entry, EntryInfo.SHAPE)),
            Limits.SIGNALS_MAX,
            Id.BYTES,
            "changes");
  }

  /**
   * Get this message: a general one, to one node. Whoever is asked has it brought there. It is from
   * the requestor; from the asked node where a client asks.
   *
   * @param guid tells a message that comes again from a new one
   * @param text at most {@link Limits#TEXT_BYTES_MAX} bytes
   */
  record GetMessage(Guid guid, Id to, String text) implements Request {
    static final Shape<GetMessage> BODY =
        Row.of(
            GetMessage::new,
            Row.field(GetMessage::guid, Shape.GUID),
            Row.field(GetMessage::to, Shape.ID),
            Row.field(GetMessage::text, Shape.text(Limits.TEXT_BYTES_MAX)));

    @Override
    public Type type() {
      return Type.GET_MESSAGE;
    }
  }

  /** The node that it is to has it, now or since before. */
  record GotMessage() implements Answer {
    static final Shape<GotMessage> BODY = Row.of(new GotMessage());

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
    static final Shape<Broadcast> BODY =
        Row.of(
            Broadcast::new,
            Row.field(Broadcast::guid, Shape.GUID),
            Row.field(Broadcast::arc, Arc.SHAPE),
            Row.field(Broadcast::text, Shape.text(Limits.TEXT_BYTES_MAX)));

    @Override
    public Type type() {
      return Type.BROADCAST;
    }
  }

  /** The asked node has it, now or since before; of the others this says nothing. */
  record Heard() implements Answer {
    static final Shape<Heard> BODY = Row.of(new Heard());

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
    static final Shape<GetInbox> BODY =
        Row.of(
            GetInbox::new,
            Row.unsigned(GetInbox::session),
            Row.unsigned(GetInbox::after),
            Row.flag(GetInbox::waits));

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
    static final Shape<InboxIs> BODY =
        Row.of(
            InboxIs::new,
            Row.unsigned(InboxIs::session),
            Row.unsigned(InboxIs::next),
            Row.field(InboxIs::messages, Received.LIST));

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
  record Received(long sequence, Guid guid, Id from, boolean toAll, String text) {
    static final Shape<List<Received>> LIST =
        Shape.list(
            Row.of(
                Received::new,
                Row.unsigned(Received::sequence),
                Row.field(Received::guid, Shape.GUID),
                Row.field(Received::from, Shape.ID),
                Row.flag(Received::toAll),
                Row.field(Received::text, Shape.text(Limits.TEXT_BYTES_MAX))),
            Limits.INBOX_MAX,
            Guid.BYTES + Id.BYTES,
            "messages");
  }

  /**
   * Leave the ring: give what you hold to those who come to hold it, have it confirmed, and stop. A
   * long poll: answered when it has left, or after a while with how far it has come. Whoever asks
   * again is told of the same leave.
   *
   * @param now stop without handing over
   */
  record Leave(boolean now) implements Request {
    static final Shape<Leave> BODY = Row.of(Leave::new, Row.flag(Leave::now));

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
    static final Shape<LeaveIs> BODY =
        Row.of(
            LeaveIs::new,
            Row.flag(LeaveIs::left),
            Row.unsigned(LeaveIs::toGo),
            Row.field(LeaveIs::why, Shape.text(Limits.SENTENCE_BYTES_MAX)),
            Row.field(LeaveIs::handedOver, HandedOver.LIST));

    public LeaveIs {
      handedOver = List.copyOf(handedOver);
    }

    @Override
    public Type type() {
      return Type.LEAVE;
    }
  }

  /**
   * What do you understand beyond the first version of the protocol? Says what the asker does.
   * Between peers, once in the life of either.
   */
  record GetFeatures(List<Feature> features) implements Request {
    static final Shape<GetFeatures> BODY =
        Row.of(GetFeatures::new, Row.field(GetFeatures::features, Feature.LIST));

    public GetFeatures {
      features = List.copyOf(features);
    }

    @Override
    public Type type() {
      return Type.GET_FEATURES;
    }
  }

  record FeaturesAre(List<Feature> features) implements Answer {
    static final Shape<FeaturesAre> BODY =
        Row.of(FeaturesAre::new, Row.field(FeaturesAre::features, Feature.LIST));

    public FeaturesAre {
      features = List.copyOf(features);
    }

    @Override
    public Type type() {
      return Type.GET_FEATURES;
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
    /** That of a request of this type, which a later version may have. */
    static Shape<Failure> body(int typeCode) {
      return Row.of(
          (code, sentence, retry, peers) -> new Failure(typeCode, code, sentence, retry, peers),
          Row.field(Failure::code, ErrorCode.SHAPE),
          Row.field(Failure::sentence, Shape.text(Limits.SENTENCE_BYTES_MAX)),
          Row.flag(Failure::retry),
          Row.field(Failure::peers, Peer.list(Limits.PEERS_MAX)));
    }

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
