package org.ringslice.messages;

import static java.util.Collections.nCopies;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each limit lets through what keeps to it, and what is one past it meets what the document says.
 */
class LimitsTest {
  private static final Specification DOCUMENT = Specification.read();
  private static final EntryInfo INFO = new EntryInfo(Id.MAX, Kind.BLOB, 0, true, 1);
  private static final MissingCopy MISSING_COPY = new MissingCopy(Id.MAX, Id.MAX, "");
  private static final Keeper KEEPER = new Keeper(Id.MAX, true, false, "");

  private static final Message.Received RECEIVED =
      new Message.Received(1, new Guid(-1, -1), Id.MAX, true, "x".repeat(Limits.TEXT_BYTES_MAX));

  static List<String> limits() {
    List<String> limits = new ArrayList<>(DOCUMENT.table("limit").column("limit"));
    limits.remove("FRAME_BYTES_MAX"); // the socket's
    return limits;
  }

  @ParameterizedTest
  @MethodSource("limits")
  void whatIsAtALimitIsReadAndWhatIsPastItIsNot(String limit) {
    assertTrue(isWithinLimits(frames(limit, 0)), limit + " itself is refused");
    int row = DOCUMENT.table("limit").column("limit").indexOf(limit);
    String pastIt = DOCUMENT.table("limit").column("past it").get(row);
    Optional<ErrorCode> expected =
        pastIt.equals("dropped and counted")
            ? Optional.empty()
            : Optional.of(ErrorCode.valueOf(pastIt));
    assertEquals(expected, Hostile.refusal(frames(limit, 1)));
  }

  /** Whether nothing is said against a message but that it is of a later version. */
  private static boolean isWithinLimits(Frames frames) {
    Optional<Envelope> envelope = Hostile.decode(frames);
    return envelope.isPresent()
        && (!(envelope.get().message() instanceof Message.Unreadable)
            || Hostile.refusal(frames).equals(Optional.of(ErrorCode.UNSUPPORTED_VERSION)));
  }

  private static Frames slice(byte[] says) {
    Arc arc = Arc.wholeRing(Id.ZERO);
    return encoded(new Message.Slice(1, 0, arc, Message.Giving.BOTH, Bytes.wrap(says), List.of()));
  }

  /** A message that has as much of something as a limit allows, and {@code more}. */
  private static Frames frames(String limit, int more) {
    return switch (limit) {
      case "BLOCK_BYTES_MAX" -> encoded(new Message.ItemIs(blob(Limits.BLOCK_BYTES_MAX + more)));
      case "HEADER_BYTES_MAX" -> ofAnotherVersion(Limits.HEADER_BYTES_MAX + more);
      case "BODY_BYTES_MAX" -> bodyOf(more);
      case "BATCH_ENTRIES_MAX" ->
          encoded(
              new Message.Store(
                  nCopies(Limits.BATCH_ENTRIES_MAX + more, blob(1)), Message.Intent.KEEP));
      case "BATCH_BYTES_MAX" -> batch(more);
      case "PEERS_MAX" ->
          encoded(new Message.ViewIs(nCopies(Limits.PEERS_MAX + more, Examples.PEER_A), true));
      case "AROUND_MAX" -> encoded(new Message.GetPlace(Id.ZERO, Limits.AROUND_MAX + more, false));
      case "ITEMS_MAX" ->
          encoded(new Message.ItemsAre(Direction.NEXT, nCopies(Limits.ITEMS_MAX + more, INFO)));
      case "MISSING_MAX" ->
          encoded(
              new Message.StatusIs(
                  List.of(), nCopies(Limits.MISSING_MAX + more, MISSING_COPY), Id.ZERO));
      case "HEALTH_IDS_MAX" -> health(Limits.HEALTH_IDS_MAX + more);
      case "FEATURES_MAX" ->
          encoded(new Message.GetFeatures(nCopies(Limits.FEATURES_MAX + more, Feature.COUNT)));
      case "KEEPERS_MAX" ->
          encoded(new Message.Explained(List.of(), nCopies(Limits.KEEPERS_MAX + more, KEEPER)));
      case "ARCS_MAX" ->
          encoded(new Message.GetSummaries(nCopies(Limits.ARCS_MAX + more, Arc.wholeRing(Id.MAX))));
      case "SIZE_CALLS_MAX" -> encoded(new Message.GetSize(Limits.SIZE_CALLS_MAX + more));
      case "KEPT_ARCS_MAX" ->
          encoded(
              new Message.KeepArcs(nCopies(Limits.KEPT_ARCS_MAX + more, Arc.wholeRing(Id.MAX))));
      case "SLICE_BYTES_MAX" -> slice(new byte[Limits.SLICE_BYTES_MAX + more]);
      case "WATCHED_ARCS_MAX" ->
          encoded(
              new Message.Watch(
                  nCopies(Limits.WATCHED_ARCS_MAX + more, Arc.wholeRing(Id.MAX)),
                  0,
                  0,
                  Message.Scope.RING));
      case "SIGNALS_MAX" ->
          encoded(
              new Message.Signals(
                  0, 0, true, nCopies(Limits.SIGNALS_MAX + more, new Message.Signal(1, INFO))));
      case "TEXT_BYTES_MAX" -> inMessage(Limits.TEXT_BYTES_MAX + more);
      case "INBOX_MAX" ->
          encoded(new Message.InboxIs(0, 0, nCopies(Limits.INBOX_MAX + more, RECEIVED)));
      case "ENDPOINTS_MAX" -> endpoints(Limits.ENDPOINTS_MAX + more);
      case "HOST_BYTES_MAX" -> inIdentity(Examples.AT_A.host(), Limits.HOST_BYTES_MAX + more);
      case "NETWORK_BYTES_MAX" -> inIdentity("lab", Limits.NETWORK_BYTES_MAX + more);
      case "SENTENCE_BYTES_MAX" -> inError(Limits.SENTENCE_BYTES_MAX + more);
      case "HOPS_MAX" -> hops(Limits.HOPS_MAX + more);
      case "MASK_BITS_MAX" ->
          encoded(new Message.GetItem(Id.ZERO, (1 << Limits.MASK_BITS_MAX) - 1 + more));
      case "STAMP_MAX" ->
          encoded(
              new Message.ItemsAre(
                  Direction.NEXT,
                  List.of(new EntryInfo(Id.MAX, Kind.BLOB, Limits.STAMP_MAX + more, true, 1))));
      case "INCARNATION_MAX" -> encoded(new Message.Heartbeat(Limits.INCARNATION_MAX + more, 0));
      default -> throw new AssertionError("nothing tests the limit " + limit);
    };
  }

