package org.ringslice.messages;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringslice.messages.Message.Intent;
import org.ringslice.messages.Message.Scope;
import org.ringslice.messages.Route.Relation;

/** What the examples of {@code PROTOCOL.md} say, built by hand. */
final class Examples {
  static final Id A = Id.fromHex("11".repeat(Id.BYTES));
  static final Id B = Id.fromHex("55".repeat(Id.BYTES));
  static final Id C = Id.fromHex("99".repeat(Id.BYTES));
  static final Id D = Id.fromHex("dd".repeat(Id.BYTES));
  static final Id CLIENT = Id.fromHex("e7".repeat(Id.BYTES));
  static final Id POINT = Id.fromHex("60" + "00".repeat(Id.BYTES - 1));

  static final Entry HELLO = Entry.blob(ascii("hello, ring\n"));
  static final long STAMP = 0x0199f3a6c8000001L;
  static final Entry OLD =
      new Entry(Id.sha256(ascii("old\n")), Kind.BLOB, STAMP, false, Bytes.EMPTY);
  static final EntryInfo RECORD =
      new EntryInfo(beginnings("lab/motd", "a record"), Kind.RECORD, STAMP, true, 21);

  private static final EntryInfo REMOVED =
      new EntryInfo(RECORD.id(), Kind.RECORD, STAMP + 1, false, 0);

  static final Endpoint AT_A = new Endpoint("192.168.7.11", 40001, 40002);
  static final Peer PEER_A = new Peer(A, 3, PeerState.ACTIVE, List.of(AT_A));
  static final Peer PEER_B = peer(B, 1, PeerState.ACTIVE, "192.168.7.12");
  static final Peer PEER_C = peer(C, 9, PeerState.ACTIVE, "fe80::c%eth0");
  static final Peer PEER_D = peer(D, 2, PeerState.SUSPECTED, "192.168.7.14");

  private static final long JOURNAL = 0x7b1cd0f29a3e4c58L;
  private static final long SEQUENCE = (5L << 40) + 41;
  private static final long SESSION_A = 0xf1e2d3c4b5a69788L;
  private static final long VIEW_DIGEST = 0x3e67a650afe30e01L;
  private static final List<Id> HOLDERS = List.of(C, D, B, A);

  private final Map<String, Envelope> byName = new LinkedHashMap<>();

  private Examples() {}

  /** The envelope of each example by its name. */
  static Map<String, Envelope> all() {
    Examples examples = new Examples();
    examples.identities();
    examples.peers();
    examples.items();
    examples.things();
    examples.features();
    examples.entries();
    examples.views();
    examples.inquiries();
    examples.comparisons();
    examples.keeping();
    examples.places();
    examples.changes();
    examples.generalMessages();
    examples.leaving();
    examples.errors();
    return examples.byName;
  }

  private void exchange(String name, Header header, Message.Request request, Message answer) {
    Envelope asked = new Envelope(header, request);
    byName.put(name + " request", asked);
    byName.put(name + " answer", asked.reply(answer));
  }

  private static Header header(long processingId, Id requestor, Id target) {
    return new Header(processingId, Header.Form.REQUEST, requestor, target, 0);
  }

  private void identities() {
    Identity client =
        new Identity(
            CLIENT,
            Role.CLIENT,
            "lab",
            0,
            1,
            0x0123456789abcdefL,
            List.of(),
            "ringcat 1.0",
            32,
            8 << 20);
    Identity node =
        new Identity(
            A, Role.PEER, "lab", 2, 3, SESSION_A, List.of(AT_A), "ringslice 0.1.0", 256, 64 << 20);
    exchange(
        "GetID", header(1, CLIENT, Id.ZERO), new Message.GetId(client), new Message.IdIs(node));
  }

  private void peers() {
    exchange(
        "GetPrevPeer",
        header(2, CLIENT, POINT),
        new Message.GetPeers(Direction.PREV, POINT, 2, false),
        new Message.PeersAre(Direction.PREV, List.of(PEER_B, PEER_A), List.of()));
    exchange(
        "GetNextPeer",
        header(3, CLIENT, POINT),
        new Message.GetPeers(Direction.NEXT, POINT, 2, true),
        new Message.PeersAre(
            Direction.NEXT,
            List.of(PEER_C, PEER_D),
            List.of(new Message.Hop(A, 412), new Message.Hop(B, 38))));
  }

  private void places() {
    exchange(
        "GetPlace",
        new Header(9006, Header.Form.REQUEST, A, POINT, 1),
        new Message.GetPlace(POINT, 1, true),
        new Message.PlaceIs(List.of(PEER_B, PEER_C, PEER_D), List.of(new Message.Hop(C, 0))));
  }

  private void items() {
    exchange(
        "GetPrevItem",
        header(4, CLIENT, C),
        new Message.GetItems(Direction.PREV, C, 2, B, Scope.HELD),
        new Message.ItemsAre(Direction.PREV, List.of(HELLO.info())));
    exchange(
        "GetNextItem",
        header(5, CLIENT, A),
        new Message.GetItems(Direction.NEXT, A, 1000, A, Scope.RING),
        new Message.ItemsAre(Direction.NEXT, List.of(HELLO.info(), RECORD)));
  }

