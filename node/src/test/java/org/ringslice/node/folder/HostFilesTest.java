package org.ringslice.node.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Event;

class HostFilesTest {
  private static final long DEADLINE_SECONDS = 10;

  @TempDir Path parent;
  private final BlockingQueue<Event> seen = new LinkedBlockingQueue<>();
  private final List<HostFiles> started = new ArrayList<>();

  @AfterEach
  void closeAll() {
    started.forEach(HostFiles::close);
  }

  private Path folder() {
    return parent.resolve("run");
  }

  private static Endpoint endpoint(int port) {
    return new Endpoint("127.0.0.1", port, port + 1);
  }

  private HostFiles start(String network, int port, BlockingQueue<Event> into) {
    HostFiles files =
        HostFiles.start(folder(), Id.MAX, network, List.of(endpoint(port)), into::add);
    started.add(files);
    return files;
  }

  private static Event sighted(int port) {
    return new Event.Sighted(endpoint(port), How.HOST);
  }

  private static Event next(BlockingQueue<Event> queue) throws InterruptedException {
    return queue.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  private static void await(BooleanSupplier condition, String what) {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadlineNanos, what);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private long files(String network) {
    try (Stream<Path> files = Files.list(folder().resolve(network))) {
      return files.filter(file -> file.toString().endsWith(HostFile.SUFFIX)).count();
    } catch (IOException e) {
      return 0;
    }
  }

  private Path leave(String name, HostFile file) throws IOException {
    Path nodes = RunFolder.prepare(folder(), "lab");
    SmallFile.replace(nodes.resolve(name), file.toBytes(), SmallFile.Outlives.A_KILL);
    return nodes.resolve(name);
  }

  private static HostFile of(ProcessMark process, int... ports) {
    List<Endpoint> endpoints = Arrays.stream(ports).mapToObj(HostFilesTest::endpoint).toList();
    return new HostFile(Id.MAX, "lab", process, endpoints);
  }

  @Test
  void twoNodesSeeEachOtherOnce() throws Exception {
    BlockingQueue<Event> seenBySecond = new LinkedBlockingQueue<>();
    start("lab", 4000, seen);
    start("lab", 4010, seenBySecond);
    assertEquals(sighted(4010), next(seen));
    assertEquals(sighted(4000), next(seenBySecond));
    start("lab", 4020, new LinkedBlockingQueue<>());
    assertEquals(
        sighted(4020), next(seen), "the second was not told of again, nor the first to itself");
    assertEquals(sighted(4020), next(seenBySecond));
  }

  @Test
  void nodesOfOtherNetworksAreNotSeen() throws Exception {
    start("office", 4100, new LinkedBlockingQueue<>());
    await(() -> files("office") == 1, "its file");
    start("lab", 4000, seen);
    start("lab", 4010, new LinkedBlockingQueue<>());
    assertEquals(sighted(4010), next(seen));
    assertNull(seen.poll());
  }

  @Test
  void newEndpointsAreToldOf() throws Exception {
    leave("other.node", of(ProcessMark.own(), 4010));
    start("lab", 4000, seen);
    assertEquals(sighted(4010), next(seen));
    leave("other.node", of(ProcessMark.own(), 4020, 4030));
    assertEquals(sighted(4020), next(seen));
    assertEquals(sighted(4030), next(seen));
    leave("other.node", of(ProcessMark.own(), 4020, 4030));
    leave("third.node", of(ProcessMark.own(), 4040));
    assertEquals(sighted(4040), next(seen), "the same endpoints in a new file are no news");
  }

  @Test
  void removesTheFileOfAKilledNode() throws Exception {
    try (ChildJvm child = ChildJvm.start(FolderUser.class, List.of(), "meet", folder())) {
      assertEquals("meeting", child.line());
      await(() -> files("lab") == 1, "the child's file");
      child.kill();
    }
    assertEquals(1, files("lab"), "a kill leaves the file behind");
    start("lab", 4000, seen);
    start("lab", 4010, new LinkedBlockingQueue<>());
    assertEquals(sighted(4010), next(seen), "and not the killed one");
    await(() -> files("lab") == 2, "only the files of the living");
  }

  @Test
  void removesTheFileOfANodeThatIsKilledWhileItWatches() throws Exception {
    try (ChildJvm child = ChildJvm.start(FolderUser.class, List.of(), "meet", folder())) {
      assertEquals("meeting", child.line());
      start("lab", 4000, seen);
      assertEquals(new Event.Sighted(FolderUser.ENDPOINT, How.HOST), next(seen));
      child.kill();
    }
    await(() -> files("lab") == 1, "only the own file");
  }

  @Test
  void knowsAPidThatWasGivenAgain() throws Exception {
    ProcessMark own = ProcessMark.own();
    Path stale = leave("stale.node", of(new ProcessMark(own.pid(), own.space(), "long ago"), 4010));
    start("lab", 4000, seen);
    await(() -> !Files.exists(stale), "the stale file goes");
    assertNull(seen.poll());
  }

  @Test
  void judgesNoProcessesThatItCanNotSee() throws Exception {
    Path foreign = leave("foreign.node", of(new ProcessMark(1, "pid:[another]", "0 ticks"), 4010));
    start("lab", 4000, seen);
    assertEquals(sighted(4010), next(seen));
    assertTrue(Files.exists(foreign));
  }

  @Test
  void passesOverWhatIsNoFileOfANode() throws Exception {
    leave("sound.node", of(ProcessMark.own(), 4010));
    Path nodes = folder().resolve("lab");
    Files.writeString(nodes.resolve("damaged.node"), "id=x\n");
    Files.write(nodes.resolve("large.node"), new byte[HostFile.BYTES_MAX + 1]);
    Files.createDirectory(nodes.resolve("folder.node"));
    Files.write(nodes.resolve("odd.node"), new KeyValues().add("pid", 1).add("id", "x").toBytes());
    start("lab", 4000, seen);
    assertEquals(sighted(4010), next(seen));
    await(() -> files("lab") == 6, "none of them is removed, and the own is there");
  }

  @Test
  void leavesWordAgainWhenItsFileWasTidiedAway() throws Exception {
    HostFiles files = start("lab", 4000, seen);
    await(() -> files("lab") == 1, "its file");
    try (Stream<Path> inside = Files.list(folder().resolve("lab"))) {
      for (Path file : inside.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder().resolve("lab"));
    Files.delete(folder());
    await(() -> files("lab") == 1, "its file, again");
    files.close();
    assertEquals(0, files("lab"));
  }

  @Test
  void refusesALinkInPlaceOfTheFolder() throws Exception {
    Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
    Files.createSymbolicLink(folder(), elsewhere);
    assertRefused("symbolic link");
    try (Stream<Path> files = Files.list(elsewhere)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void refusesTheFolderOfAnotherUser() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can give a folder away");
    Files.createDirectory(folder());
    Files.setAttribute(folder(), "unix:uid", 65534);
    assertRefused("another user");
  }

  private void assertRefused(String why) {
    IOException refusal = assertThrows(IOException.class, () -> RunFolder.prepare(folder(), "lab"));
    assertTrue(refusal.getMessage().contains(why), refusal.getMessage());
    start("lab", 4000, seen).close(); // it says so, and harms nobody
    assertFalse(Files.exists(folder().resolve("lab")));
  }

  @Test
  void closesItsFolderToOthers() throws Exception {
    assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix"),
        "this file system knows no permissions");
    Files.createDirectory(folder());
    Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxrwxrwx"));
    start("lab", 4000, seen);
    await(() -> files("lab") == 1, "its file");
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())));
    Path nodes = folder().resolve("lab");
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(nodes)));
  }

  @Test
  void removesWhatAWriterThatWasKilledLeftBehind() throws Exception {
    Path nodes = RunFolder.prepare(folder(), "lab");
    Path old = Files.createFile(nodes.resolve("1.node.tmp"));
    Path fresh = Files.createFile(nodes.resolve("2.node.tmp"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(3600)));
    start("lab", 4000, seen);
    await(() -> !Files.exists(old), "the old one goes");
    assertTrue(Files.exists(fresh), "its writer may be at work");
  }

  @Test
  void readsNoMoreFilesThanItsLimit() throws Exception {
    for (int i = 0; i < HostFiles.FILES_MAX + 20; i++) {
      leave(i + ".node", of(ProcessMark.own(), 10_000 + i));
    }
    start("lab", 4000, seen);
    int most = HostFiles.FILES_MAX;
    await(() -> seen.size() >= most - 1, "as many as are read");
    assertTrue(seen.size() <= most, "and no more");
  }

  @Test
  void tellsOfAnAddressThatCameLaterAndOfItselfToOneWhoGlances() throws Exception {
    BlockingQueue<Event> seen = new LinkedBlockingQueue<>();
    HostFiles first = start("lab", 4100, new LinkedBlockingQueue<>());
    start("lab", 4200, seen);
    assertEquals(sighted(4100), next(seen));

    Endpoint later = new Endpoint("127.0.0.9", 4100, 4101);
    first.listens(List.of(endpoint(4100), later));
    assertEquals(sighted(4100), next(seen));
    assertEquals(new Event.Sighted(later, How.HOST), next(seen));

    Set<Endpoint> glanced = Set.copyOf(HostFiles.glance(folder(), "lab"));
    assertEquals(Set.of(endpoint(4100), later, endpoint(4200)), glanced);
    assertEquals(List.of(), HostFiles.glance(folder(), "office"));
  }
}
