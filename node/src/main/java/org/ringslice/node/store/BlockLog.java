package org.ringslice.node.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of large entries, appended to segment files. A group is appended, {@linkplain #sync
 * synced}, and committed with the {@linkplain #changes changed} segments in one batch of the
 * database; a group that was not committed is cut off when the log is opened again. Committed bytes
 * are never overwritten, so readers need no lock. A segment in which everything is dead is deleted,
 * once it is no longer appended to; one in which more than half is dead is {@linkplain #sparse
 * offered} to be emptied.
 *
 * <p>After any exception the log must be closed and opened anew. Belongs to the writer's thread.
 */
final class BlockLog implements Closeable {
  /**
   * A segment takes no more entries from this size on. Small enough that whole ones die, large
   * enough that starting one (two syncs) is nothing beside filling it. A guess.
   */
  static final int SEGMENT_BYTES = 128 << 20;

  /** Appended bytes are collected up to this many, so that the disk sees few and large writes. */
  private static final int STAGING_BYTES = 1 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(BlockLog.class);

  private final Path folder;
  private final int segmentBytes;
  private final TreeMap<Integer, Segment> segments = new TreeMap<>();
  private final TreeSet<Integer> changed = new TreeSet<>();
  private final List<Integer> emptied = new ArrayList<>();

  // of those that are not appended to
  private final TreeSet<Integer> sparse = new TreeSet<>();
  private final Set<Integer> tried = new HashSet<>();

  private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING_BYTES);

  // The last segment, which is appended to. It is never dropped, so that no number is used twice.
  private int active;

  // of the active segment; null before the first append
  private FileChannel channel;

  /** What changes in the list of segments when the group is committed. */
  record Changes(List<Segment> present, List<Integer> gone) {}

  /**
   * Opens the log, and cuts off what was never committed.
   *
   * @param committed the list of segments that the database holds
   * @throws IOException also when committed bytes are missing
   */
  BlockLog(Path folder, List<Segment> committed, int segmentBytes) throws IOException {
    this.folder = folder;
    this.segmentBytes = segmentBytes;
    Files.createDirectories(folder);
    syncNames(folder.toAbsolutePath().getParent());
    Set<Path> known = new HashSet<>();
    for (Segment segment : committed) {
      segments.put(segment.number(), segment);
      known.add(Segment.file(folder, segment.number()));
      active = Math.max(active, segment.number());
      cutTail(segment);
    }
    segments.keySet().forEach(this::noteIfSparse);
    try (var files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (!known.contains(file)) {
          Files.delete(file);
        }
      }
    }
  }

  private void cutTail(Segment segment) throws IOException {
    Path file = Segment.file(folder, segment.number());
    long sizeBytes = Files.exists(file) ? Files.size(file) : 0;
    if (sizeBytes < segment.endBytes()) {
      throw new IOException(file + " has " + sizeBytes + " bytes of " + segment.endBytes());
    }
    if (sizeBytes > segment.endBytes()) {
      try (FileChannel tail = FileChannel.open(file, StandardOpenOption.WRITE)) {
        tail.truncate(segment.endBytes());
      }
    }
  }

  /** Appends the bytes of a living entry; says where they are. */
  IndexRow append(Entry entry) throws IOException {
    if (channel == null) {
      resume();
    }
    if (segments.get(active).endBytes() >= segmentBytes) {
      startSegment();
    }
    Segment segment = segments.get(active);
    stage(entry.bytes());
    segments.put(active, segment.plus(entry.bytes().size()));
    changed.add(active);
    return IndexRow.inSegment(entry, active, (int) segment.endBytes());
  }

  /** Notes that the bytes at this place are of no use any more. */
  void release(IndexRow row) {
    Segment segment = segments.get(row.segment());
    if (segment != null) {
      segments.put(row.segment(), segment.without(row.info().size()));
      changed.add(row.segment());
      noteIfSparse(row.segment());
    }
  }

  private void noteIfSparse(int number) {
    Segment segment = segments.get(number);
    if (number != active
        && !tried.contains(number)
        && segment.liveBytes() < segment.endBytes() / 2) {
      sparse.add(number);
    }
  }

  /** A segment of which more than half is dead, and that was not {@link #compacted} yet. */
  Optional<Integer> sparse() {
    return sparse.isEmpty() ? Optional.empty() : Optional.of(sparse.first());
  }

  boolean has(int number) {
    return segments.containsKey(number);
  }

  /** All that can be moved out of a segment was moved, and it is still there: the rest stays. */
  void compacted(int number) {
    sparse.remove(number);
    tried.add(number);
  }

  /** Makes what was appended durable; it is not referred to yet. */
  void sync() throws IOException {
    if (channel != null && changed.contains(active)) {
      writeStaged();
      channel.force(false);
    }
  }

  /** What to commit together with the rows that refer to the log, after {@link #sync}. */
  Changes changes() {
    List<Segment> present = new ArrayList<>();
    for (int number : changed) {
      Segment segment = segments.get(number);
      if (segment.liveBytes() == 0 && number != active) {
        emptied.add(number);
        segments.remove(number);
        sparse.remove(number);
      } else {
        present.add(segment);
      }
    }
    changed.clear();
    return new Changes(present, List.copyOf(emptied));
  }

  /** Frees the space of segments that died; called when {@link #changes} are committed. */
  void committed() {
    for (int number : emptied) {
      Path file = Segment.file(folder, number);
      try (FileChannel segment = FileChannel.open(file, StandardOpenOption.WRITE)) {
        // a reader may have it open, and would keep its space
        segment.truncate(0);
        Files.delete(file);
      } catch (NoSuchFileException e) {
        LOG.debug("a dead segment was gone already", e);
      } catch (IOException e) {
        LOG.warn("a dead segment is left to the next start to delete", e);
      }
    }
    emptied.clear();
  }

  private void resume() throws IOException {
    if (segments.isEmpty()) {
      startSegment();
      return;
    }
    channel = FileChannel.open(Segment.file(folder, active), StandardOpenOption.WRITE);
    channel.position(segments.get(active).endBytes());
  }

  private void startSegment() throws IOException {
    if (channel != null) {
      sync();
      channel.close();
      changed.add(active); // it may be dead already, and can be dropped from now on
    }
    active++;
    segments.put(active, new Segment(active, 0, 0));
    Optional.ofNullable(segments.lowerKey(active)).ifPresent(this::noteIfSparse);
    channel =
        FileChannel.open(
            Segment.file(folder, active), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    syncNames(folder);
  }

  private void stage(Bytes bytes) throws IOException {
    ByteBuffer left = bytes.asBuffer();
    while (left.hasRemaining()) {
      if (!staging.hasRemaining()) {
        writeStaged();
      }
      int sizeBytes = Math.min(left.remaining(), staging.remaining());
      staging.put(staging.position(), left, left.position(), sizeBytes);
      staging.position(staging.position() + sizeBytes);
      left.position(left.position() + sizeBytes);
    }
  }

  private void writeStaged() throws IOException {
    staging.flip();
    while (staging.hasRemaining()) {
      channel.write(staging);
    }
    staging.clear();
  }

  /** A file is only there after a loss of power when its name is. */
  private static void syncNames(Path folder) throws IOException {
    FileChannel names;
    try {
      names = FileChannel.open(folder, StandardOpenOption.READ);
    } catch (IOException e) {
      return; // Windows opens no folders; there, names are in the file system's own log
    }
    try (names) {
      names.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
