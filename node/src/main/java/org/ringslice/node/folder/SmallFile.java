package org.ringslice.node.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/**
 * A file that is always read and written as a whole: who reads it sees the old content or the new
 * one, never a part, whenever its writer is killed. One writer at a time.
 */
final class SmallFile {
  static final String TEMPORARY_SUFFIX = ".tmp";

  /** What a write has to outlive. */
  enum Outlives {
    /** A kill of the process: enough for what only tells of running processes. */
    A_KILL,
    /** A loss of power. */
    A_LOSS_OF_POWER
  }

  private static final Set<StandardOpenOption> ANEW =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);

  private SmallFile() {}

  /** Nothing when there is no such file; damaged when it has more bytes than its kind can have. */
  static Optional<byte[]> read(Path file, int bytesMax) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(bytesMax + 1);
      if (bytes.length > bytesMax) {
        throw new DamagedException("it is larger than " + bytesMax + " bytes");
      }
      return Optional.of(bytes);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  static void replace(Path file, byte[] bytes, Outlives outlives) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY_SUFFIX);
    boolean force = outlives == Outlives.A_LOSS_OF_POWER;
    try (FileChannel out = FileChannel.open(temporary, ANEW, OwnerOnly.fileAttributes(temporary))) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        out.write(left);
      }
      if (force) {
        out.force(true);
      }
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    if (force) {
      forceFolder(file.toAbsolutePath().getParent());
    }
  }

  private static void forceFolder(Path folder) throws IOException {
    FileChannel opened;
    try {
      opened = FileChannel.open(folder, StandardOpenOption.READ);
    } catch (IOException e) {
      return; // Windows opens no folders, and needs no force of them
    }
    try (opened) {
      opened.force(true);
    }
  }
}
