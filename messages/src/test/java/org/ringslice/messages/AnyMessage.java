package org.ringslice.messages;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.domains.DomainContextBase;
import org.ringslice.messages.Route.Relation;

/** Arbitrary ids, arcs and messages, within the limits, and often at them. */
class AnyMessage extends DomainContextBase {

  @Provide
  Arbitrary<Id> ids() {
    return Combinators.combine(u64(), u64(), u64(), u64()).as(Id::ofWords);
  }

  private static Arbitrary<Long> u64() {
    return Arbitraries.frequencyOf(
        Tuple.of(2, Arbitraries.longs()),
        Tuple.of(2, Arbitraries.of(0L, 1L, -1L, Long.MIN_VALUE, Long.MAX_VALUE)),
        Tuple.of(1, Arbitraries.longs().between(0, 1L << 33)));
  }

  /** Up to the greatest stamp, and the greatest incarnation. */
  private static Arbitrary<Long> u63() {
    return u64().map(value -> value & Long.MAX_VALUE);
  }

  private static Arbitrary<Integer> number(int least, int most) {
    return Arbitraries.frequencyOf(
        Tuple.of(3, Arbitraries.integers().between(least, most)),
        Tuple.of(1, Arbitraries.of(least, most)));
  }

  @Provide
  Arbitrary<Arc> arcs() {
    Arbitrary<Arc> any = Combinators.combine(ids(), ids()).as(Arc::new);
    Arbitrary<Arc> near =
        Combinators.combine(ids(), number(0, 3))
            .as((from, steps) -> new Arc(from, step(from, steps)));
    return Arbitraries.oneOf(any, near);
  }

  private static Id step(Id from, int steps) {
    return steps == 0 ? from : step(from.next(), steps - 1);
  }

  @Provide
  Arbitrary<Endpoint> endpoints() {
    Arbitrary<String> host =
        Arbitraries.oneOf(
            Arbitraries.of("192.168.7.11", "fe80::1%eth0", "::1", "node-3.local"),
            text(Limits.HOST_BYTES_MAX).filter(text -> !text.isEmpty()));
    Arbitrary<Integer> port = number(1, 65535);
    return Combinators.combine(host, port, port).as(Endpoint::new);
  }

  @Provide
  Arbitrary<Peer> peers() {
    return Combinators.combine(
            ids(),
            u63(),
            Arbitraries.of(PeerState.class),
            endpoints().list().ofMaxSize(Limits.ENDPOINTS_MAX))
        .as(Peer::new);
  }

  @Provide
  Arbitrary<Entry> entries() {
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(80);
    Arbitrary<Kind> kind = Arbitraries.of(Kind.class);
    Arbitrary<Entry> living =
        Combinators.combine(ids(), kind, u63(), bytes)
            .as((id, k, stamp, array) -> new Entry(id, k, stamp, true, Bytes.wrap(array)));
    Arbitrary<Entry> dead =
        Combinators.combine(ids(), kind, u63())
            .as((id, k, stamp) -> new Entry(id, k, stamp, false, Bytes.EMPTY));
    return Arbitraries.oneOf(living, dead);
  }

  @Provide
  Arbitrary<Envelope> envelopes() {
    Arbitrary<Integer> hops = number(0, Limits.HOPS_MAX);
    return Combinators.combine(messages(), u64(), ids(), ids(), hops)
        .as(
            (message, processingId, requestor, target, hop) ->
                new Envelope(
                    new Header(processingId, form(message), requestor, target, hop), message));
  }

  private static Header.Form form(Message message) {
    if (message instanceof Message.Failure) {
      return Header.Form.ERROR;
    }
    return message instanceof Message.Request ? Header.Form.REQUEST : Header.Form.ANSWER;
  }

  private Arbitrary<Message> messages() {
    List<Arbitrary<? extends Message>> all = new ArrayList<>();
    all.add(identities().map(Message.GetId::new));
    all.add(identities().map(Message.IdIs::new));
    all.addAll(aboutPeers());
    all.addAll(aboutItems());
    all.addAll(aboutEntries());
    all.addAll(aboutTheRing());
    all.addAll(aboutSlices());
    all.addAll(aboutChanges());
    all.addAll(aboutGeneralMessages());
    all.addAll(aboutLeaving());
    all.add(failures());
    return Arbitraries.<Message>oneOf(all);
  }

