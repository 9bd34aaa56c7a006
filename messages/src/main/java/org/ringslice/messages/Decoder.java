package org.ringslice.messages;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.core.buffer.ArrayBufferInput;
import org.msgpack.value.ValueType;

/**
 * Reads messages that {@link Encoder} wrote, or that a stranger made up: every count and length is
 * held against its limit and against the bytes that are there before anything is allocated for it,
 * nothing is read recursively, and whatever departs from the grammar is a {@link ProtocolException}
 * or a {@link Message.Unreadable}, never another exception. Reuses its buffers, so a decoder
 * belongs to one thread.
 */
public final class Decoder {
  // text is no bytes and bytes are no text, so that each message has one reading
  private static final MessagePack.UnpackerConfig STRICT =
      new MessagePack.UnpackerConfig()
          .withAllowReadingStringAsBinary(false)
          .withAllowReadingBinaryAsString(false);

  private static final int THING_BYTES_MIN = 4;

  private final ArrayBufferInput input = new ArrayBufferInput(new byte[0]);
  private final MessageUnpacker in = STRICT.newUnpacker(input);
  private final ByteBuffer scratch = ByteBuffer.allocate(Id.BYTES);
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private final Sharing sharing;

  // of the frame being read
  private int frameBytes;

  public Decoder() {
    this(Sharing.NONE);
  }

  /**
   * @param sharing with other decoders in the same memory
   */
  public Decoder(Sharing sharing) {
    this.sharing = sharing;
  }

  /** What the first fields of a header say; they are the same in every version. */
  private record Preamble(int version, int typeCode, long processingId, Header.Form form) {}

  /**
   * The message in these frames. When the header can be read and the body cannot, it is {@link
   * Message.Unreadable}, so that a request can still be answered.
   *
   * @throws ProtocolException when not even the header can be read
   */
  public Envelope decode(Frames frames) throws ProtocolException {
    Preamble preamble;
    Header header;
    try {
      open(frames.header(), Limits.HEADER_BYTES_MAX);
      preamble = preamble();
      header = header(preamble);
    } catch (MessagePackException | IOException e) {
      throw malformed("the header is not MessagePack as the grammar has it");
    }
    return new Envelope(header, message(preamble, frames));
  }

  private Message message(Preamble preamble, Frames frames) {
    int type = preamble.typeCode();
    if (preamble.version() != Header.VERSION) {
      String why =
          "version " + preamble.version() + " of the protocol; this node speaks " + Header.VERSION;
      return new Message.Unreadable(type, ErrorCode.UNSUPPORTED_VERSION, why);
    }
    try {
      if (Type.ofCode(type) == null && preamble.form() != Header.Form.ERROR) {
        throw new ProtocolException(ErrorCode.UNKNOWN_TYPE, "no message has the type " + type);
      }
      open(frames.body(), Limits.BODY_BYTES_MAX);
      Message message =
          switch (preamble.form()) {
            case REQUEST -> request(Type.ofCode(type), frames.payload());
            case ANSWER -> answer(Type.ofCode(type), frames.payload());
            case ERROR -> failure(type);
            case SIGNAL ->
                throw new ProtocolException(
                    ErrorCode.UNKNOWN_TYPE, "no signal has the type " + type);
          };
      if (in.getTotalReadBytes() != frameBytes) {
        throw malformed("bytes after the end of the body");
      }
      int expectedFrames = 0;
      for (Entry entry : message.payload()) {
        expectedFrames += entry.alive() ? 1 : 0;
      }
      if (frames.payload().size() != expectedFrames) {
        throw malformed(
            frames.payload().size() + " payload frames where the body tells of " + expectedFrames);
      }
      return message;
    } catch (ProtocolException e) {
      return new Message.Unreadable(type, e.code(), e.getMessage());
    } catch (MessagePackException | IOException e) {
      return new Message.Unreadable(
          type, ErrorCode.MALFORMED, "the body is not MessagePack as the grammar has it");
    }
  }

