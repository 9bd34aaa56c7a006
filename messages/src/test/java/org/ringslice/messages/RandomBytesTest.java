package org.ringslice.messages;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** Bytes at random, and well-formed MessagePack at random, under the headers of the examples. */
class RandomBytesTest {
  private static final Map<String, Frames> EXAMPLES = Specification.read().examples();

  @Property(tries = 2000)
  void survivesRandomFrames(
      @ForAll @Size(max = 120) byte[] header, @ForAll @Size(max = 300) byte[] body) {
    Hostile.decode(new Frames(Bytes.wrap(header), Bytes.wrap(body), List.of()));
  }

  @Property(tries = 5000)
  void survivesRandomMessagePack(@ForAll("names") String name, @ForAll("messagePack") byte[] body) {
    Hostile.decode(Hostile.with(EXAMPLES.get(name), 1, body));
  }

  @Provide("names")
  Arbitrary<String> anyName() {
    return Arbitraries.of(EXAMPLES.keySet());
  }

  @Provide
  Arbitrary<byte[]> messagePack() {
    List<byte[]> tokens = new ArrayList<>(HostileBytesTest.LIES);
    tokens.addAll(
        HostileBytesTest.hex(
            "91", "92", "93", "94", "95", "96", "9a", "00", "01", "02", "7f", "a161"));
    for (int i = 0; i < 20; i++) {
      tokens.add(HexFormat.of().parseHex("c420" + "5a".repeat(Id.BYTES)));
    }
    return Arbitraries.of(tokens)
        .list()
        .ofMinSize(1)
        .ofMaxSize(30)
        .map(list -> list.stream().reduce(new byte[0], RandomBytesTest::joined));
  }

  private static byte[] joined(byte[] left, byte[] right) {
    return Hostile.splice(left, left.length, right, 0);
  }
}