  private List<Arbitrary<? extends Message>> aboutPeers() {
    Arbitrary<Direction> direction = Arbitraries.of(Direction.class);
    Arbitrary<Integer> count = number(1, Limits.PEERS_MAX);
    Arbitrary<Message.Hop> hop =
        Combinators.combine(ids(), number(0, Integer.MAX_VALUE)).as(Message.Hop::new);
    Arbitrary<Boolean> bool = Arbitraries.of(false, true);
    return List.of(
        Combinators.combine(direction, ids(), count, bool).as(Message.GetPeers::new),
        Combinators.combine(direction, few(peers()), hop.list().ofMaxSize(Limits.HOPS_MAX))
            .as(Message.PeersAre::new),
        Combinators.combine(u63(), u64()).as(Message.Heartbeat::new),
        Combinators.combine(u63(), u64()).as(Message.Alive::new),
        Combinators.combine(few(peers()), bool).as(Message.ExchangeView::new),
        Combinators.combine(few(peers()), bool).as(Message.ViewIs::new),
        Combinators.combine(ids(), number(0, Limits.AROUND_MAX), bool).as(Message.GetPlace::new),
        Combinators.combine(peers().list().ofMaxSize(2), hop.list().ofMaxSize(Limits.HOPS_MAX))
            .as(Message.PlaceIs::new),
        Arbitraries.just(new Message.GetView()),
        few(Combinators.combine(peers(), Arbitraries.of(How.class)).as(KnownPeer::new))
            .map(Message.ViewShows::new));
  }

  private List<Arbitrary<? extends Message>> aboutItems() {
    Arbitrary<Direction> direction = Arbitraries.of(Direction.class);
    Arbitrary<Message.Scope> scope = Arbitraries.of(Message.Scope.class);
    Arbitrary<Integer> count = number(1, Limits.ITEMS_MAX);
    Arbitrary<EntryInfo> info = entries().map(Entry::info);
    return List.of(
        Combinators.combine(direction, ids(), count, ids(), scope).as(Message.GetItems::new),
        Combinators.combine(direction, few(info)).as(Message.ItemsAre::new),
        Combinators.combine(direction, ids(), count, ids(), scope).as(Message.GetThings::new),
        few(info).flatMap(AnyMessage::withThings),
        Combinators.combine(few(ids()), heldOrRing()).as(Message.HaveItems::new),
        few(receipts()).map(Message.HaveThese::new));
  }

  private static Arbitrary<Message.ThingsAre> withThings(List<EntryInfo> items) {
    if (items.isEmpty()) {
      return Arbitraries.just(new Message.ThingsAre(items, List.of()));
    }
    Arbitrary<Nature> nature =
        Arbitraries.of(Nature.BLOCK, Nature.FILE, Nature.FOLDER, Nature.MANIFEST);
    Arbitrary<Long> size = Arbitraries.longs().between(0, Long.MAX_VALUE);
    return few(Combinators.combine(number(0, items.size() - 1), nature, size).as(Thing::new))
        .map(things -> new Message.ThingsAre(items, things));
  }

  private static Arbitrary<Message.Scope> heldOrRing() {
    return Arbitraries.of(Message.Scope.HELD, Message.Scope.RING);
  }

  private List<Arbitrary<? extends Message>> aboutChanges() {
    Arbitrary<Message.Signal> signal =
        Combinators.combine(u64(), entries().map(Entry::info)).as(Message.Signal::new);
    Arbitrary<List<Arc>> someArcs = arcs().list().ofMinSize(1).ofMaxSize(6);
    return List.of(
        Combinators.combine(someArcs, u64(), u64(), heldOrRing()).as(Message.Watch::new),
        Combinators.combine(u64(), u64(), Arbitraries.of(false, true), few(signal))
            .as(Message.Signals::new));
  }

