package org.ringslice.node.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ThreadLocalRandom;
import org.ringslice.messages.Id;
import org.ringslice.node.port.Line;

/**
 * Stores and fetches files. Memory is bounded whatever their size. The methods block until the work
 * is done, and may be called by any thread but the loop's.
 */
public final class SharedFiles {
  private final Line line;

  public SharedFiles(Line line) {
    this.line = line;
  }

  /**
   * Stores a file and returns when all of it is durable.
   *
   * @throws IOException when it can't be read, or changes while it is read
   * @throws org.ringslice.node.port.RefusedException when the ring does not take it
   */
  public StoredFile store(Path file, Progress progress) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      long size = Files.size(file);
      StoredFile stored = new FileStorer(line, size, progress).store(in);
      if (stored.sizeBytes() != size) {
        throw new IOException(
            file + " changed while it was read; store it again when nobody writes to it");
      }
      return stored;
    }
  }

  /** Stores what a stream gives until its end, as a file. The stream is not closed. */
  public StoredFile store(InputStream in, Progress progress) throws IOException {
    return new FileStorer(line, -1, progress).store(in);
  }

  /**
   * Fetches a file, every byte verified, to a stream. What was written before a failure is the
   * beginning of the file. Returns its size in bytes.
   *
   * @throws IOException when the stream does not take it
   * @throws org.ringslice.node.port.RefusedException when a part of it is not to be had
   */
  public long fetch(Id id, OutputStream out, Progress progress) throws IOException {
    return new FileFetcher(line, progress).fetch(id, out);
  }

  /**
   * Fetches a file to a path. There is the whole file there in the end, durable, or what was there
   * before: it is written beside it, under another name, and renamed. Returns its size in bytes.
   */
  public long fetch(Id id, Path target, Progress progress) throws IOException {
    Path absolute = target.toAbsolutePath();
    String suffix = Long.toHexString(ThreadLocalRandom.current().nextLong());
    Path part = absolute.resolveSibling("." + absolute.getFileName() + "." + suffix + ".part");
    try {
      long size;
      try (DurableFile file = new DurableFile(part)) {
        size = new FileFetcher(line, progress).fetch(id, file);
        file.finish();
      }
      moveInPlace(part, absolute);
      return size;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void moveInPlace(Path part, Path target) throws IOException {
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
