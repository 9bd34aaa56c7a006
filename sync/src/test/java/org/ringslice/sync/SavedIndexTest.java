package org.ringslice.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;

class SavedIndexTest {
  private final SplittableRandom random = new SplittableRandom(6);
  private final Index index = new Index(Replica.NETWORK);

  private void fill(int entries) {
    for (int i = 0; i < entries; i++) {
      EntryInfo entry = Replica.blob(Replica.id(random));
      index.add(entry);
      if (i == 3) {
        index.cut(new Arc(entry.id(), Id.MAX), List.of(entry));
      }
    }
  }

  private static void assertRefused(byte[] bytes, String why) {
    Bytes saved = Bytes.wrap(bytes);
    String sentence =
        assertThrows(IllegalArgumentException.class, () -> Index.load(Replica.NETWORK, saved))
            .getMessage();
    assertTrue(sentence.contains(why), sentence);
    assertTrue(sentence.endsWith("build it from the store"), sentence);
  }

  /** As somebody writes it who knows how to make a checksum. */
  private static byte[] withChecksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, bytes.length - 4);
    ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) checksum.getValue());
    return bytes;
  }

  @Test
  void isTheSameAfterItWasLoaded() {
    for (int entries : new int[] {0, 1, 100, 5000}) {
      fill(entries);
      Index loaded = Index.load(Replica.NETWORK, index.save());

      Arc all = Arc.wholeRing(Id.ZERO);
      assertEquals(index.size(), loaded.size());
      assertEquals(index.summary(all), loaded.summary(all));
      assertEquals(index.pieces(all, 200), loaded.pieces(all, 200));
      assertEquals(index.crowded(), loaded.crowded());
      assertEquals(index.save(), loaded.save());
      EntryInfo entry = Replica.blob(Replica.id(random));
      loaded.add(entry);
      assertTrue(loaded.remove(entry));
      assertEquals(index.summary(all), loaded.summary(all));
    }
  }

  @Test
  void isRefusedWithASentenceWhenItIsNotWhole() {
    fill(1000);
    byte[] saved = index.save().toArray();
    for (int length = 0; length < saved.length; length += 1 + length / 7) {
      assertRefused(Arrays.copyOf(saved, length), "");
    }
    for (int i = 0; i < 2000; i++) {
      byte[] turned = saved.clone();
      turned[random.nextInt(turned.length)] ^= (byte) (1 << random.nextInt(8));
      assertRefused(turned, "");
    }
    assertRefused(new byte[0], "too short");
    assertRefused(new byte[100], "something else");
    Index another = new Index(new EntryDigest(1, 2));
    assertRefused(another.save().toArray(), "the key of another network");
  }

  @Test
  void believesNoCountsThoughTheChecksumIsRight() {
    fill(1000);
    byte[] saved = index.save().toArray();
    for (int i = 0; i < 5000; i++) {
      byte[] crafted = saved.clone();
      int at = i % 2 == 0 ? 16 + random.nextInt(8) : 24 + random.nextInt(36);
      crafted[at] ^= (byte) (1 << random.nextInt(8));
      withChecksum(crafted);
      assertRefused(crafted, "its le");
    }
  }
}
