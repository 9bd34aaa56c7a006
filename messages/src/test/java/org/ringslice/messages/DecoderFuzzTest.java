package org.ringslice.messages;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Coverage-guided fuzzing of the decoder, from the examples of the specification. An ordinary build
 * runs the examples alone. To search on:
 *
 * <pre>JAZZER_FUZZ=1 mvn -pl messages test -Dtest=DecoderFuzzTest -Djazzer.hooks=true</pre>
 */
class DecoderFuzzTest {

  @BeforeAll
  static void doesNotSearchBlindly() {
    boolean searches = System.getenv("JAZZER_FUZZ") != null;
    assertTrue(!searches || Boolean.getBoolean("jazzer.hooks"), "add -Djazzer.hooks=true");
  }

  /** The frames of each example, as {@link #split} reads them. */
  static Stream<byte[]> seeds() {
    return Specification.read().examples().values().stream().map(DecoderFuzzTest::joined);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void anyBytesAreAMessageOrARefusal(byte[] data) {
    Hostile.decode(split(data));
  }

  private static byte[] joined(Frames frames) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (Bytes frame : Hostile.list(frames)) {
      joined.write(frame.size() >>> 8);
      joined.write(frame.size());
      joined.writeBytes(frame.toArray());
    }
    return joined.toByteArray();
  }

  /** Frames of two bytes' length each; the last may be shorter than it says. */
  private static Frames split(byte[] data) {
    List<Bytes> frames = new ArrayList<>();
    for (int at = 0; at + 2 <= data.length; ) {
      int size = (data[at] & 0xff) << 8 | (data[at + 1] & 0xff);
      int end = Math.min(at + 2 + size, data.length);
      frames.add(Bytes.wrap(Arrays.copyOfRange(data, at + 2, end)));
      at = end;
    }
    while (frames.size() < 2) {
      frames.add(Bytes.EMPTY);
    }
    return new Frames(frames.get(0), frames.get(1), frames.subList(2, frames.size()));
  }
}
