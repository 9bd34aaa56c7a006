package org.ringslice.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** How much there is in a folder, found out by a thread of its own. */
final class TreeSize implements AutoCloseable {
  private final Thread thread;
  private long bytes;
  private long files;
  private volatile boolean whole;

  private TreeSize(Path folder) {
    thread = new Thread(() -> walk(folder), "ringslice-tree-size");
    thread.setDaemon(true);
  }

  static TreeSize measure(Path folder) {
    TreeSize size = new TreeSize(folder);
    size.thread.start();
    return size;
  }

  private void walk(Path folder) {
    try {
      Files.walkFileTree(folder, new Counting());
      whole = !thread.isInterrupted();
    } catch (IOException | UncheckedIOException e) {
      // then it stays unknown; whoever reads the folder tells of its troubles
      whole = false;
    }
  }

  /** Whether all is counted. */
  boolean isWhole() {
    return whole;
  }

  /** Of all files; only when all is counted. */
  long bytes() {
    return bytes;
  }

  long files() {
    return files;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private final class Counting extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        bytes += attributes.size();
        files++;
      }
      return thread.isInterrupted() ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) {
      return FileVisitResult.CONTINUE;
    }
  }
}
