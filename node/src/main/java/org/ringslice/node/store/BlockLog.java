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
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.ringslice.messages.Entry;
import org.rocksdb.RocksDBException;
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
  private final Object folderKey;
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
  private int mark;

  private final List<IndexRow> adopted = new ArrayList<>();
  private boolean foundFaults;

  /** What changes in the list of segments when the group is committed. */
  record Changes(List<Segment> present, List<Integer> gone) {}

  /** Says of a block that is whole, and was never committed, whether to take it all the same. */
  interface Adoption {
    boolean takes(IndexRow row) throws RocksDBException, IOException;
  }

  /**
   * Opens the log. What was never committed is cut off, but for what is {@linkplain Adoption
   * adopted}. What is missing of committed bytes is told in the log, and left to those who read to
   * find; where anything is missing nothing is appended any more, lest bytes come to lie where rows
   * expect others.
   *
   * @param committed the list of segments that the database holds
   */
  BlockLog(Path folder, List<Segment> committed, int segmentBytes, Adoption adoption)
      throws RocksDBException, IOException {
    this.folder = folder;
    this.segmentBytes = segmentBytes;
    Files.createDirectories(folder);
    folderKey = IndexFolder.key(folder);
    syncNames(folder.toAbsolutePath().getParent());
    NavigableMap<Integer, Path> files = SegmentNames.in(folder);
    Set<Integer> cut = new HashSet<>();
    for (Segment segment : committed) {
      Path file = files.remove(segment.number());
      long sizeBytes = file == null ? 0 : Files.size(file);
      if (sizeBytes < segment.endBytes()) {
        cut.add(segment.number());
        noteCut(segment, sizeBytes);
      } else {
        segments.put(segment.number(), segment);
        adoptTail(segment, file, sizeBytes, adoption);
      }
    }
    for (Map.Entry<Integer, Path> stray : files.entrySet()) {
      Segment none = new Segment(stray.getKey(), 0, 0);
      adoptTail(none, stray.getValue(), Files.size(stray.getValue()), adoption);
      if (!segments.containsKey(none.number())) {
        Files.delete(stray.getValue());
      }
    }
    active = segments.isEmpty() ? 0 : segments.lastKey();
    if (cut.contains(active)) {
      begin(active + 1);
    }
    for (Segment segment : segments.values()) {
      noteIfSparse(segment.number());
      if (segment.liveBytes() == 0 && segment.number() != active) {
        changed.add(segment.number());
      }
    }
  }

  private void noteCut(Segment segment, long sizeBytes) {
    foundFaults = true;
    LOG.error(DiskTrouble.shortSegment(folder, segment, sizeBytes));
    segments.put(segment.number(), segment.cutTo(sizeBytes));
    changed.add(segment.number());
  }

  private void adoptTail(Segment segment, Path file, long sizeBytes, Adoption adoption)
      throws RocksDBException, IOException {
    if (sizeBytes == segment.endBytes()) {
      return;
    }
    Segment grown = segment;
    try (BlockScan scan = new BlockScan(file, segment.endBytes())) {
      while (scan.next()) {
        IndexRow row = scan.row(segment.number());
        if (scan.isSound() && adoption.takes(row)) {
          long endBytes = (long) row.offset() + row.info().size();
          grown = new Segment(grown.number(), endBytes, grown.liveBytes() + row.info().size());
          adopted.add(row);
        }
      }
    }
    if (!grown.equals(segment)) {
      segments.put(grown.number(), grown);
      changed.add(grown.number());
    }
    try (FileChannel tail = FileChannel.open(file, StandardOpenOption.WRITE)) {
      tail.truncate(grown.endBytes());
      tail.force(false);
    }
  }

  /** What was adopted, and is to be committed with {@link #changes}. */
  List<IndexRow> adopted() {
    return adopted;
  }

  /** Whether committed bytes were missing when it was opened. */
  boolean foundFaults() {
    return foundFaults;
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
    IndexRow row = IndexRow.inSegment(entry, active, (int) segment.endBytes() + BlockHeader.BYTES);
    stage(ByteBuffer.wrap(BlockHeader.of(row, mark).encode()));
    stage(entry.bytes().asBuffer());
    segments.put(active, segment.plus(entry.bytes().size()));
    changed.add(active);
    return row;
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

  /** Where its segments are. */
  Path folder() {
    return folder;
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

  /** The segment that is appended to; nothing before the first append of all. */
  Optional<Integer> active() {
    return segments.isEmpty() ? Optional.empty() : Optional.of(active);
  }

  /** Segments that died, and are freed once that is {@link #committed}. */
  List<Integer> emptied() {
    return List.copyOf(emptied);
  }

  /**
   * Frees the space of segments that died; called when {@link #changes} are committed.
   *
   * @return the segments that are gone
   */
  List<Integer> committed() {
    List<Integer> gone = List.copyOf(emptied);
    emptied.clear();
    if (gone.isEmpty() || !isInPlace()) {
      return gone;
    }
    for (int number : gone) {
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
    return gone;
  }

  /** Goes on where the last segment ends, if that is one whose blocks name themselves. */
  private void resume() throws IOException {
    Segment last = segments.get(active);
    Path file = Segment.file(folder, active);
    if (last != null && last.endBytes() == 0) {
      Files.deleteIfExists(file);
      create();
      return;
    }
    BlockHeader first = last == null ? null : BlockScan.first(file);
    if (first == null) {
      startSegment();
      return;
    }
    mark = first.mark();
    channel = FileChannel.open(file, StandardOpenOption.WRITE);
    channel.position(last.endBytes());
  }

  /**
   * Appends no more to the segment that it appends to: somebody else wrote it, or its name leads to
   * another file or to none, and what were appended to this one would be gone with the process.
   */
  void leaveActive() throws IOException {
    if (channel != null) {
      startSegment();
    }
  }

  private void startSegment() throws IOException {
    if (channel != null) {
      sync();
      channel.close();
    }
    begin(active + 1);
    create();
  }

  /** From now on a segment is appended to that is not there yet. */
  private void begin(int number) {
    boolean isFirst = segments.isEmpty();
    int before = active;
    active = number;
    segments.put(active, new Segment(active, 0, 0));
    changed.add(active);
    if (!isFirst) {
      changed.add(before); // it may be dead already, and can be dropped from now on
      noteIfSparse(before);
    }
  }

  /** Whether the folder has its name still; another of that name is somebody else's. */
  private boolean isInPlace() {
    try {
      return Objects.equals(folderKey, IndexFolder.key(folder));
    } catch (IOException e) {
      LOG.debug("{} can't be looked at", folder, e);
      return false;
    }
  }

  private void create() throws IOException {
    if (!isInPlace()) {
      throw new IOException(folder + " was deleted, moved or replaced");
    }
    mark = ThreadLocalRandom.current().nextInt();
    channel =
        FileChannel.open(
            Segment.file(folder, active), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    syncNames(folder);
  }

  private void stage(ByteBuffer left) throws IOException {
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
  static void syncNames(Path folder) throws IOException {
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
