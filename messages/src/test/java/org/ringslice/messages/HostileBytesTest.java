package org.ringslice.messages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a stranger sends is a message, unreadable, or a protocol exception, and costs little.
 */
class HostileBytesTest {
  /**
   * What decoding a frame that lies about its lengths may allocate; its exceptions are most of
   * that.
   */
  private static final long ALLOCATED_BYTES_MAX = 64 << 10;

  private static final int DEPTH = 200_000;
  private static final Map<String, Frames> EXAMPLES = Specification.read().examples();

  /** MessagePack that is well-formed and wrong, or promises more than it holds. */
  static final List<byte[]> LIES =
      hex(
          "dd7fffffff",
          "ddffffffff",
          "dd00001000",
          "dcffff",
          "9f", // arrays
          "df7fffffff",
          "deffff",
          "8f", // maps
          "c67fffffff",
          "c6ffffffff",
          "c5ffff",
          "c4ff",
          "c420",
          "c421", // bytes
          "db7fffffff",
          "dbffffffff",
          "db00000400",
          "daffff",
          "d9ff",
          "bf", // texts
          "c97fffffff00",
          "c8ffff00",
          "d800", // extensions
          "cfffffffffffffffff",
          "cf8000000000000000",
          "ceffffffff",
          "cdffff",
          "ccff", // large
          "d38000000000000000",
          "d280000000",
          "d18000",
          "d080",
          "d3ffffffffffffffff",
          "ff", // < 0
          "ca3f800000",
          "cb3ff0000000000000",
          "c0",
          "c1",
          "c2",
          "c3",
          "90",
          "a0",
          "c400");

  static List<String> names() {
    return List.copyOf(EXAMPLES.keySet());
  }

  static List<String> readableNames() {
    return SpecificationTest.readableNames().toList();
  }

  static List<byte[]> hex(String... hex) {
    return Arrays.stream(hex).map(HexFormat.of()::parseHex).toList();
  }