  private void open(Bytes frame, int bytesMax) throws ProtocolException, IOException {
    if (frame.size() > bytesMax) {
      throw new ProtocolException(
          ErrorCode.TOO_LARGE, "a frame of " + frame.size() + " bytes; at most " + bytesMax);
    }
    frameBytes = frame.size();
    input.reset(frame.unsafeArray());
    in.reset(input);
  }

  private Preamble preamble() throws ProtocolException, IOException {
    int fields = in.unpackArrayHeader();
    int version = number(0, Integer.MAX_VALUE, "version");
    if (version == Header.VERSION ? fields != 7 : fields < 4) {
      throw malformed("a header of " + fields + " fields");
    }
    int type = number(0, Integer.MAX_VALUE, "type");
    long processingId = unsigned();
    Header.Form form = Header.Form.ofCode(in.unpackLong());
    if (form == null) {
      throw malformed("neither a request nor an answer, an error or a signal");
    }
    return new Preamble(version, type, processingId, form);
  }

  private Header header(Preamble preamble) throws ProtocolException, IOException {
    if (preamble.version() != Header.VERSION) {
      return new Header(preamble.processingId(), preamble.form(), Id.ZERO, Id.ZERO, 0);
    }
    Id requestor = id();
    Id target = id();
    int hops = number(0, Limits.HOPS_MAX, "hops");
    if (in.getTotalReadBytes() != frameBytes) {
      throw malformed("bytes after the end of the header");
    }
    return new Header(preamble.processingId(), preamble.form(), requestor, target, hops);
  }

  private Message request(Type type, List<Bytes> payload) throws ProtocolException, IOException {
    return switch (type) {
      case GET_ID -> {
        fields(1);
        yield new Message.GetId(identity());
      }
      case GET_PREV_PEER -> getPeers(Direction.PREV);
      case GET_NEXT_PEER -> getPeers(Direction.NEXT);
      case GET_PREV_ITEM -> getItems(Direction.PREV);
      case GET_NEXT_ITEM -> getItems(Direction.NEXT);
      case GET_THINGS -> getThings();
      case GET_ITEM -> {
        fields(2);
        yield new Message.GetItem(id(), number(0, (1 << Limits.MASK_BITS_MAX) - 1, "mask"));
      }
      case STORE -> {
        fields(2);
        Message.Intent intent = Message.Intent.values()[number(0, 1, "intent")];
        yield new Message.Store(entries(payload), intent);
      }
      case HEARTBEAT -> {
        fields(2);
        yield new Message.Heartbeat(incarnation(), unsigned());
      }
      case EXCHANGE_VIEW -> {
        fields(2);
        boolean whole = in.unpackBoolean();
        yield new Message.ExchangeView(peers(Limits.PEERS_MAX), whole);
      }
      case HAVE_ITEMS -> {
        fields(2);
        Message.Scope scope = scope(Message.Scope.RING);
        yield new Message.HaveItems(ids(Limits.BATCH_ENTRIES_MAX), scope);
      }
      case GET_VIEW -> {
        fields(0);
        yield new Message.GetView();
      }
      case GET_STATUS -> {
        fields(2);
        List<Id> holders = ids(1 << Limits.MASK_BITS_MAX);
        yield new Message.GetStatus(holders, arcs(1).stream().findFirst());
      }
      case GET_HEALTH -> {
        fields(1);
        yield new Message.GetHealth(arcs(1).stream().findFirst());
      }
      case EXPLAIN -> {
        fields(1);
        yield new Message.Explain(id());
      }
      case GET_TABLE -> {
        fields(0);
        yield new Message.GetTable();
      }
      case GET_SIZE -> {
        fields(1);
        yield new Message.GetSize(number(0, Limits.SIZE_CALLS_MAX, "calls"));
      }
      case GET_SUMMARIES -> {
        fields(1);
        yield new Message.GetSummaries(arcs(Limits.ARCS_MAX));
      }
      case GET_PLACE -> {
        fields(3);
        Id at = id();
        int around = number(0, Limits.AROUND_MAX, "neighbours");
        yield new Message.GetPlace(at, around, in.unpackBoolean());
      }
      case KEEP_ARCS -> {
        fields(1);
        yield new Message.KeepArcs(arcs(Limits.KEPT_ARCS_MAX));
      }
      case SLICE -> slice(payload);
      case WATCH -> {
        fields(4);
        List<Arc> arcs = arcs(Limits.WATCHED_ARCS_MAX);
        if (arcs.isEmpty()) {
          throw malformed("no arc at all");
        }
        long journal = unsigned();
        long after = unsigned();
        yield new Message.Watch(arcs, journal, after, scope(Message.Scope.RING));
      }
      case LEAVE -> {
        fields(1);
        yield new Message.Leave(in.unpackBoolean());
      }
      case GET_MESSAGE -> {
        fields(3);
        yield new Message.GetMessage(guid(), id(), text(Limits.TEXT_BYTES_MAX));
      }
      case BROADCAST -> {
        fields(3);
        yield new Message.Broadcast(guid(), arc(), text(Limits.TEXT_BYTES_MAX));
      }
      case GET_INBOX -> {
        fields(3);
        yield new Message.GetInbox(unsigned(), unsigned(), in.unpackBoolean());
      }
    };
  }

