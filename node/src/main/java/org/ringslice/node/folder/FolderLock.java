package org.ringslice.node.folder;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The right to use a data folder: a lock on its file {@code lock}, which the system takes back when
 * its holder dies. POSIX locks belong to a process and go when it closes <em>any</em> descriptor of
 * the file (fcntl(2)), so a file that this process has locked is never opened a second time: {@link
 * #HELD} is asked first, and all is done under the monitor of the class. May be called from any
 * thread.
 */
final class FolderLock implements Closeable {
  static final String FILE = "lock";

  /**
   * The lock is on a byte that is not there: Windows lets nobody read a locked one, and the file
   * has a pid.
   */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  /**
   * Who asks whether the lock is held has it for microseconds; past these tries it is really held.
   */
  private static final int TRIES_MAX = 5;

  private static final long BETWEEN_TRIES_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final int PID_BYTES_MAX = 32;

  /** The folders that this process has locked. */
  private static final Set<Object> HELD = new HashSet<>();

  private final Object folder;
  private final FileChannel channel;

  private FolderLock(Object folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /** Takes the lock of an existing folder; nothing when somebody else has it. */
  static synchronized Optional<FolderLock> take(Path dir) throws IOException {
    Object folder = keyOf(dir);
    if (HELD.contains(folder)) {
      return Optional.empty();
    }
    Path file = fileIn(dir);
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileChannel channel = FileChannel.open(file, options, OwnerOnly.fileAttributes(file));
    try {
      if (lockWithin(channel, TRIES_MAX)) {
        channel.truncate(0);
        String pid = Long.toString(ProcessHandle.current().pid());
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
        HELD.add(folder);
        return Optional.of(new FolderLock(folder, channel));
      }
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return Optional.empty();
  }

  private static boolean lockWithin(FileChannel channel, int tries) throws IOException {
    for (int i = 0; i < tries; i++) {
      if (lock(channel, false)) {
        return true;
      }
      LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
    }
    return false;
  }

  private static boolean lock(FileChannel channel, boolean shared) throws IOException {
    try {
      FileLock lock = channel.tryLock(LOCKED_BYTE, 1, shared);
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // by this process, through another class loader
    }
  }

  /** Whether anybody has the lock of this folder now. */
  static synchronized boolean isHeld(Path dir) throws IOException {
    try {
      if (HELD.contains(keyOf(dir))) {
        return true;
      }
      // shared, so that two who ask at once do not take each other for a node
      try (FileChannel channel = FileChannel.open(fileIn(dir), StandardOpenOption.READ)) {
        return !lock(channel, true);
      }
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** The process that took the lock last, when it can be told. */
  static synchronized OptionalLong lastHolder(Path dir) {
    try {
      if (HELD.contains(keyOf(dir))) {
        return OptionalLong.of(ProcessHandle.current().pid());
      }
      byte[] pid = SmallFile.read(fileIn(dir), PID_BYTES_MAX).orElse(new byte[0]);
      return OptionalLong.of(Long.parseLong(new String(pid, StandardCharsets.US_ASCII)));
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** Two paths to one folder have one key, where the file system tells. */
  private static Object keyOf(Path dir) throws IOException {
    Object key = Files.readAttributes(dir, BasicFileAttributes.class).fileKey();
    return key != null ? key : dir.toRealPath();
  }

  private static Path fileIn(Path dir) {
    return dir.resolve(FILE);
  }

  @Override
  public void close() throws IOException {
    synchronized (FolderLock.class) {
      // before the descriptor: while it is open nobody of this process may open another
      channel.close();
      HELD.remove(folder);
    }
  }
}
