package org.ringslice.messages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What every decoding of strangers' bytes has to fulfil, and ways to spoil good bytes. */
final class Hostile {
  private static final Encoder ENCODER = new Encoder();
  private static final Decoder DECODER = new Decoder();

  private Hostile() {}

  /**
   * What these frames are taken for; nothing when not even the header can be read. Any other
   * exception goes up. What is taken for a message must survive being sent on.
   */
  static Optional<Envelope> decode(Frames frames) {
    Envelope envelope;
    try {
      envelope = DECODER.decode(frames);
    } catch (ProtocolException e) {
      assertNotNull(e.code());
      return Optional.empty();
    }
    if (!(envelope.message() instanceof Message.Unreadable)) {
      try {
        assertEquals(envelope, DECODER.decode(ENCODER.encode(envelope)));
      } catch (ProtocolException e) {
        throw new AssertionError("accepted once and not again: " + envelope, e);
      }
    }
    return Optional.of(envelope);
  }

  /** Whether the frames are refused, and as what: empty for a header that can't be read. */
  static Optional<ErrorCode> refusal(Frames frames) {
    Optional<Envelope> envelope = decode(frames);
    if (envelope.isEmpty()) {
      return Optional.empty();
    }
    if (envelope.get().message() instanceof Message.Unreadable unreadable) {
      return Optional.of(unreadable.code());
    }
    throw new AssertionError("accepted: " + envelope.get());
  }

  /** All frames of a message, the header first. */
  static List<Bytes> list(Frames frames) {
    List<Bytes> all = new ArrayList<>(List.of(frames.header(), frames.body()));
    all.addAll(frames.payload());
    return all;
  }

  /** The same frames but for one. */
  static Frames with(Frames frames, int index, byte[] frame) {
    List<Bytes> all = list(frames);
    all.set(index, Bytes.wrap(frame));
    return new Frames(all.get(0), all.get(1), all.subList(2, all.size()));
  }

  /** The first bytes of an array, and others in place of the {@code gone} ones after those. */
  static byte[] splice(byte[] bytes, int at, byte[] others, int gone) {
    int rest = Math.min(at + gone, bytes.length);
    byte[] spliced = Arrays.copyOf(bytes, at + others.length + bytes.length - rest);
    System.arraycopy(others, 0, spliced, at, others.length);
    System.arraycopy(bytes, rest, spliced, at + others.length, bytes.length - rest);
    return spliced;
  }

  /** The frames with some bytes of one replaced by others, all in hex; {@code old} is a pattern. */
  static Frames replaced(Frames frames, int index, String old, String replacement) {
    String hex = HexFormat.of().formatHex(list(frames).get(index).toArray());
    Matcher matcher = Pattern.compile(old).matcher(hex);
    assertTrue(matcher.find() && matcher.start() % 2 == 0, old + " is not in " + hex);
    String spoiled = hex.substring(0, matcher.start()) + replacement + hex.substring(matcher.end());
    return with(frames, index, HexFormat.of().parseHex(spoiled));
  }
}