  private void things() {
    exchange(
        "GetThings",
        header(26, CLIENT, Id.ZERO),
        new Message.GetThings(Direction.NEXT, A, 1000, A, Scope.RING),
        new Message.ThingsAre(
            List.of(HELLO.info(), RECORD), List.of(new Thing(0, Nature.FILE, 12))));
  }

  private void features() {
    List<Feature> all = List.of(Feature.COUNT);
    exchange(
        "GetFeatures",
        header(27, A, B),
        new Message.GetFeatures(all),
        new Message.FeaturesAre(List.of()));
    exchange(
        "GetCount",
        header(28, CLIENT, Id.ZERO),
        new Message.GetCount(new Arc(A, C), Scope.RING),
        new Message.CountIs(1234, 5_678_901, C));
  }

  private void entries() {
    exchange(
        "GetItem",
        header(6, CLIENT, HELLO.id()),
        new Message.GetItem(HELLO.id(), 0),
        new Message.ItemIs(HELLO));
    exchange(
        "Store",
        header(7, CLIENT, Id.ZERO),
        new Message.Store(List.of(HELLO, OLD), Intent.KEEP),
        new Message.Stored(
            List.of(
                new Receipt(HELLO.id(), Receipt.Outcome.STORED, 4, 4, HOLDERS, ""),
                new Receipt(
                    OLD.id(),
                    Receipt.Outcome.REFUSED,
                    0,
                    0,
                    List.of(),
                    "a dead entry is not taken"))));
    exchange(
        "HaveItems",
        header(8, CLIENT, Id.ZERO),
        new Message.HaveItems(List.of(HELLO.id(), OLD.id()), Scope.RING),
        new Message.HaveThese(
            List.of(
                new Receipt(HELLO.id(), Receipt.Outcome.PRESENT, 4, 4, HOLDERS, ""),
                new Receipt(OLD.id(), Receipt.Outcome.ABSENT, 0, 4, List.of(), ""))));
  }

  private void views() {
    exchange(
        "Heartbeat",
        header(9000, A, Id.ZERO),
        new Message.Heartbeat(3, 0x16e16a34cec36a12L),
        new Message.Alive(1, VIEW_DIGEST));
    exchange(
        "ExchangeView",
        header(9001, A, Id.ZERO),
        new Message.ExchangeView(List.of(PEER_A, PEER_B, PEER_D), true),
        new Message.ViewIs(List.of(PEER_C.in(PeerState.JOINING)), true));
    exchange(
        "GetView",
        header(12, CLIENT, Id.ZERO),
        new Message.GetView(),
        new Message.ViewShows(
            List.of(new KnownPeer(PEER_A, How.STATIC), new KnownPeer(PEER_B, How.MDNS))));
  }

  private void inquiries() {
    String silence = "it does not answer";
    exchange(
        "GetStatus",
        header(13, CLIENT, Id.ZERO),
        Message.GetStatus.ofNodes(Arc.wholeRing(Id.ZERO)),
        new Message.StatusIs(
            List.of(
                new NodeStatus(A, 1, 12, 0, 0, 0, VIEW_DIGEST, ""),
                new NodeStatus(B, 1, 12, 0, 0, 0, VIEW_DIGEST, ""),
                new NodeStatus(C, 1, 12, 1, 1, 12, VIEW_DIGEST, ""),
                NodeStatus.silent(D, "no answer by the deadline")),
            List.of(new MissingCopy(HELLO.id(), D, silence)),
            Id.ZERO));
    exchange(
        "GetHealth",
        header(20, CLIENT, Id.ZERO),
        new Message.GetHealth(Optional.of(Arc.wholeRing(Id.ZERO))),
        new Message.HealthIs(
            List.of(
                new NodeHealth(A, 1, List.of(HELLO.id()), 0, false, 1, List.of(OLD.id()), ""),
                new NodeHealth(B, 0, List.of(), 12, true, 0, List.of(), ""),
                NodeHealth.silent(D, "no answer by the deadline")),
            Id.ZERO));
    exchange(
        "Explain",
        header(14, CLIENT, Id.ZERO),
        new Message.Explain(HELLO.id()),
        new Message.Explained(
            List.of(C, D, C, B),
            List.of(
                new Keeper(C, true, true, ""),
                new Keeper(D, true, false, silence),
                new Keeper(B, true, true, ""),
                new Keeper(A, true, true, ""))));
    exchange(
        "GetTable",
        header(15, CLIENT, Id.ZERO),
        new Message.GetTable(),
        new Message.TableIs(
            List.of(
                new Route(Relation.PREVIOUS, PEER_D, Channel.WAITING, Channel.CLOSED, 1),
                new Route(Relation.PREVIOUS, PEER_C, Channel.READY, Channel.CLOSED, 0),
                new Route(Relation.NEXT, PEER_B, Channel.READY, Channel.READY, 3)),
            4,
            1));
    exchange(
        "GetSize",
        header(17, CLIENT, Id.ZERO),
        new Message.GetSize(12),
        new Message.SizeIs(Estimate.exactly(4), new Estimate(1040, 980, 1101, false)));
  }