  private List<Arbitrary<? extends Message>> aboutGeneralMessages() {
    Arbitrary<Guid> guids = Combinators.combine(u64(), u64()).as(Guid::new);
    Arbitrary<String> text = text(Limits.TEXT_BYTES_MAX);
    Arbitrary<Boolean> bool = Arbitraries.of(false, true);
    Arbitrary<Message.Received> received =
        Combinators.combine(u64(), guids, ids(), bool, text).as(Message.Received::new);
    return List.of(
        Combinators.combine(guids, ids(), text).as(Message.GetMessage::new),
        Arbitraries.just(new Message.GotMessage()),
        Combinators.combine(guids, arcs(), text).as(Message.Broadcast::new),
        Arbitraries.just(new Message.Heard()),
        Combinators.combine(u64(), u64(), bool).as(Message.GetInbox::new),
        Combinators.combine(u64(), u64(), few(received)).as(Message.InboxIs::new));
  }

  private List<Arbitrary<? extends Message>> aboutEntries() {
    Arbitrary<Integer> mask = number(0, (1 << Limits.MASK_BITS_MAX) - 1);
    return List.of(
        Combinators.combine(ids(), mask).as(Message.GetItem::new),
        entries().map(Message.ItemIs::new),
        Combinators.combine(few(entries()), Arbitraries.of(Message.Intent.class))
            .as(Message.Store::new),
        few(receipts()).map(Message.Stored::new));
  }

  private List<Arbitrary<? extends Message>> aboutTheRing() {
    Arbitrary<String> why = text(Limits.SENTENCE_BYTES_MAX);
    Arbitrary<Boolean> bool = Arbitraries.of(false, true);
    Arbitrary<Integer> any = number(0, Integer.MAX_VALUE);
    Arbitrary<List<Id>> holders = ids().list().ofMaxSize(1 << Limits.MASK_BITS_MAX);
    Arbitrary<NodeStatus> status =
        Combinators.combine(ids(), u64(), u64(), u64(), u64(), u64(), u64(), why)
            .as(NodeStatus::new);
    Arbitrary<NodeHealth> health =
        Combinators.combine(ids(), u64(), few(ids()), u64(), bool, u64(), few(ids()), why)
            .as(NodeHealth::new);
    Arbitrary<MissingCopy> missing = Combinators.combine(ids(), ids(), why).as(MissingCopy::new);
    Arbitrary<Keeper> keeper = Combinators.combine(ids(), bool, bool, why).as(Keeper::new);
    Arbitrary<Estimate> estimate = Combinators.combine(u64(), u64(), u64(), bool).as(Estimate::new);
    Arbitrary<Channel> channel = Arbitraries.of(Channel.class);
    Arbitrary<Route> route =
        Combinators.combine(Arbitraries.of(Relation.class), peers(), channel, channel, any)
            .as(Route::new);
    return List.of(
        Combinators.combine(holders, arcs().optional()).as(Message.GetStatus::new),
        Combinators.combine(few(status), few(missing), ids()).as(Message.StatusIs::new),
        arcs().optional().map(Message.GetHealth::new),
        features().map(Message.GetFeatures::new),
        Combinators.combine(arcs(), Arbitraries.of(Message.Scope.class)).as(Message.GetCount::new),
        Combinators.combine(u64(), u64(), ids()).as(Message.CountIs::new),
        features().map(Message.FeaturesAre::new),
        Combinators.combine(few(health), ids()).as(Message.HealthIs::new),
        ids().map(Message.Explain::new),
        Combinators.combine(holders, few(keeper)).as(Message.Explained::new),
        number(0, Limits.SIZE_CALLS_MAX).map(Message.GetSize::new),
        Combinators.combine(estimate, estimate).as(Message.SizeIs::new),
        Arbitraries.just(new Message.GetTable()),
        Combinators.combine(few(route), any, any).as(Message.TableIs::new));
  }

  private static Arbitrary<List<Feature>> features() {
    return Arbitraries.of(Feature.class).set().map(set -> set.stream().sorted().toList());
  }

  private List<Arbitrary<? extends Message>> aboutLeaving() {
    Arbitrary<HandedOver> handedOver = Combinators.combine(ids(), u64(), u64()).as(HandedOver::new);
    Arbitrary<Boolean> bool = Arbitraries.of(false, true);
    return List.of(
        bool.map(Message.Leave::new),
        Combinators.combine(bool, u64(), text(Limits.SENTENCE_BYTES_MAX), few(handedOver))
            .as(Message.LeaveIs::new));
  }