  @ParameterizedTest
  @MethodSource("readableNames")
  void isRefusedWhenCutAnywhere(String name) {
    Frames frames = EXAMPLES.get(name);
    List<Bytes> all = Hostile.list(frames);
    for (int index = 0; index < all.size(); index++) {
      for (int size = 0; size < all.get(index).size(); size++) {
        byte[] cut = Arrays.copyOf(all.get(index).toArray(), size);
        Optional<ErrorCode> refusal = Hostile.refusal(Hostile.with(frames, index, cut));
        Optional<ErrorCode> expected =
            index == 0 ? Optional.empty() : Optional.of(ErrorCode.MALFORMED);
        assertEquals(expected, refusal, "at " + size + " of frame " + index);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void survivesOneFlippedBitAndOneOtherByte(String name) {
    Frames frames = EXAMPLES.get(name);
    for (int index = 0; index < 2; index++) {
      byte[] frame = Hostile.list(frames).get(index).toArray();
      for (int at = 0; at < frame.length; at++) {
        for (int bit = 0; bit < 8; bit++) {
          decodeWith(frames, index, at, frame[at] ^ 1 << bit);
        }
        for (int other = at % 5; other < 256; other += 5) {
          decodeWith(frames, index, at, other);
        }
      }
    }
  }

  private static void decodeWith(Frames frames, int index, int at, int value) {
    byte[] spoiled = Hostile.list(frames).get(index).toArray();
    spoiled[at] = (byte) value;
    Hostile.decode(Hostile.with(frames, index, spoiled));
  }

  @Test
  void aFlippedBitOfABlobIsFoundByItsHash() throws ProtocolException {
    Frames frames = EXAMPLES.get("GetItem answer");
    byte[] payload = frames.payload().get(0).toArray();
    assertTrue(item(frames).isGenuine());
    for (int bit = 0; bit < 8 * payload.length; bit++) {
      byte[] other = payload.clone();
      other[bit / 8] ^= (byte) (1 << bit % 8);
      assertFalse(item(Hostile.with(frames, 2, other)).isGenuine());
    }
  }

  private static Entry item(Frames frames) throws ProtocolException {
    return ((Message.ItemIs) new Decoder().decode(frames).message()).item();
  }

  @ParameterizedTest
  @MethodSource("names")
  void allocatesLittleForLiesInAnyPlace(String name) {
    Frames frames = EXAMPLES.get(name);
    for (int index = 0; index < 2; index++) {
      byte[] frame = Hostile.list(frames).get(index).toArray();
      for (int at = 0; at < frame.length; at++) {
        // the rest of the frame follows the lie, or nothing does
        int gone = at % 2 == 0 ? 1 : frame.length;
        for (byte[] lie : LIES) {
          byte[] spoiled = Hostile.splice(frame, at, lie, gone);
          decodeCheaply(Hostile.with(frames, index, spoiled));
        }
      }
    }
  }

  private static void decodeCheaply(Frames frames) {
    long allocated = allocatedBytes(frames);
    // the first time, classes may be loaded
    if (allocated > ALLOCATED_BYTES_MAX) {
      allocated = allocatedBytes(frames);
    }
    assertTrue(allocated <= ALLOCATED_BYTES_MAX, allocated + " bytes for " + frames);
  }

  private static long allocatedBytes(Frames frames) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    Hostile.decode(frames);
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @ParameterizedTest
  @MethodSource("names")
  void doesNotFollowArraysIntoTheDepth(String name) {
    Frames frames = EXAMPLES.get(name);
    byte[] body = frames.body().toArray();
    byte[] spoiled = new byte[DEPTH];
    Arrays.fill(spoiled, (byte) 0x91);
    for (int at = 0; at < body.length; at++) {
      System.arraycopy(body, 0, spoiled, 0, at);
      Hostile.decode(Hostile.with(frames, 1, spoiled));
    }
    Arrays.fill(spoiled, (byte) 0x91);
    assertEquals(Optional.empty(), Hostile.refusal(Hostile.with(frames, 0, spoiled)));
  }

  @ParameterizedTest
  @MethodSource("readableNames")
  void refusesWhatFollowsTheEnd(String name) {
    Frames frames = EXAMPLES.get(name);
    byte[] more = {(byte) 0xc0};
    byte[] header = frames.header().toArray();
    Frames longHeader = Hostile.with(frames, 0, Hostile.splice(header, header.length, more, 0));
    assertEquals(Optional.empty(), Hostile.refusal(longHeader));
    byte[] body = frames.body().toArray();
    Frames longBody = Hostile.with(frames, 1, Hostile.splice(body, body.length, more, 0));
    assertEquals(Optional.of(ErrorCode.MALFORMED), Hostile.refusal(longBody));
    List<Bytes> payload = new ArrayList<>(frames.payload());
    payload.add(Bytes.wrap(more));
    Frames moreFrames = new Frames(frames.header(), frames.body(), payload);
    assertEquals(Optional.of(ErrorCode.MALFORMED), Hostile.refusal(moreFrames));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "02", "7f", "cc80", "ce7fffffff"})
  void answersOtherVersions(String version) {
    Frames frames = replaced("GetID request", 0, "9701", "97" + version);
    assertEquals(Optional.of(ErrorCode.UNSUPPORTED_VERSION), Hostile.refusal(frames));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff", "d3ffffffffffffff80", "ce80000000", "cfffffffffffffffff", "a131"})
  void dropsWhatIsNoVersion(String version) {
    Frames frames = replaced("GetID request", 0, "9701", "97" + version);
    assertEquals(Optional.empty(), Hostile.refusal(frames));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "20", "7f", "cd0101", "ce7fffffff"})
  void answersUnknownTypes(String type) {
    Frames frames = replaced("GetID request", 0, "970101", "9701" + type);
    assertEquals(Optional.of(ErrorCode.UNKNOWN_TYPE), Hostile.refusal(frames));
  }

  @ParameterizedTest
  @ValueSource(strings = {"c328", "ff61", "c0af", "eda080", "f4908080", "c3"})
  void refusesTextThatIsNotUtf8(String bytes) {
    String text = Integer.toHexString(0xa0 | bytes.length() / 2) + bytes;
    Frames frames = replaced("GetID answer", 1, "a36c6162", text);
    assertEquals(Optional.of(ErrorCode.MALFORMED), Hostile.refusal(frames));
  }

  @Test
  void takesNeitherTextForBytesNorBytesForText() {
    Frames bytesForText = replaced("GetID answer", 1, "a36c6162", "c4036c6162");
    assertEquals(Optional.of(ErrorCode.MALFORMED), Hostile.refusal(bytesForText));
    Frames textForBytes = replaced("GetItem request", 1, "92c420", "92d920");
    assertEquals(Optional.of(ErrorCode.MALFORMED), Hostile.refusal(textForBytes));
  }

  @ParameterizedTest
  @CsvSource({"HaveItems request, 9201, 9202", "GetNextItem request, 01$, 03"})
  void refusesAScopeThatTheTypeDoesNotKnow(String name, String scope, String unknown) {
    Frames frames = replaced(name, 1, scope, unknown);
    assertEquals(Optional.of(ErrorCode.MALFORMED), Hostile.refusal(frames));
  }

  @Test
  void takesLongerFormsOfTheSameNumber() throws ProtocolException {
    Envelope expected = Examples.all().get("GetID answer");
    Frames frames = replaced("GetID answer", 1, "cd0100", "cf0000000000000100");
    assertNotEquals(EXAMPLES.get("GetID answer"), frames);
    assertEquals(expected, new Decoder().decode(frames));
  }

  @Test
  void takesAnErrorThatIsUnknownForWhatItSaysOfRetrying() throws ProtocolException {
    Frames frames = replaced("GetItem error", 1, "9406", "94cd03e8");
    Message.Failure failure = (Message.Failure) new Decoder().decode(frames).message();
    assertTrue(failure.retry());
    assertEquals("not here; ask its holders", failure.sentence());
  }

  private static Frames replaced(String name, int index, String old, String replacement) {
    return Hostile.replaced(EXAMPLES.get(name), index, old, replacement);
  }
}
