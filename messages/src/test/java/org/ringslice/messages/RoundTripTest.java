package org.ringslice.messages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

/**
 * What is encoded and decoded again is the same. One encoder and one decoder do it all, as in a
 * node.
 */
class RoundTripTest {
  private static final Encoder ENCODER = new Encoder();
  private static final Decoder DECODER = new Decoder();

  @Property
  @Domain(AnyMessage.class)
  void aMessageComesOutAsItWentIn(@ForAll Envelope envelope) throws ProtocolException {
    Frames frames = ENCODER.encode(envelope);
    assertEquals(envelope, DECODER.decode(frames));
    assertTrue(frames.header().size() <= Limits.HEADER_BYTES_MAX);
  }

  @Property(tries = 200)
  @Domain(AnyMessage.class)
  void encodedBytesStayWhenTheEncoderGoesOn(@ForAll Envelope first, @ForAll Envelope second)
      throws ProtocolException {
    Frames frames = ENCODER.encode(first);
    ENCODER.encode(second);
    assertEquals(first, DECODER.decode(frames));
  }

  @Example
  void theLongestListsFitTheirFrames() throws ProtocolException {
    EntryInfo item =
        new EntryInfo(Id.MAX, Kind.REFERENCE, Limits.STAMP_MAX, true, Limits.BLOCK_BYTES_MAX);
    travels(new Message.ItemsAre(Direction.NEXT, Collections.nCopies(Limits.ITEMS_MAX, item)));
    Receipt receipt =
        new Receipt(
            Id.MAX,
            Receipt.Outcome.REFUSED,
            Limits.PEERS_MAX,
            Limits.PEERS_MAX,
            Collections.nCopies(1 << Limits.MASK_BITS_MAX, Id.MAX),
            "w".repeat(Limits.SENTENCE_BYTES_MAX));
    travels(new Message.Stored(Collections.nCopies(Limits.BATCH_ENTRIES_MAX, receipt)));
    Bytes block = Bytes.wrap(new byte[Limits.BATCH_BYTES_MAX / Limits.BATCH_ENTRIES_MAX]);
    Entry entry = new Entry(Id.MAX, Kind.RECORD, -1, true, block);
    travels(
        new Message.Store(
            Collections.nCopies(Limits.BATCH_ENTRIES_MAX, entry), Message.Intent.KEEP));
  }

  @Example
  void aViewOfAllPeersFitsWithTheLongestHosts() throws ProtocolException {
    Endpoint endpoint = new Endpoint("h".repeat(Limits.HOST_BYTES_MAX), 65535, 65535);
    Peer peer =
        new Peer(
            Id.MAX,
            Limits.INCARNATION_MAX,
            PeerState.LEFT,
            Collections.nCopies(Limits.ENDPOINTS_MAX, endpoint));
    List<Peer> peers = Collections.nCopies(Limits.PEERS_MAX, peer);
    Message.Hop hop = new Message.Hop(Id.MAX, Integer.MAX_VALUE);
    travels(new Message.ExchangeView(peers, true));
    travels(new Message.PeersAre(Direction.NEXT, peers, Collections.nCopies(Limits.HOPS_MAX, hop)));
  }

  @Example
  void theLongestStatusFits() throws ProtocolException {
    String why = "w".repeat(Limits.SENTENCE_BYTES_MAX);
    NodeStatus status = new NodeStatus(Id.MAX, -1, -1, -1, -1, -1, -1, why);
    MissingCopy copy = new MissingCopy(Id.MAX, Id.MAX, why);
    travels(
        new Message.StatusIs(
            Collections.nCopies(Limits.PEERS_MAX, status),
            Collections.nCopies(Limits.MISSING_MAX, copy),
            Id.MAX));
    travels(
        new Message.Explained(
            Collections.nCopies(1 << Limits.MASK_BITS_MAX, Id.MAX),
            Collections.nCopies(Limits.KEEPERS_MAX, new Keeper(Id.MAX, true, false, why))));
  }

  @Example
  void theHealthOfAsManyNodesAsCanBeAskedFits() throws ProtocolException {
    String why = "w".repeat(Limits.SENTENCE_BYTES_MAX);
    // 4,096 ids in all, as the document has it
    List<Id> ids = Collections.nCopies(4096 / Limits.PEERS_MAX / 2, Id.MAX);
    NodeHealth health = new NodeHealth(Id.MAX, -1, ids, -1, true, -1, ids, why);
    travels(new Message.HealthIs(Collections.nCopies(Limits.PEERS_MAX, health), Id.MAX));
  }

  @Example
  void aTableOfAllPeersFitsWithTheLongestHosts() throws ProtocolException {
    Endpoint endpoint = new Endpoint("h".repeat(Limits.HOST_BYTES_MAX), 65535, 65535);
    Peer peer =
        new Peer(
            Id.MAX,
            Limits.INCARNATION_MAX,
            PeerState.LEFT,
            Collections.nCopies(Limits.ENDPOINTS_MAX, endpoint));
    Route route =
        new Route(Route.Relation.KNOWN, peer, Channel.READY, Channel.READY, Integer.MAX_VALUE);
    travels(
        new Message.TableIs(
            Collections.nCopies(Limits.PEERS_MAX, route), Integer.MAX_VALUE, Integer.MAX_VALUE));
  }

  private static void travels(Message message) throws ProtocolException {
    Header.Form form =
        message instanceof Message.Request ? Header.Form.REQUEST : Header.Form.ANSWER;
    Envelope envelope = new Envelope(new Header(-1, form, Id.MAX, Id.MAX, 0), message);
    Frames frames = ENCODER.encode(envelope);
    assertTrue(frames.body().size() <= Limits.BODY_BYTES_MAX, "body of " + frames.body().size());
    assertEquals(envelope, DECODER.decode(frames));
  }

  @Example
  void aSentenceThatIsTooLongIsCutBetweenTwoCharacters() throws ProtocolException {
    for (String character : List.of("a", "ü", "€", "\uD83D\uDC0C")) {
      for (int shift = 0; shift < 4; shift++) {
        String sentence = "a".repeat(shift) + character.repeat(Limits.SENTENCE_BYTES_MAX);
        String got = sentenceAfterTravel(sentence);
        int size = got.getBytes(StandardCharsets.UTF_8).length;
        assertTrue(sentence.startsWith(got));
        assertTrue(size <= Limits.SENTENCE_BYTES_MAX && size > Limits.SENTENCE_BYTES_MAX - 4);
      }
    }
  }

  private static String sentenceAfterTravel(String sentence) throws ProtocolException {
    Message.Failure failure = new Message.Failure(1, ErrorCode.BUSY, sentence, true, List.of());
    Header header = new Header(1, Header.Form.ERROR, Id.ZERO, Id.ZERO, 0);
    Envelope got = DECODER.decode(ENCODER.encode(new Envelope(header, failure)));
    return ((Message.Failure) got.message()).sentence();
  }
}