  private List<Arbitrary<? extends Message>> aboutSlices() {
    Arbitrary<Arc> arc = Combinators.combine(ids(), ids()).as(Arc::new);
    Arbitrary<Integer> any = number(0, Integer.MAX_VALUE);
    Arbitrary<Message.Extent> extent = Combinators.combine(any, u64()).as(Message.Extent::new);
    Arbitrary<Bytes> says = Arbitraries.bytes().array(byte[].class).ofMaxSize(300).map(Bytes::wrap);
    Arbitrary<Entry> entry =
        Arbitraries.oneOf(entries().filter(each -> !each.isPlainBlob()), plainBlobs());
    return List.of(
        few(arc).map(Message.GetSummaries::new),
        few(arc).map(Message.KeepArcs::new),
        Arbitraries.just(new Message.ArcsKept()),
        few(extent).map(Message.SummariesAre::new),
        Combinators.combine(u64(), any, arc, Arbitraries.of(Message.Giving.class), says, few(entry))
            .as(Message.Slice::new),
        Combinators.combine(
                Arbitraries.of(Message.Progress.class),
                u64(),
                says,
                few(entries().map(Entry::info)),
                few(entry))
            .as(Message.SliceIs::new));
  }

  private static Arbitrary<Entry> plainBlobs() {
    return Arbitraries.bytes()
        .array(byte[].class)
        .ofMaxSize(80)
        .map(bytes -> Entry.blob(Bytes.wrap(bytes)));
  }

  private Arbitrary<Message.Failure> failures() {
    return Combinators.combine(
            number(0, Integer.MAX_VALUE),
            Arbitraries.of(ErrorCode.class),
            text(Limits.SENTENCE_BYTES_MAX),
            Arbitraries.of(false, true),
            few(peers()))
        .as(Message.Failure::new);
  }

  private Arbitrary<Identity> identities() {
    record Start(long incarnation, long session, int creditRequests, int creditBytes) {}
    Arbitrary<Start> starts =
        Combinators.combine(
                u63(),
                u64(),
                number(1, Integer.MAX_VALUE),
                number(Limits.BATCH_BYTES_MAX, Integer.MAX_VALUE))
            .as(Start::new);
    return Combinators.combine(
            ids(),
            Arbitraries.of(Role.class),
            text(Limits.NETWORK_BYTES_MAX),
            number(0, Limits.MASK_BITS_MAX),
            starts,
            endpoints().list().ofMaxSize(Limits.ENDPOINTS_MAX),
            text(Limits.NETWORK_BYTES_MAX))
        .as(
            (id, role, network, maskBits, start, endpoints, software) ->
                new Identity(
                    id,
                    role,
                    network,
                    maskBits,
                    start.incarnation(),
                    start.session(),
                    endpoints,
                    software,
                    start.creditRequests(),
                    start.creditBytes()));
  }

  private Arbitrary<Receipt> receipts() {
    Arbitrary<Integer> copies = number(0, Limits.PEERS_MAX);
    return Combinators.combine(
            ids(),
            Arbitraries.of(Receipt.Outcome.class),
            copies,
            copies,
            ids().list().ofMaxSize(1 << Limits.MASK_BITS_MAX),
            text(Limits.SENTENCE_BYTES_MAX))
        .as(Receipt::new);
  }

  private static <T> Arbitrary<List<T>> few(Arbitrary<T> of) {
    return of.list().ofMaxSize(6);
  }

  /** Text of one to four bytes a character, which has a form in UTF-8. */
  private static Arbitrary<String> text(int bytesMax) {
    Arbitrary<String> ascii = Arbitraries.strings().ascii().ofMaxLength(bytesMax);
    Arbitrary<String> any =
        Arbitraries.strings().ofMaxLength(bytesMax / 3).filter(AnyMessage::hasNoLoneSurrogate);
    Arbitrary<String> astral =
        number(0x10000, 0x10ffff)
            .list()
            .ofMaxSize(bytesMax / 4)
            .map(points -> points.stream().map(Character::toString).reduce("", String::concat));
    return Arbitraries.oneOf(ascii, any, astral);
  }

  private static boolean hasNoLoneSurrogate(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}
