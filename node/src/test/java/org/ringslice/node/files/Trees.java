package org.ringslice.node.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;

/** Folders for tests: nasty ones, and what there is in one. */
final class Trees {
  private Trees() {}

  /** All that a folder should keep, at least once. */
  static Path nasty(Path root) throws IOException {
    Files.createDirectory(root);
    write(root.resolve("empty"), 0);
    write(root.resolve("one block"), Limits.BLOCK_BYTES_MAX);
    write(root.resolve("a block and a byte"), Limits.BLOCK_BYTES_MAX + 1);
    write(root.resolve("large"), 5 * Limits.BLOCK_BYTES_MAX + 17);
    Files.write(root.resolve("like a manifest"), Manifest.MAGIC);
    Files.write(root.resolve("like a folder"), FolderManifest.MAGIC.unsafeArray());
    Files.createDirectories(root.resolve("empty folder"));
    String[] names = {
      "-rf",
      "new\nline",
      "u\u00cc\u0088",
      "\u00c3\u00bc",
      "\u00ff\u00fe",
      "CON",
      "a\\b",
      "x".repeat(255),
      "..."
    };
    for (String name : names) {
      write(root.resolve(FileName.nameOf(latin(name))), name.length());
    }
    Path deep = root;
    for (int i = 0; i < 300; i++) {
      deep = Files.createDirectory(deep.resolve("d"));
    }
    write(deep.resolve("bottom"), 3);
    links(root);
    modes(root);
    return root;
  }

  private static void links(Path root) throws IOException {
    link(root.resolve("to a file"), "empty");
    link(root.resolve("to a folder"), "empty folder");
    link(root.resolve("to nowhere"), "no such thing");
    link(root.resolve("outwards"), "../../..//etc/");
    link(root.resolve("absolute"), "/etc");
    link(root.resolve("in bytes"), "\u00ff/\u00fe");
    link(root.resolve("to itself"), "to itself");
  }

  private static void link(Path link, String target) throws IOException {
    Files.createSymbolicLink(link, FileName.pathOf(latin(target)));
    Attributes.setTime(link, 1_500_000_000_123_456_000L);
  }

  private static void modes(Path root) throws IOException {
    chmod(write(root.resolve("read-only"), 10), "r--r--r--");
    chmod(write(root.resolve("program"), 10), "rwxr-x--x");
    Files.setAttribute(write(root.resolve("setuid"), 10), "unix:mode", 06755);
    chmod(write(root.resolve("secret"), 10), "rw-------");
    Path old = write(root.resolve("old"), 10);
    Files.setLastModifiedTime(old, FileTime.from(-1_000_000_001L, TimeUnit.NANOSECONDS));
    Path folder = Files.createDirectory(root.resolve("read-only folder"));
    write(folder.resolve("file"), 10);
    Files.setLastModifiedTime(
        folder, FileTime.from(1_234_567_890_123_456_789L, TimeUnit.NANOSECONDS));
    chmod(folder, "r-xr-xr-x");
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static void chmod(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  static Path write(Path file, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    return Files.write(file, content);
  }

  /** A line for all below a folder, by its path: kind, mode, time, and content or target. */
  static SortedMap<String, String> list(Path root) throws IOException {
    TreeMap<String, String> lines = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        if (!path.equals(root)) {
          lines.put(FileName.printable(root.relativize(path)), describe(path));
        }
      }
    }
    return lines;
  }

  private static String describe(Path path) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    FileTime time = attributes.lastModifiedTime();
    if (attributes.isSymbolicLink()) {
      // Java sets those of links no finer
      return "link "
          + time.to(TimeUnit.MICROSECONDS)
          + " "
          + FileName.printable(Files.readSymbolicLink(path));
    }
    String mode = PosixFilePermissions.toString(attributes.permissions());
    if (attributes.isDirectory()) {
      return "folder " + mode + " " + time;
    }
    Id content = Id.sha256(Bytes.wrap(Files.readAllBytes(path)));
    return "file " + mode + " " + time + " " + attributes.size() + " " + content.toHex();
  }
}