  private Message answer(Type type, List<Bytes> payload) throws ProtocolException, IOException {
    return switch (type) {
      case GET_ID -> {
        fields(1);
        yield new Message.IdIs(identity());
      }
      case GET_PREV_PEER -> peersAre(Direction.PREV);
      case GET_NEXT_PEER -> peersAre(Direction.NEXT);
      case GET_PREV_ITEM -> itemsAre(Direction.PREV);
      case GET_NEXT_ITEM -> itemsAre(Direction.NEXT);
      case GET_THINGS -> thingsAre();
      case GET_ITEM -> {
        fields(1);
        EntryInfo info = info();
        yield new Message.ItemIs(entry(info, payload, 0));
      }
      case STORE -> {
        fields(1);
        yield new Message.Stored(receipts());
      }
      case HEARTBEAT -> {
        fields(2);
        yield new Message.Alive(incarnation(), unsigned());
      }
      case EXCHANGE_VIEW -> {
        fields(2);
        boolean whole = in.unpackBoolean();
        yield new Message.ViewIs(peers(Limits.PEERS_MAX), whole);
      }
      case HAVE_ITEMS -> {
        fields(1);
        yield new Message.HaveThese(receipts());
      }
      case GET_VIEW -> {
        fields(1);
        yield new Message.ViewShows(knownPeers());
      }
      case GET_STATUS -> {
        fields(3);
        List<NodeStatus> nodes = statuses();
        yield new Message.StatusIs(nodes, missing(), id());
      }
      case GET_HEALTH -> {
        fields(2);
        yield new Message.HealthIs(healths(), id());
      }
      case EXPLAIN -> {
        fields(2);
        List<Id> owners = ids(1 << Limits.MASK_BITS_MAX);
        yield new Message.Explained(owners, keepers());
      }
      case GET_TABLE -> {
        fields(3);
        List<Route> routes = routes();
        int guests = number(0, Integer.MAX_VALUE, "guests");
        yield new Message.TableIs(routes, guests, number(0, Integer.MAX_VALUE, "serving"));
      }
      case GET_SIZE -> {
        fields(2);
        yield new Message.SizeIs(estimate(), estimate());
      }
      case GET_SUMMARIES -> {
        fields(1);
        yield new Message.SummariesAre(extents());
      }
      case GET_PLACE -> {
        fields(2);
        yield new Message.PlaceIs(peers(4 * Limits.AROUND_MAX + 1), route());
      }
      case KEEP_ARCS -> {
        fields(0);
        yield new Message.ArcsKept();
      }
      case SLICE -> sliceIs(payload);
      case WATCH -> {
        fields(4);
        long journal = unsigned();
        long next = unsigned();
        boolean ready = in.unpackBoolean();
        yield new Message.Signals(journal, next, ready, changes());
      }
      case LEAVE -> {
        fields(4);
        boolean left = in.unpackBoolean();
        long toGo = unsigned();
        String why = text(Limits.SENTENCE_BYTES_MAX);
        yield new Message.LeaveIs(left, toGo, why, handedOver());
      }
      case GET_MESSAGE -> {
        fields(0);
        yield new Message.GotMessage();
      }
      case BROADCAST -> {
        fields(0);
        yield new Message.Heard();
      }
      case GET_INBOX -> {
        fields(3);
        yield new Message.InboxIs(unsigned(), unsigned(), received());
      }
    };
  }

