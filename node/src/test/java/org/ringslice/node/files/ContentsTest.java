package org.ringslice.node.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Content;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Nature;

class ContentsTest {
  private static final Id ONE = Id.powerOfTwo(1);
  private static final Id TWO = Id.powerOfTwo(2);

  private static List<Content> read(Bytes blob) {
    return new Contents().read(Id.ZERO, blob);
  }

  private static Content content(Id id, Nature nature, long size) {
    return new Content(id, nature, size);
  }

  @Test
  void theManifestOfAFileTellsOfItsBlocks() {
    Manifest manifest =
        new Manifest(
            0, List.of(new Manifest.Part(ONE, Limits.BLOCK_BYTES_MAX), new Manifest.Part(TWO, 7)));

    assertEquals(
        List.of(
            content(Id.ZERO, Nature.FILE, Limits.BLOCK_BYTES_MAX + 7),
            content(ONE, Nature.BLOCK, Limits.BLOCK_BYTES_MAX),
            content(TWO, Nature.BLOCK, 7)),
        read(manifest.toBytes()));
  }

  @Test
  void theManifestOfALargeFileTellsOfThoseBelowIt() {
    long half = Manifest.partBytesMax(1);
    Manifest manifest =
        new Manifest(1, List.of(new Manifest.Part(ONE, half), new Manifest.Part(TWO, 9)));

    assertEquals(
        List.of(
            content(Id.ZERO, Nature.FILE, half + 9),
            content(ONE, Nature.MANIFEST, half),
            content(TWO, Nature.MANIFEST, 9)),
        read(manifest.toBytes()));
  }

  @Test
  void aFolderTellsOfItsFilesAndFolders() {
    FolderManifest folder =
        new FolderManifest.Entries(
            List.of(
                new FolderEntry.File(name("a"), 0644, 0, 30, ONE),
                new FolderEntry.Folder(name("b"), 0755, 0, 400, 3, TWO),
                new FolderEntry.Link(name("c"), 0, name("a"))));
    FolderManifest paged = new FolderManifest.Pages(List.of(new FolderManifest.Page(ONE, 50, 2)));

    assertEquals(
        List.of(
            content(Id.ZERO, Nature.FOLDER, 430),
            content(ONE, Nature.FILE, 30),
            content(TWO, Nature.FOLDER, 400)),
        read(folder.toBytes()));
    assertEquals(
        List.of(content(Id.ZERO, Nature.FOLDER, 50), content(ONE, Nature.MANIFEST, 50)),
        read(paged.toBytes()));
  }

  private static Bytes name(String name) {
    return Bytes.wrap(name.getBytes(UTF_8));
  }

  @Test
  void nothingElseTellsAnything() {
    assertEquals(List.of(), read(Bytes.wrap(new byte[0])));
    assertEquals(List.of(), read(name("any text")));
    assertEquals(List.of(), read(Bytes.wrap(Manifest.MAGIC)));
    assertEquals(List.of(), read(FolderManifest.MAGIC));
    byte[] torn = new Manifest(0, List.of(new Manifest.Part(ONE, 5))).toBytes().toArray();
    torn[torn.length - 1] = (byte) 0xc1;
    assertEquals(List.of(), read(Bytes.wrap(torn)));
  }
}
