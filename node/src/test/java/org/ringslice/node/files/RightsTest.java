package org.ringslice.node.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.node.port.Line;
import org.ringslice.node.runtime.Node;
import org.ringslice.node.runtime.NodeConfig;

/** Who may use what comes, while it comes and then. */
class RightsTest {
  @TempDir static Path data;
  private static Node node;

  @TempDir Path folder;

  /** Those that were seen at parts on their way. */
  private final Set<String> seen = new TreeSet<>();

  /** The same within folders on their way. */
  private final Set<String> within = new TreeSet<>();

  @BeforeAll
  static void startANode() throws Exception {
    assumeTrue(data.getFileSystem().supportedFileAttributeViews().contains("posix"));
    node =
        Node.start(
            NodeConfig.in(data.resolve("node"))
                .network("rights-" + data.getFileName())
                .bind("127.0.0.1")
                .mdns(false));
  }

  @AfterAll
  static void stopIt() {
    if (node != null) {
      node.close();
    }
  }

  private void fetch(Path stored, Path target) throws IOException {
    Line looking =
        request -> {
          look();
          return node.line().ask(request);
        };
    new SharedFiles(looking)
        .fetch(node.files().store(stored, Progress.NONE).id(), target, (done, total) -> look());
  }

  private void look() {
    try (Stream<Path> parts = Files.list(folder)) {
      for (Path part : parts.filter(path -> path.toString().endsWith(".part")).toList()) {
        try (Stream<Path> all = Files.walk(part)) {
          for (Path path : all.toList()) {
            (path.equals(part) ? seen : within)
                .add((Files.isDirectory(path) ? "d" : "-") + mode(path));
          }
        }
      }
    } catch (NoSuchFileException e) {
      // moved in place
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static Path withMode(Path path, String mode) throws IOException {
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private Path file(String name, int sizeBytes) throws IOException {
    return Trees.write(folder.resolve(name), sizeBytes);
  }

  @Test
  void aFileIsItsOwnersAloneUntilItIsWholeAndThenAsTheUmaskSays() throws IOException {
    fetch(file("file", 5 << 20), folder.resolve("copy"));

    assertEquals(Set.of("-rw-------"), seen);
    assertEquals(mode(Files.createFile(folder.resolve("usual"))), mode(folder.resolve("copy")));
  }

  @Test
  void aFileThatIsReplacedKeepsItsMode() throws IOException {
    for (String mode : Set.of("rw-------", "rw-r-----", "rwxrwxrwx", "r--r--r--")) {
      Path target = withMode(file("target-" + mode, 3), mode);
      fetch(file("file", 3 << 20), target);

      assertEquals(Set.of("-rw-------"), seen);
      assertEquals(mode, mode(target));
      assertEquals(3 << 20, Files.size(target));
    }
  }

  @Test
  void aFileThatIsReplacedByRootKeepsItsOwner() throws IOException {
    Path target = file("target", 3);
    assumeTrue(Files.getAttribute(target, "unix:uid").equals(0), "only root may give files away");
    Files.setAttribute(target, "unix:uid", 12_345);
    Files.setAttribute(target, "unix:gid", 54_321);

    fetch(file("file", 10), target);

    assertEquals(12_345, Files.getAttribute(target, "unix:uid"));
    assertEquals(54_321, Files.getAttribute(target, "unix:gid"));
  }

  @Test
  void aFolderIsItsOwnersAloneUntilItIsWhole() throws IOException {
    Path tree = Files.createDirectory(folder.resolve("tree"));
    Path inner = Files.createDirectory(tree.resolve("inner"));
    withMode(Trees.write(inner.resolve("key"), 3 << 20), "rw-------");
    withMode(Trees.write(tree.resolve("open"), 10), "rw-rw-rw-");
    withMode(inner, "rwxr-x---");
    fetch(tree, folder.resolve("copy"));

    assertEquals(Set.of("drwx------"), seen);
    assertTrue(within.contains("-rw-------"), within::toString);
    Path copy = folder.resolve("copy");
    assertEquals(mode(Files.createDirectory(folder.resolve("usual"))), mode(copy));
    assertEquals("rw-------", mode(copy.resolve("inner").resolve("key")));
    assertEquals("rw-rw-rw-", mode(copy.resolve("open")));
    assertEquals("rwxr-x---", mode(copy.resolve("inner")));
  }

  @Test
  void anEmptyFolderThatIsFilledKeepsItsMode() throws IOException {
    Path tree = Files.createDirectory(folder.resolve("tree"));
    Trees.write(tree.resolve("file"), 10);
    Path target = withMode(Files.createDirectory(folder.resolve("target")), "rwxrwx---");

    fetch(tree, target);

    assertEquals("rwxrwx---", mode(target));
    assertTrue(Files.exists(target.resolve("file")));
  }
}