  private Message failure(int type) throws ProtocolException, IOException {
    fields(4);
    ErrorCode code = ErrorCode.ofCode(number(0, Integer.MAX_VALUE, "error code"));
    String sentence = text(Limits.SENTENCE_BYTES_MAX);
    boolean retry = in.unpackBoolean();
    // a newer node may know more errors; what it says of them still holds
    return new Message.Failure(
        type, code == null ? ErrorCode.MALFORMED : code, sentence, retry, peers(Limits.PEERS_MAX));
  }

  private Message getPeers(Direction direction) throws ProtocolException, IOException {
    fields(3);
    Id at = id();
    int count = number(1, Limits.PEERS_MAX, "count");
    return new Message.GetPeers(direction, at, count, in.unpackBoolean());
  }

  private Message peersAre(Direction direction) throws ProtocolException, IOException {
    fields(2);
    return new Message.PeersAre(direction, peers(Limits.PEERS_MAX), route());
  }

  private List<Message.Hop> route() throws ProtocolException, IOException {
    int length = count(Limits.HOPS_MAX, Id.BYTES, "route");
    List<Message.Hop> route = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      fields(2);
      route.add(new Message.Hop(id(), number(0, Integer.MAX_VALUE, "micros")));
    }
    return route;
  }

  private Message getItems(Direction direction) throws ProtocolException, IOException {
    fields(4);
    Id at = id();
    int count = number(1, Limits.ITEMS_MAX, "count");
    Id until = id();
    return new Message.GetItems(direction, at, count, until, scope(Message.Scope.SETTLED));
  }

  private Message itemsAre(Direction direction) throws ProtocolException, IOException {
    fields(1);
    return new Message.ItemsAre(direction, infos());
  }

  private Message getThings() throws ProtocolException, IOException {
    fields(5);
    Direction direction = number(0, 1, "direction") == 0 ? Direction.PREV : Direction.NEXT;
    Id at = id();
    int count = number(1, Limits.ITEMS_MAX, "count");
    Id until = id();
    return new Message.GetThings(direction, at, count, until, scope(Message.Scope.SETTLED));
  }

  private Message thingsAre() throws ProtocolException, IOException {
    fields(2);
    List<EntryInfo> items = infos();
    int length = count(Limits.ITEMS_MAX, THING_BYTES_MIN, "things");
    List<Thing> things = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      fields(3);
      int place = number(0, Limits.ITEMS_MAX - 1, "place");
      Nature nature = Nature.ofCode(number(0, Integer.MAX_VALUE, "nature"));
      long size = unsigned();
      if (place >= items.size() || size < 0) {
        throw malformed("a thing that is none of the items");
      }
      // what later versions may know of an item this one could not tell
      if (nature != null && nature != Nature.UNKNOWN) {
        things.add(new Thing(place, nature, size));
      }
    }
    return new Message.ThingsAre(items, things);
  }

  private List<EntryInfo> infos() throws ProtocolException, IOException {
    int length = count(Limits.ITEMS_MAX, Id.BYTES, "items");
    List<EntryInfo> items = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      items.add(info());
    }
    return items;
  }

  private Message slice(List<Bytes> payload) throws ProtocolException, IOException {
    fields(6);
    long session = unsigned();
    int step = number(0, Integer.MAX_VALUE, "step");
    Arc arc = arc();
    Message.Giving[] givings = Message.Giving.values();
    Message.Giving giving = givings[number(0, givings.length - 1, "giving")];
    return new Message.Slice(session, step, arc, giving, bytes(), bareEntries(payload));
  }

  private Message sliceIs(List<Bytes> payload) throws ProtocolException, IOException {
    fields(5);
    Message.Progress[] all = Message.Progress.values();
    Message.Progress progress = all[number(0, all.length - 1, "progress")];
    return new Message.SliceIs(progress, unsigned(), bytes(), infos(), bareEntries(payload));
  }

  private List<Entry> bareEntries(List<Bytes> payload) throws ProtocolException, IOException {
    int length = count(Limits.BATCH_ENTRIES_MAX, 1, "entries");
    List<Entry> entries = new ArrayList<>(length);
    int frame = 0;
    long sizeBytes = 0;
    for (int i = 0; i < length; i++) {
      Entry entry = bareEntry(payload, frame);
      entries.add(entry);
      frame += entry.alive() ? 1 : 0;
      sizeBytes += entry.bytes().size();
    }
    requireBatch(sizeBytes);
    return entries;
  }

  private Entry bareEntry(List<Bytes> payload, int frame) throws ProtocolException, IOException {
    if (in.getNextFormat().getValueType() == ValueType.ARRAY) {
      return entry(info(), payload, frame);
    }
    int size = number(0, Limits.BLOCK_BYTES_MAX, "size");
    if (frame >= payload.size() || payload.get(frame).size() != size) {
      throw malformed("a payload frame is missing or not of the size that the body tells");
    }
    return Entry.blob(payload.get(frame));
  }

  private List<Arc> arcs(int most) throws ProtocolException, IOException {
    int length = count(most, 2 * Id.BYTES, "arcs");
    List<Arc> arcs = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      arcs.add(arc());
    }
    return arcs;
  }

  private Arc arc() throws ProtocolException, IOException {
    fields(2);
    return new Arc(id(), id());
  }

  private List<Message.Extent> extents() throws ProtocolException, IOException {
    int length = count(Limits.ARCS_MAX, 3, "extents");
    List<Message.Extent> extents = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      fields(2);
      extents.add(new Message.Extent(number(0, Integer.MAX_VALUE, "count"), unsigned()));
    }
    return extents;
  }

  private Estimate estimate() throws ProtocolException, IOException {
    fields(4);
    return new Estimate(unsigned(), unsigned(), unsigned(), in.unpackBoolean());
  }

  private Bytes bytes() throws ProtocolException, IOException {
    int length = in.unpackBinaryHeader();
    if (length > Limits.SLICE_BYTES_MAX || length > remaining()) {
      throw malformed(length + " bytes; at most " + Limits.SLICE_BYTES_MAX);
    }
    return Bytes.wrap(in.readPayload(length));
  }

  private Identity identity() throws ProtocolException, IOException {
    fields(10);
    Id id = id();
    Role role = Role.ofCode(in.unpackInt());
    if (role == null) {
      throw malformed("a role that is unknown");
    }
    String network = text(Limits.NETWORK_BYTES_MAX);
    int maskBits = number(0, Limits.MASK_BITS_MAX, "mask bits");
    long incarnation = incarnation();
    long session = unsigned();
    List<Endpoint> endpoints = endpoints();
    String software = text(Limits.NETWORK_BYTES_MAX);
    int creditRequests = number(1, Integer.MAX_VALUE, "credit in requests");
    int creditBytes = number(Limits.BATCH_BYTES_MAX, Integer.MAX_VALUE, "credit in bytes");
    return new Identity(
        id,
        role,
        network,
        maskBits,
        incarnation,
        session,
        endpoints,
        software,
        creditRequests,
        creditBytes);
  }

  private List<Peer> peers(int most) throws ProtocolException, IOException {
    int length = count(most, Id.BYTES, "peers");
    List<Peer> peers = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      peers.add(peer());
    }
    return peers;
  }

  private Peer peer() throws ProtocolException, IOException {
    fields(4);
    Id id = ownId();
    long incarnation = incarnation();
    PeerState state = PeerState.ofCode(in.unpackInt());
    if (state == null) {
      throw malformed("a peer in a state that is unknown");
    }
    return sharing.peer(new Peer(id, incarnation, state, ownEndpoints()));
  }

  private List<KnownPeer> knownPeers() throws ProtocolException, IOException {
    int length = count(Limits.PEERS_MAX, Id.BYTES, "peers");
    List<KnownPeer> peers = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      fields(2);
      Peer peer = peer();
      How how = How.ofCode(in.unpackInt());
      if (how == null) {
        throw malformed("a peer known in a way that is unknown");
      }
      peers.add(new KnownPeer(peer, how));
    }
    return peers;
  }

  private List<Endpoint> endpoints() throws ProtocolException, IOException {
    return sharing.endpoints(ownEndpoints());
  }

  /** Endpoints that are shared with nobody yet. */
  private List<Endpoint> ownEndpoints() throws ProtocolException, IOException {
    int length = count(Limits.ENDPOINTS_MAX, 4, "endpoints");
    List<Endpoint> endpoints = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      fields(3);
      String host = ownText(Limits.HOST_BYTES_MAX);
      if (host.isEmpty()) {
        throw malformed("an endpoint without a host");
      }
      endpoints.add(new Endpoint(host, number(1, 65535, "port"), number(1, 65535, "port")));
    }
    return endpoints;
  }

  private List<Entry> entries(List<Bytes> payload) throws ProtocolException, IOException {
    int length = count(Limits.BATCH_ENTRIES_MAX, Id.BYTES, "entries");
    List<Entry> entries = new ArrayList<>(length);
    int frame = 0;
    long sizeBytes = 0;
    for (int i = 0; i < length; i++) {
      EntryInfo info = info();
      entries.add(entry(info, payload, frame));
      frame += info.alive() ? 1 : 0;
      sizeBytes += info.size();
    }
    requireBatch(sizeBytes);
    return entries;
  }

  private static void requireBatch(long sizeBytes) throws ProtocolException {
    if (sizeBytes > Limits.BATCH_BYTES_MAX) {
      throw new ProtocolException(
          ErrorCode.TOO_LARGE,
          "a batch of " + sizeBytes + " bytes; at most " + Limits.BATCH_BYTES_MAX);
    }
  }

  private static Entry entry(EntryInfo info, List<Bytes> payload, int frame)
      throws ProtocolException {
    if (!info.alive()) {
      return new Entry(info.id(), info.kind(), info.stamp(), false, Bytes.EMPTY);
    }
    if (frame >= payload.size() || payload.get(frame).size() != info.size()) {
      throw malformed("a payload frame is missing or not of the size that the body tells");
    }
    return new Entry(info.id(), info.kind(), info.stamp(), true, payload.get(frame));
  }

  private EntryInfo info() throws ProtocolException, IOException {
    fields(5);
    Id id = id();
    Kind kind = Kind.ofCode(in.unpackInt());
    if (kind == null) {
      throw malformed("an entry of a kind that is unknown");
    }
    long stamp = kind == Kind.RECORD ? unsigned() : upTo(Limits.STAMP_MAX, "stamp");
    boolean alive = in.unpackBoolean();
    int size = number(0, alive ? Limits.BLOCK_BYTES_MAX : 0, "size");
    return new EntryInfo(id, kind, stamp, alive, size);
  }

  private List<Receipt> receipts() throws ProtocolException, IOException {
    int length = count(Limits.BATCH_ENTRIES_MAX, Id.BYTES, "receipts");
    List<Receipt> receipts = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      fields(6);
      Id id = id();
      Receipt.Outcome outcome = Receipt.Outcome.ofCode(in.unpackLong());
      if (outcome == null) {
        throw malformed("a receipt with an outcome that is unknown");
      }
      int copies = number(0, Limits.PEERS_MAX, "copies");
      int wanted = number(0, Limits.PEERS_MAX, "copies");
      List<Id> holders = ids(1 << Limits.MASK_BITS_MAX);
      receipts.add(
          new Receipt(id, outcome, copies, wanted, holders, text(Limits.SENTENCE_BYTES_MAX)));
    }
    return receipts;
  }

  private List<NodeStatus> statuses() throws ProtocolException, IOException {
    int length = count(Limits.PEERS_MAX, Id.BYTES, "nodes");
    List<NodeStatus> nodes = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      fields(8);
      nodes.add(
          new NodeStatus(
              id(),
              unsigned(),
              unsigned(),
              unsigned(),
              unsigned(),
              unsigned(),
              unsigned(),
              text(Limits.SENTENCE_BYTES_MAX)));
    }
    return nodes;
  }

  private List<NodeHealth> healths() throws ProtocolException, IOException {
    int length = count(Limits.PEERS_MAX, Id.BYTES, "nodes");
    List<NodeHealth> nodes = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      fields(8);
      nodes.add(
          new NodeHealth(
              id(),
              unsigned(),
              ids(Limits.HEALTH_IDS_MAX),
              unsigned(),
              in.unpackBoolean(),
              unsigned(),
              ids(Limits.HEALTH_IDS_MAX),
              text(Limits.SENTENCE_BYTES_MAX)));
    }
    return nodes;
  }

  private List<HandedOver> handedOver() throws ProtocolException, IOException {
    int length = count(Limits.PEERS_MAX, Id.BYTES, "nodes");
    List<HandedOver> handedOver = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      fields(3);
      handedOver.add(new HandedOver(id(), unsigned(), unsigned()));
    }
    return handedOver;
  }

  private List<MissingCopy> missing() throws ProtocolException, IOException {
    int length = count(Limits.MISSING_MAX, 2 * Id.BYTES, "missing copies");
    List<MissingCopy> missing = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      fields(3);
      missing.add(new MissingCopy(id(), id(), text(Limits.SENTENCE_BYTES_MAX)));
    }
    return missing;
  }

  private List<Keeper> keepers() throws ProtocolException, IOException {
    int length = count(Limits.KEEPERS_MAX, Id.BYTES, "keepers");
    List<Keeper> keepers = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      fields(4);
      Id id = id();
      boolean holder = in.unpackBoolean();
      keepers.add(new Keeper(id, holder, in.unpackBoolean(), text(Limits.SENTENCE_BYTES_MAX)));
    }
    return keepers;
  }

  private List<Route> routes() throws ProtocolException, IOException {
    int length = count(Limits.PEERS_MAX, Id.BYTES, "routes");
    List<Route> routes = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      fields(5);
      Route.Relation relation = Route.Relation.ofCode(in.unpackInt());
      Peer peer = peer();
      Channel control = Channel.ofCode(in.unpackInt());
      Channel bulk = Channel.ofCode(in.unpackInt());
      if (relation == null || control == null || bulk == null) {
        throw malformed("a route of a kind or state that is unknown");
      }
      routes.add(new Route(relation, peer, control, bulk, number(0, Integer.MAX_VALUE, "pending")));
    }
    return routes;
  }

  private List<Message.Signal> changes() throws ProtocolException, IOException {
    int length = count(Limits.SIGNALS_MAX, Id.BYTES, "changes");
    List<Message.Signal> changes = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      fields(2);
      long sequence = unsigned();
      changes.add(new Message.Signal(sequence, info()));
    }
    return changes;
  }

  private List<Message.Received> received() throws ProtocolException, IOException {
    int length = count(Limits.INBOX_MAX, Guid.BYTES + Id.BYTES, "messages");
    List<Message.Received> messages = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      fields(5);
      long sequence = unsigned();
      Guid guid = guid();
      Id from = id();
      boolean toAll = in.unpackBoolean();
      messages.add(new Message.Received(sequence, guid, from, toAll, text(Limits.TEXT_BYTES_MAX)));
    }
    return messages;
  }

  private List<Id> ids(int most) throws ProtocolException, IOException {
    int length = count(most, Id.BYTES, "ids");
    List<Id> ids = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      ids.add(id());
    }
    return ids;
  }

  /** One up to the last that the type of the message knows. */
  private Message.Scope scope(Message.Scope last) throws ProtocolException, IOException {
    return Message.Scope.values()[number(0, last.ordinal(), "scope")];
  }

  private void fields(int expected) throws ProtocolException, IOException {
    int fields = in.unpackArrayHeader();
    if (fields != expected) {
      throw malformed("an array of " + fields + " where the grammar has " + expected);
    }
  }

  /** The length of an array of which each element takes at least {@code elementBytesMin} bytes. */
  private int count(int most, int elementBytesMin, String what)
      throws ProtocolException, IOException {
    int count = in.unpackArrayHeader();
    if (count > most) {
      throw new ProtocolException(ErrorCode.TOO_LARGE, count + " " + what + "; at most " + most);
    }
    if ((long) count * elementBytesMin > remaining()) {
      throw malformed("more " + what + " told of than there are bytes");
    }
    return count;
  }

  private long remaining() {
    return frameBytes - in.getTotalReadBytes();
  }

  private int number(int least, int most, String what) throws ProtocolException, IOException {
    int number = in.unpackInt();
    if (number < least || number > most) {
      throw malformed(what + " of " + number + ", not in [" + least + ", " + most + "]");
    }
    return number;
  }

  private long incarnation() throws ProtocolException, IOException {
    return upTo(Limits.INCARNATION_MAX, "incarnation");
  }

  private long upTo(long most, String what) throws ProtocolException, IOException {
    long value = unsigned();
    if (Long.compareUnsigned(value, most) > 0) {
      throw malformed("a " + what + " of " + Long.toUnsignedString(value) + "; at most " + most);
    }
    return value;
  }

  private long unsigned() throws ProtocolException, IOException {
    if (in.getNextFormat() == MessageFormat.UINT64) {
      // by hand, as the unpacker's own way leads through a BigInteger
      in.readPayload(scratch.array(), 0, 1 + Long.BYTES);
      return scratch.getLong(1);
    }
    long value = in.unpackLong();
    if (value < 0) {
      throw malformed("a number below zero where the grammar has none");
    }
    return value;
  }

  private Id id() throws ProtocolException, IOException {
    return sharing.id(ownId());
  }

  /** An id that is shared with nobody yet. */
  private Id ownId() throws ProtocolException, IOException {
    int length = in.unpackBinaryHeader();
    if (length != Id.BYTES) {
      throw malformed("an id of " + length + " bytes");
    }
    in.readPayload(scratch.array());
    return Id.readFrom(scratch);
  }

  private Guid guid() throws ProtocolException, IOException {
    int length = in.unpackBinaryHeader();
    if (length != Guid.BYTES) {
      throw malformed("a guid of " + length + " bytes");
    }
    in.readPayload(scratch.array(), 0, Guid.BYTES);
    return Guid.readFrom(scratch);
  }

  private String text(int bytesMax) throws ProtocolException, IOException {
    return sharing.text(ownText(bytesMax));
  }

  /** A text that is shared with nobody yet. */
  private String ownText(int bytesMax) throws ProtocolException, IOException {
    int length = in.unpackRawStringHeader();
    if (length > bytesMax || length > remaining()) {
      throw malformed("a text of " + length + " bytes; at most " + bytesMax);
    }
    try {
      return utf8.decode(ByteBuffer.wrap(in.readPayload(length))).toString();
    } catch (CharacterCodingException e) {
      throw malformed("a text that is not UTF-8");
    }
  }

  private static ProtocolException malformed(String sentence) {
    return new ProtocolException(ErrorCode.MALFORMED, sentence);
  }
}
