package org.ringslice.node.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;
import org.ringslice.node.port.Line;
import org.ringslice.node.port.RefusedException;
import org.ringslice.node.runtime.Node;
import org.ringslice.node.runtime.NodeConfig;

/** Folders, in a node on a real disk. */
class FolderTest {
  @TempDir static Path data;
  private static Node node;

  @TempDir Path folder;

  @BeforeAll
  static void startANode() throws Exception {
    node =
        Node.start(
            NodeConfig.in(data.resolve("node"))
                .network("folders-" + data.getFileName())
                .bind("127.0.0.1")
                .mdns(false));
  }

  @AfterAll
  static void stopIt() {
    node.close();
  }

  @BeforeEach
  @AfterEach
  void nothingIsLeftHalfWritten() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      assertTrue(all.noneMatch(path -> path.toString().endsWith(".part")));
    }
  }

  private static StoredFile store(Path path) throws IOException {
    return node.files().store(path, Progress.NONE);
  }

  private Path fetch(Id id, String name) throws IOException {
    Path target = folder.resolve(name);
    node.files().fetch(id, target, Progress.NONE);
    return target;
  }

  @Test
  void aNastyTreeComesBackAsItWas() throws IOException {
    Path tree = Trees.nasty(folder.resolve("tree"));

    StoredFile stored = store(tree);
    Path fetched = fetch(stored.id(), "fetched");

    assertEquals(Trees.list(tree), Trees.list(fetched));
    assertEquals(0, stored.faults());
    int mode = (Integer) Files.getAttribute(fetched.resolve("setuid"), "unix:mode");
    assertEquals(0755, mode & 07777);
    StoredFile again = store(fetched);
    assertEquals(stored.id(), again.id());
    assertEquals(stored.files(), again.files());
    assertEquals(stored.sizeBytes(), again.sizeBytes());
    assertEquals(0, again.sentBytes());
    Trees.chmod(tree.resolve("read-only folder"), "rwxr-xr-x");
    Trees.chmod(fetched.resolve("read-only folder"), "rwxr-xr-x");
  }

  @Test
  void theIdIsThatOfNamesContentsModesAndTimes() throws IOException {
    Path tree = Files.createDirectory(folder.resolve("tree"));
    Path file = Trees.write(tree.resolve("file"), 10);
    Set<Id> ids = new TreeSet<>();
    ids.add(store(tree).id());
    Files.setLastModifiedTime(file, FileTime.from(1, TimeUnit.SECONDS));
    ids.add(store(tree).id());
    Trees.chmod(file, "r--------");
    ids.add(store(tree).id());
    Files.move(file, tree.resolve("other"));
    ids.add(store(tree).id());
    assertEquals(4, ids.size());
    Trees.chmod(tree, "rwx------");
    assertFalse(ids.add(store(tree).id()), "the mode of the folder itself is not kept");
  }

  @Test
  void anEmptyFolderComesBack() throws IOException {
    StoredFile stored = store(Files.createDirectory(folder.resolve("empty")));

    assertEquals(0, stored.files());
    assertEquals(0, stored.sizeBytes());
    assertEquals(0, Trees.list(fetch(stored.id(), "fetched")).size());
  }

  @Test
  void aFolderOfManyFilesComesBackFromItsPages() throws IOException {
    Path tree = Files.createDirectory(folder.resolve("many"));
    for (int i = 0; i < 20_000; i++) {
      Files.createSymbolicLink(tree.resolve("link " + i), Path.of("to " + i % 7));
    }
    for (int i = 0; i < 10_000; i++) {
      Files.write(tree.resolve("file " + i), ("" + i).getBytes(StandardCharsets.UTF_8));
    }
    StoredFile stored = store(tree);

    assertEquals(10_000, stored.files());
    Path fetched = fetch(stored.id(), "fetched");
    // not assertEquals, whose message would be of megabytes
    assertTrue(Trees.list(tree).equals(Trees.list(fetched)));
    assertEquals(0, store(tree).sentBytes());
  }

  @Test
  void comesToAnEmptyFolderAndToNothingElse() throws IOException {
    Path tree = Files.createDirectory(folder.resolve("tree"));
    Trees.write(tree.resolve("file"), 10);
    Id id = store(tree).id();
    Files.createDirectory(folder.resolve("empty"));
    assertEquals(Trees.list(tree), Trees.list(fetch(id, "empty")));
    IOException full = assertThrows(IOException.class, () -> fetch(id, "empty"));
    assertEquals(
        folder.resolve("empty")
            + " is a folder and not empty; name a file in it, or a new or an empty folder",
        full.getMessage());

    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nothing"));
    Trees.write(folder.resolve("file"), 10);
    for (String there : List.of("link", "file")) {
      IOException e = assertThrows(IOException.class, () -> fetch(id, there));
      assertEquals(
          folder.resolve(there) + " is there already; name a new or an empty folder",
          e.getMessage());
    }
    assertFalse(Files.exists(folder.resolve("nothing")));
  }

  @Test
  void aFolderDoesNotFitAStream() throws IOException {
    Path tree = Files.createDirectory(folder.resolve("tree"));
    Id id = store(tree).id();
    IOException e =
        assertThrows(
            IOException.class,
            () -> node.files().fetch(id, OutputStream.nullOutputStream(), Progress.NONE));
    assertTrue(e.getMessage().contains("-o PATH"), e.getMessage());
  }

  @Test
  void whatIsNoFileOrCanNotBeReadIsToldOfAndTheRestIsStored() throws Exception {
    Path tree = Files.createDirectory(folder.resolve("tree"));
    Trees.write(tree.resolve("file"), 10);
    Path socket = tree.resolve("socket");
    assumeTrue(socket.toString().length() < 100, "a socket's path must be short");
    List<String> notes = new ArrayList<>();
    try (ServerSocketChannel open = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      open.bind(UnixDomainSocketAddress.of(socket));
      StoredFile stored = node.files().store(tree, noting(notes));
      assertEquals(1, stored.files());
      assertEquals(0, stored.faults());
    }
    assertEquals(
        List.of(
            socket + " is left out: it is no file, folder or link, but a pipe, socket or device"),
        notes);
  }

  private static Progress noting(List<String> notes) {
    return new Progress() {
      @Override
      public void reached(long doneBytes, long totalBytes) {}

      @Override
      public void note(String sentence) {
        notes.add(sentence);
      }
    };
  }

  @Test
  void aFileThatGrowsAndOneThatVanishesAreToldOfAndTheRestIsStored() throws IOException {
    Path tree = Files.createDirectory(folder.resolve("tree"));
    // more than the uploader takes in before it asks, so that what comes later is read later
    for (int i = 0; i < 300; i++) {
      Files.writeString(tree.resolve("file " + i), "content " + i);
    }
    Path growing = Trees.write(tree.resolve("growing"), 40 << 20);
    Path vanishing = Trees.write(tree.resolve("vanishing"), 10);
    Line disturbing =
        request -> {
          append(growing);
          vanishing.toFile().delete();
          return node.line().ask(request);
        };
    List<String> notes = new ArrayList<>();
    StoredFile stored = new SharedFiles(disturbing).store(tree, noting(notes));

    assertEquals(2, stored.faults());
    assertEquals(301, stored.files());
    assertEquals(2, notes.size(), notes::toString);
    assertTrue(notes.get(0).startsWith(growing + " changed while it was read"), notes.get(0));
    assertEquals(vanishing + " is left out: it vanished", notes.get(1));
    assertEquals(301, Trees.list(fetch(stored.id(), "fetched")).size());
  }

  private static void append(Path file) {
    try {
      Files.write(file, new byte[1], StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // hostile manifests

  private static Id keep(Bytes blob) {
    return node.store(blob.toArray()).join().id();
  }

  private static Bytes text(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Id keep(FolderEntry... entries) {
    return keep(new FolderManifest.Entries(List.of(entries)).toBytes());
  }

  private static FolderEntry.File file(String name, String content) {
    return new FolderEntry.File(text(name), 0644, 0, content.length(), keep(text(content)));
  }

  private static FolderEntry.Folder around(String name, FolderEntry... entries) {
    FolderManifest manifest = new FolderManifest.Entries(List.of(entries));
    return new FolderEntry.Folder(
        text(name), 0755, 0, manifest.sizeBytes(), manifest.files(), keep(entries));
  }

  private static FolderManifest.Page page(FolderEntry... entries) {
    FolderManifest manifest = new FolderManifest.Entries(List.of(entries));
    return new FolderManifest.Page(keep(entries), manifest.sizeBytes(), manifest.files());
  }

  private void refuses(Id hostile) throws IOException {
    assertThrows(RefusedException.class, () -> fetch(hostile, "fetched"));
    assertFalse(Files.exists(folder.resolve("fetched"), LinkOption.NOFOLLOW_LINKS));
    nothingIsLeftHalfWritten();
  }

  @Test
  void aNameTwiceOnTwoPagesCanNotLeadThroughALink() throws IOException {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    FolderEntry link = new FolderEntry.Link(text("a"), 0, text(outside.toString()));
    FolderEntry through = around("a", file("b", "escaped"));

    refuses(keep(new FolderManifest.Pages(List.of(page(link), page(through))).toBytes()));
    refuses(keep(new FolderManifest.Pages(List.of(page(through), page(link))).toBytes()));
    assertEquals(0, Trees.list(outside).size());
  }

  @Test
  void whatIsThereAlreadyIsNeverGoneThrough() throws IOException {
    // as on a file system that takes two names for one
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Path target = Files.createDirectory(folder.resolve("target"));
    Files.createSymbolicLink(target.resolve("a"), outside);
    Files.createSymbolicLink(target.resolve("f"), outside.resolve("f"));
    for (FolderEntry entry : List.of(around("a", file("b", "escaped")), file("f", "escaped"))) {
      FolderManifest top = new FolderManifest.Entries(List.of(entry));
      try (FolderFetcher fetcher = new FolderFetcher(new Items(node.line()), Progress.NONE)) {
        assertThrows(
            java.nio.file.FileAlreadyExistsException.class,
            () -> fetcher.fetch(Id.ZERO, top, target));
      }
    }
    assertEquals(0, Trees.list(outside).size());
  }

  @Test
  void whatIsNotAsItsFolderTellsIsRefused() throws IOException {
    FolderEntry.File file = file("f", "content");
    FolderEntry.Folder inner = around("d", file);
    Id id = file.id();
    Bytes f = text("f");
    Bytes d = text("d");
    // sizes, counts and kinds that are lies
    refuses(keep(new FolderEntry.File(f, 0, 0, 6, id)));
    refuses(keep(new FolderEntry.File(f, 0, 0, 5L << 20, id)));
    refuses(keep(new FolderEntry.Folder(d, 0, 0, 6, 1, inner.id())));
    refuses(keep(new FolderEntry.Folder(d, 0, 0, 7, 2, inner.id())));
    refuses(keep(new FolderEntry.Folder(d, 0, 0, 7, 1, id)));
    refuses(keep(new FolderEntry.File(f, 0, 0, 7, Id.ofWords(1, 1, 1, 1))));
    FolderManifest.Page page = page(file);
    refuses(keep(pages(new FolderManifest.Page(page.id(), 8, 1))));
    refuses(keep(pages(new FolderManifest.Page(id, 7, 1))));
    refuses(keep(pages(page, page)));
    // a folder of pages that are folders of pages
    refuses(keep(pages(new FolderManifest.Page(keep(pages(page)), 7, 1))));
    Id asFile = inner.id();
    assertThrows(
        IOException.class, () -> fetch(keep(new FolderEntry.File(f, 0, 0, 7, asFile)), "fetched"));
  }

  private static Bytes pages(FolderManifest.Page... pages) {
    return new FolderManifest.Pages(List.of(pages)).toBytes();
  }

  @Test
  void moreThanTheDiskHoldsIsRefusedAtOnce() throws IOException {
    Id bomb = keep(new FolderEntry.Folder(text("d"), 0, 0, Long.MAX_VALUE, 1, Id.MAX));
    IOException e = assertThrows(IOException.class, () -> fetch(bomb, "fetched"));
    assertTrue(e.getMessage().contains("bytes, and there are"), e.getMessage());
  }

  @Test
  void aFolderDeeperThanAnyIsRefused() throws IOException {
    List<CompletableFuture<Receipt>> kept = new ArrayList<>();
    Bytes manifest = new FolderManifest.Entries(List.of()).toBytes();
    for (int i = 0; i <= FolderStorer.DEPTH_MAX; i++) {
      kept.add(node.store(manifest.toArray()));
      Id inner = Id.sha256(manifest);
      FolderEntry around = new FolderEntry.Folder(text("d"), 0755, 0, 0, 0, inner);
      manifest = new FolderManifest.Entries(List.of(around)).toBytes();
    }
    kept.forEach(CompletableFuture::join);
    Id deep = keep(manifest);
    // by us, or by the system, for which the path is too long
    assertThrows(Exception.class, () -> fetch(deep, "fetched"));
    assertFalse(Files.exists(folder.resolve("fetched")));
  }

  @Test
  void anInterruptLeavesNothing() throws Exception {
    Path tree = Files.createDirectory(folder.resolve("tree"));
    Path closed = Files.createDirectory(tree.resolve("closed"));
    for (int i = 0; i < 2_000; i++) {
      Trees.write((i < 500 ? closed : tree).resolve("file " + i), i);
    }
    Trees.chmod(closed, "---------");
    Trees.chmod(closed, "r-x------");
    Id id = store(tree).id();
    Thread fetching = Thread.currentThread();
    Line interrupting =
        request -> {
          if (request instanceof Message.GetItem get && get.id().equals(lastFile())) {
            fetching.interrupt();
          }
          return node.line().ask(request);
        };
    Path target = folder.resolve("fetched");
    assertThrows(
        InterruptedIOException.class,
        () -> new SharedFiles(interrupting).fetch(id, target, Progress.NONE));
    assertTrue(Thread.interrupted());
    assertFalse(Files.exists(target));
    Trees.chmod(closed, "rwx------");
  }

  private static Id lastFile() {
    byte[] content = new byte[1_500];
    new java.util.Random(1_500).nextBytes(content);
    return Entry.blob(Bytes.wrap(content)).id();
  }

  @Test
  void aFileThatLooksLikeAFolderIsStillAFile() throws IOException {
    byte[] bytes = new FolderManifest.Entries(List.of()).toBytes().toArray();
    StoredFile stored = node.files().store(new ByteArrayInputStream(bytes), Progress.NONE);
    assertNotEquals(Id.sha256(Bytes.wrap(bytes)), stored.id());
    assertEquals(
        -1, Files.mismatch(fetch(stored.id(), "f"), Files.write(folder.resolve("g"), bytes)));
  }
}