  private void comparisons() {
    Arc arc = new Arc(A, B);
    exchange(
        "GetSummaries",
        header(9002, A, B),
        new Message.GetSummaries(List.of(arc, Arc.wholeRing(Id.ZERO))),
        new Message.SummariesAre(
            List.of(new Message.Extent(0, 0), new Message.Extent(2, 0xa8c1915f6f0d5d46L))));
    exchange(
        "Slice",
        header(9003, A, B),
        new Message.Slice(12345, 2, arc, Message.Giving.BOTH, hex("091f2e"), List.of(HELLO, OLD)),
        new Message.SliceIs(
            Message.Progress.DONE, 0, hex("2b1f2e0123456789abcdef"), List.of(), List.of(HELLO)));
  }

  private void keeping() {
    exchange(
        "KeepArcs",
        header(9005, A, Id.ZERO),
        new Message.KeepArcs(List.of(new Arc(B, C))),
        new Message.ArcsKept());
  }

  private static Bytes hex(String hex) {
    return Bytes.wrap(HexFormat.of().parseHex(hex));
  }

  private void changes() {
    exchange(
        "Watch",
        header(16, CLIENT, Id.ZERO),
        new Message.Watch(List.of(new Arc(B, C)), JOURNAL, SEQUENCE, Scope.RING),
        new Message.Signals(
            JOURNAL,
            SEQUENCE + 3,
            true,
            List.of(
                new Message.Signal(SEQUENCE + 1, HELLO.info()),
                new Message.Signal(SEQUENCE + 3, REMOVED))));
    byName.put(
        "Watch error",
        byName
            .get("Watch request")
            .reply(
                new Message.Failure(
                    Type.WATCH.code(),
                    ErrorCode.FORGOTTEN,
                    "that cursor is of another journal",
                    false,
                    List.of())));
  }

  private void generalMessages() {
    Guid guid = new Guid(0x0f1e2d3c4b5a6978L, 0x8796a5b4c3d2e1f0L);
    exchange(
        "GetMessage",
        header(18, CLIENT, Id.ZERO),
        new Message.GetMessage(guid, B, "tea is ready"),
        new Message.GotMessage());
    Header fromA = new Header(9007, Header.Form.REQUEST, A, Id.ZERO, 1);
    exchange(
        "Broadcast",
        fromA,
        new Message.Broadcast(guid, new Arc(B.previous(), D.previous()), "tea is ready"),
        new Message.Heard());
    exchange(
        "GetInbox",
        header(19, CLIENT, Id.ZERO),
        new Message.GetInbox(SESSION_A, 41, true),
        new Message.InboxIs(
            SESSION_A, 42, List.of(new Message.Received(42, guid, B, true, "tea is ready"))));
  }

  private void leaving() {
    exchange(
        "Leave",
        header(19, CLIENT, Id.ZERO),
        new Message.Leave(false),
        new Message.LeaveIs(true, 0, "", List.of(new HandedOver(D, 1, 12))));
  }

  private void errors() {
    byName.put(
        "GetItem error",
        byName
            .get("GetItem request")
            .reply(
                new Message.Failure(
                    Type.GET_ITEM.code(),
                    ErrorCode.ELSEWHERE,
                    "not here; ask its holders",
                    true,
                    List.of(PEER_C, PEER_D))));
    refused("Unknown type", header(10, CLIENT, Id.ZERO), 99, ErrorCode.UNKNOWN_TYPE);
    refused("Newer version", header(11, Id.ZERO, Id.ZERO), 6, ErrorCode.UNSUPPORTED_VERSION);
  }

  /** A request that can't be read, and the error that it brings. */
  private void refused(String name, Header header, int typeCode, ErrorCode code) {
    String why =
        code == ErrorCode.UNKNOWN_TYPE
            ? "no message has the type 99"
            : "version 2 of the protocol; this node speaks 1";
    Message.Unreadable unreadable = new Message.Unreadable(typeCode, code, why);
    Envelope asked = new Envelope(header, unreadable);
    byName.put(name + " request", asked);
    byName.put(name + " error", asked.reply(Message.Failure.of(unreadable, code, why)));
  }

  private static Peer peer(Id id, long incarnation, PeerState state, String host) {
    return new Peer(id, incarnation, state, List.of(new Endpoint(host, 40001, 40002)));
  }

  private static Bytes ascii(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** The first halves of two hashes, as the id of a record is made. */
  private static Id beginnings(String name, String record) {
    String left = Id.sha256(ascii(name)).toHex().substring(0, Id.BYTES);
    return Id.fromHex(left + Id.sha256(ascii(record)).toHex().substring(0, Id.BYTES));
  }
}
