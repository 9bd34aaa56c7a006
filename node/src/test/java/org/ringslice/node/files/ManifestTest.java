package org.ringslice.node.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;

class ManifestTest {
  private static final long BLOCK = Limits.BLOCK_BYTES_MAX;

  private static Manifest.Part block(long number) {
    return new Manifest.Part(Id.ofWords(number, 1, 2, 3), BLOCK);
  }

  @Test
  void readsWhatItWrote() {
    Manifest manifest = new Manifest(0, List.of(block(1), new Manifest.Part(Id.MAX, 17)));
    assertEquals(manifest, Manifest.parse(manifest.toBytes()));
    assertEquals(BLOCK + 17, manifest.size());
    assertTrue(Manifest.looksLikeOne(manifest.toBytes()));
    assertFalse(Manifest.looksLikeOne(Bytes.wrap(new byte[] {1, 2, 3})));
  }

  @Test
  void refusesEachBeginningOfAManifestAndWhatFollowsIt() {
    byte[] bytes = new Manifest(1, List.of(block(1), block(2))).toBytes().toArray();
    for (int length = Manifest.MAGIC.length; length < bytes.length; length++) {
      Bytes cut = Bytes.copyOf(bytes, 0, length);
      assertThrows(IllegalArgumentException.class, () -> Manifest.parse(cut), "at " + length);
    }
    Bytes longer = Bytes.wrap(java.util.Arrays.copyOf(bytes, bytes.length + 1));
    assertThrows(IllegalArgumentException.class, () -> Manifest.parse(longer));
  }

  @Test
  void theLargestManifestIsABlob() {
    List<Manifest.Part> parts = new ArrayList<>();
    for (long i = 0; i < Manifest.PARTS_MAX; i++) {
      parts.add(new Manifest.Part(Id.ofWords(i, 0, 0, 0), Manifest.partBytesMax(2)));
    }
    assertTrue(new Manifest(2, parts).toBytes().size() <= Limits.BLOCK_BYTES_MAX);
  }

  @Test
  void aTreeTellsOfAllBlocksInTheirOrderWhateverTheirNumber() throws IOException {
    int full = Manifest.PARTS_MAX;
    for (int count : new int[] {1, full - 1, full, full + 1, 2 * full, 2 * full + 1}) {
      Map<Id, Manifest> stored = new TreeMap<>();
      ManifestTree tree =
          new ManifestTree(entry -> stored.put(entry.id(), Manifest.parse(entry.bytes())));
      List<Manifest.Part> blocks = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        blocks.add(block(i));
        tree.add(block(i));
      }
      Manifest top = tree.top();
      assertEquals(count > full ? 1 : 0, top.depth());
      assertEquals(count * BLOCK, top.size());
      List<Manifest.Part> told = new ArrayList<>();
      collect(top, stored, told);
      assertEquals(blocks, told);
    }
  }

  private static void collect(Manifest from, Map<Id, Manifest> stored, List<Manifest.Part> into) {
    if (from.depth() == 0) {
      into.addAll(from.parts());
      return;
    }
    for (Manifest.Part part : from.parts()) {
      Manifest child = stored.get(part.id());
      assertEquals(part.size(), child.size());
      assertEquals(part.id(), Entry.blob(child.toBytes()).id());
      collect(child, stored, into);
    }
  }
}
