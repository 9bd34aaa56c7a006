package org.ringslice.node.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A place where a file or folder is to be, and the part beside it where it grows until it is whole.
 * When this is closed the part is gone: moved in place, or deleted.
 */
final class Arrival implements AutoCloseable {
  private final Path target;
  private final Path part;

  /**
   * @throws IOException when neither a file nor a folder can come there, for one is there that is
   *     not empty
   */
  Arrival(Path target) throws IOException {
    this.target = named(target);
    if (Files.isDirectory(target) && !isEmpty(target)) {
      throw new IOException(
          target + " is a folder and not empty; name a file in it, or a new or an empty folder");
    }
    String suffix = Long.toHexString(ThreadLocalRandom.current().nextLong());
    part = this.target.resolveSibling(".ringslice-" + suffix + ".part");
  }

  /** With a name of its own, unlike '.'. */
  private static Path named(Path path) throws IOException {
    Path absolute = path.toAbsolutePath();
    Path last = absolute.getFileName();
    boolean plain = last != null && !last.toString().equals(".") && !last.toString().equals("..");
    // where a link leads, as when a shell writes
    Path named = plain && !Files.exists(absolute) ? absolute : absolute.toRealPath();
    if (named.getFileName() == null) {
      throw new IOException(path + " is the root of all; name a file or folder in it");
    }
    return named;
  }

  /** Where to write. There is nothing yet. */
  Path part() {
    return part;
  }

  DurableFile newFile() throws IOException {
    try {
      return new DurableFile(part);
    } catch (FileSystemException e) {
      throw ofTarget(e);
    }
  }

  void makeFolder() throws IOException {
    try {
      Files.createDirectory(part, Rights.ofComingFolder(part));
    } catch (FileSystemException e) {
      throw ofTarget(e);
    }
  }

  /** People know of the target, and not of the part beside it. */
  private IOException ofTarget(FileSystemException e) {
    String reason =
        e instanceof AccessDeniedException
            ? "this user may not write there"
            : e.getReason() == null ? "nothing can be written there" : e.getReason();
    return new IOException("can't write " + target + ": " + reason, e);
  }

  void checkTakesFile() throws IOException {
    if (Files.isDirectory(target)) {
      throw new IOException(target + " is a folder; name the file to write");
    }
  }

  void checkTakesFolder(long sizeBytes) throws IOException {
    boolean free =
        Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)
            || !Files.exists(target, LinkOption.NOFOLLOW_LINKS);
    if (!free) {
      throw new IOException(target + " is there already; name a new or an empty folder");
    }
    long freeBytes = Files.getFileStore(target.getParent()).getUsableSpace();
    if (sizeBytes > freeBytes) {
      throw new IOException(
          "the folder has "
              + sizeBytes
              + " bytes, and there are "
              + freeBytes
              + " free where "
              + target
              + " is to be");
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
      return !content.iterator().hasNext();
    }
  }

  /** Lets those use what is whole who are to use it. */
  void open() throws IOException {
    Rights rights =
        Files.exists(target)
            ? Rights.ofReplaced(target)
            : Rights.ofNew(
                part.resolveSibling(part.getFileName() + ".new"), Files.isDirectory(part));
    rights.give(part);
  }

  /** Durable when it returns. */
  void moveInPlace() throws IOException {
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
    FolderFetcher.syncNames(target.getParent());
  }

  @Override
  public void close() throws IOException {
    if (Files.isDirectory(part, LinkOption.NOFOLLOW_LINKS)) {
      Files.walkFileTree(part, new Deleting());
    } else {
      Files.deleteIfExists(part);
    }
  }

  /** Follows no link. */
  private static final class Deleting extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
      // it has got the mode that it is to have, which does not let it be read
      makeOurs(file);
      Files.walkFileTree(file, new Deleting());
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      makeOurs(folder);
      return FileVisitResult.CONTINUE;
    }

    private static void makeOurs(Path folder) throws IOException {
      if (!Files.isWritable(folder) || !Files.isExecutable(folder) || !Files.isReadable(folder)) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      }
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
