package org.ringslice.node.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;

class FolderManifestTest {
  private static final Id SOME_ID = Id.ofWords(1, 2, 3, 4);

  private static Bytes text(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static FolderEntry.File file(String name, long sizeBytes) {
    return new FolderEntry.File(text(name), 0644, 1_600_000_000_123_456_789L, sizeBytes, SOME_ID);
  }

  private static FolderManifest.Entries small() {
    return new FolderManifest.Entries(
        List.of(
            file("a", 17),
            new FolderEntry.Folder(text("b"), 0755, -1, 100, 3, SOME_ID),
            new FolderEntry.Link(Bytes.wrap(new byte[] {(byte) 0xff}), 0, text("/etc"))));
  }

  private static FolderManifest.Pages large() {
    return new FolderManifest.Pages(
        List.of(
            new FolderManifest.Page(SOME_ID, 5, 6), new FolderManifest.Page(Id.MAX, 1L << 60, 7)));
  }

  @Test
  void readsWhatItWrote() {
    for (FolderManifest manifest :
        List.of(small(), large(), new FolderManifest.Entries(List.of()))) {
      assertTrue(FolderManifest.looksLikeOne(manifest.toBytes()));
      assertFalse(Manifest.looksLikeOne(manifest.toBytes()));
      assertEquals(manifest, FolderManifest.parse(manifest.toBytes()));
    }
    assertEquals(117, small().sizeBytes());
    assertEquals(4, small().files());
    assertEquals(13, large().files());
  }

  @Test
  void refusesEachBeginningAndWhatFollows() {
    for (FolderManifest manifest : List.of(small(), large())) {
      byte[] bytes = manifest.toBytes().toArray();
      for (int length = 0; length < bytes.length; length++) {
        refused(Arrays.copyOf(bytes, length));
      }
      refused(Arrays.copyOf(bytes, bytes.length + 1));
    }
  }

  private static void refused(byte[] bytes) {
    assertThrows(
        IllegalArgumentException.class, () -> FolderManifest.parse(Bytes.wrap(bytes.clone())));
  }

  @Test
  void refusesNamesThatAreNone() throws IOException {
    for (String name : List.of("", ".", "..", "a/b", "/", "/etc", "a\0b", "x".repeat(256))) {
      refused(withNames(name));
      assertThrows(IllegalArgumentException.class, () -> file(name, 0), name);
    }
    FolderManifest.parse(Bytes.wrap(withNames("...")));
  }

  @Test
  void refusesNamesTwiceAndOutOfOrder() throws IOException {
    refused(withNames("a", "a"));
    refused(withNames("b", "a"));
    // in the order of unsigned bytes
    refused(withNames("ü", "z"));
    FolderManifest.parse(Bytes.wrap(withNames("a", "ab", "b", "ü")));
  }

  /** By hand, for the entries themselves refuse to be made. */
  private static byte[] withNames(String... names) throws IOException {
    MessageBufferPacker out = MessagePack.newDefaultBufferPacker();
    out.writePayload(FolderManifest.MAGIC.unsafeArray());
    out.packArrayHeader(2).packInt(0).packArrayHeader(names.length);
    for (String name : names) {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      out.packArrayHeader(6).packInt(0).packBinaryHeader(bytes.length).writePayload(bytes);
      out.packInt(0644).packLong(0).packLong(0);
      out.packBinaryHeader(Id.BYTES).writePayload(SOME_ID.toBytes());
    }
    return out.toByteArray();
  }

  @Test
  void refusesModesSizesAndTargetsThatAreNone() {
    Bytes name = text("a");
    Bytes empty = Bytes.EMPTY;
    Bytes nul = text("a\0");
    Bytes huge = Bytes.wrap(new byte[FolderEntry.TARGET_BYTES_MAX + 1]);
    for (Bytes target : List.of(empty, nul, huge)) {
      assertThrows(IllegalArgumentException.class, () -> new FolderEntry.Link(name, 0, target));
    }
    assertThrows(
        IllegalArgumentException.class, () -> new FolderEntry.File(name, 04755, 0, 0, SOME_ID));
    assertThrows(
        IllegalArgumentException.class, () -> new FolderEntry.File(name, 0, 0, -1, SOME_ID));
    assertThrows(
        IllegalArgumentException.class,
        () -> new FolderManifest.Entries(List.of(file("a", Long.MAX_VALUE), file("b", 1))));
  }

  @Test
  void refusesASecondWayToWriteTheSame() throws IOException {
    byte[] bytes = small().toBytes().toArray();
    int at = FolderManifest.MAGIC.size() + 1;
    assertEquals(0, bytes[at]);
    // the kind 0 in two bytes instead of one
    byte[] longer = new byte[bytes.length + 1];
    System.arraycopy(bytes, 0, longer, 0, at);
    longer[at] = (byte) 0xcc;
    System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
    refused(longer);
  }

  @Property(tries = 2000)
  void anyBytesAfterTheMagicAreAFolderOrRefused(@ForAll byte[] tail) {
    byte[] bytes =
        Arrays.copyOf(
            FolderManifest.MAGIC.unsafeArray(), FolderManifest.MAGIC.size() + tail.length);
    System.arraycopy(tail, 0, bytes, FolderManifest.MAGIC.size(), tail.length);
    parseOrRefuse(bytes);
  }

  @Property(tries = 2000)
  void anyChangedByteMakesAnotherFolderOrIsRefused(@ForAll int place, @ForAll byte value) {
    byte[] bytes = small().toBytes().toArray();
    bytes[Math.floorMod(place, bytes.length)] = value;
    parseOrRefuse(bytes);
  }

  private static void parseOrRefuse(byte[] bytes) {
    Bytes blob = Bytes.wrap(bytes);
    FolderManifest manifest;
    try {
      manifest = FolderManifest.parse(blob);
    } catch (IllegalArgumentException e) {
      assertTrue(e.getMessage() != null);
      return;
    }
    assertEquals(blob, manifest.toBytes());
  }

  @Test
  void pagesOfALargeFolderAreBlobsAndTellOfAllInOrder() throws IOException {
    for (int count : new int[] {1, 3_000, 8_193, 100_000}) {
      Map<Id, FolderManifest> pages = new TreeMap<>();
      List<FolderEntry> told = told(grow(count, -1, pages), pages);
      assertEquals(count, told.size());
      for (int i = 1; i < count; i++) {
        assertTrue(FolderManifest.isBefore(told.get(i - 1).name(), told.get(i).name()));
      }
    }
  }

  @Test
  void oneFileMoreChangesOnePageOfALargeFolder() throws IOException {
    Map<Id, FolderManifest> before = new TreeMap<>();
    Map<Id, FolderManifest> after = new TreeMap<>();
    FolderManifest one = grow(50_000, -1, before);
    FolderManifest other = grow(50_000, 10_000, after);
    assertNotEquals(one, other);
    assertTrue(before.size() >= 8, before.size() + " pages");
    after.keySet().removeAll(before.keySet());
    assertTrue(after.size() <= 2, after.size() + " pages changed");
  }

  @Test
  void thePagesOfTheLargestFolderFitIntoABlob() {
    List<FolderManifest.Page> pages = new ArrayList<>();
    for (int i = 0; i < FolderManifest.PAGES_MAX; i++) {
      pages.add(new FolderManifest.Page(Id.MAX, 1L << 49, 1L << 49));
    }
    assertTrue(new FolderManifest.Pages(pages).toBytes().size() <= Limits.BLOCK_BYTES_MAX);
  }

  private static FolderManifest grow(int count, int extraAfter, Map<Id, FolderManifest> pages)
      throws IOException {
    FolderPages growing =
        new FolderPages(
            page -> {
              assertTrue(page.bytes().size() <= Limits.BLOCK_BYTES_MAX);
              pages.put(page.id(), FolderManifest.parse(page.bytes()));
            });
    for (int i = 0; i < count; i++) {
      growing.add(file(String.format(java.util.Locale.ROOT, "file-%06d", i), i));
      if (i == extraAfter) {
        growing.add(file(String.format(java.util.Locale.ROOT, "file-%06d-more", i), 1));
      }
    }
    return growing.top();
  }

  private static List<FolderEntry> told(FolderManifest top, Map<Id, FolderManifest> pages) {
    if (top instanceof FolderManifest.Entries small) {
      return small.entries();
    }
    List<FolderEntry> told = new ArrayList<>();
    for (FolderManifest.Page page : ((FolderManifest.Pages) top).pages()) {
      told.addAll(((FolderManifest.Entries) pages.get(page.id())).entries());
    }
    return told;
  }
}