  private static Frames encoded(Message message) {
    Header.Form form =
        message instanceof Message.Request ? Header.Form.REQUEST : Header.Form.ANSWER;
    Header header = new Header(1, form, Id.ZERO, Id.ZERO, 0);
    return new Encoder().encode(new Envelope(header, message));
  }

  private static Frames health(int ids) {
    List<Id> named = nCopies(ids, Id.MAX);
    NodeHealth node = new NodeHealth(Id.MAX, ids, named, 0, false, 0, List.of(), "");
    return encoded(new Message.HealthIs(List.of(node), Id.ZERO));
  }

  private static Entry blob(int sizeBytes) {
    return new Entry(Id.ZERO, Kind.BLOB, 0, true, Bytes.wrap(new byte[sizeBytes]));
  }

  private static Frames batch(int more) {
    int blobs = Limits.BATCH_BYTES_MAX / Limits.BLOCK_BYTES_MAX;
    List<Entry> entries = new ArrayList<>(nCopies(blobs, blob(Limits.BLOCK_BYTES_MAX)));
    entries.addAll(nCopies(more, blob(1)));
    return encoded(new Message.Store(entries, Message.Intent.KEEP));
  }

  private static Frames ofAnotherVersion(int headerBytes) {
    byte[] header = Arrays.copyOf(HexFormat.of().parseHex("9402010700"), headerBytes);
    return new Frames(Bytes.wrap(header), Bytes.EMPTY, List.of());
  }

  /** A large view, which is nearly as near to the limit as a message comes, or a larger body. */
  private static Frames bodyOf(int more) {
    Endpoint endpoint = new Endpoint("h".repeat(Limits.HOST_BYTES_MAX), 65535, 65535);
    Peer peer =
        new Peer(
            Id.MAX,
            Limits.INCARNATION_MAX,
            PeerState.LEFT,
            nCopies(Limits.ENDPOINTS_MAX, endpoint));
    Frames frames = encoded(new Message.ViewIs(nCopies(Limits.PEERS_MAX, peer), true));
    byte[] body = frames.body().toArray();
    return more == 0
        ? frames
        : Hostile.with(frames, 1, Arrays.copyOf(body, Limits.BODY_BYTES_MAX + more));
  }

  private static Frames endpoints(int count) {
    String one = "93a1780101";
    return replaced(
        "GetID request",
        1,
        "90ab",
        HexFormat.of().toHexDigits((byte) (0x90 | count)) + one.repeat(count) + "ab");
  }

  private static Frames hops(int hops) {
    return replaced("GetItem request", 0, "00$", HexFormat.of().toHexDigits((byte) hops));
  }

  private static Frames inIdentity(String text, int sizeBytes) {
    return replaced("GetID answer", 1, packed(text), packed("x".repeat(sizeBytes)));
  }

  private static Frames inError(int sizeBytes) {
    String sentence = "not here; ask its holders";
    return replaced("GetItem error", 1, packed(sentence), packed("x".repeat(sizeBytes)));
  }

  private static Frames inMessage(int sizeBytes) {
    return replaced("GetMessage request", 1, packed("tea is ready"), packed("x".repeat(sizeBytes)));
  }

  /** A text in MessagePack, whatever the limits say; in hex. */
  private static String packed(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    String header =
        utf8.length < 32
            ? HexFormat.of().toHexDigits((byte) (0xa0 | utf8.length))
            : "da" + HexFormat.of().toHexDigits((short) utf8.length);
    return header + HexFormat.of().formatHex(utf8);
  }

  private static Frames replaced(String example, int index, String old, String replacement) {
    return Hostile.replaced(DOCUMENT.examples().get(example), index, old, replacement);
  }
}
