package org.ringslice.node.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;

/** One table of RocksDB, read by itself, as far as it can be. To be closed. */
final class TableFile implements AutoCloseable {
  static final String SUFFIX = ".sst";

  private static final long READ_AHEAD_BYTES = 1 << 20;

  private final Path file;
  private final Options options = new Options();
  private final ReadOptions reading =
      new ReadOptions().setFillCache(false).setReadaheadSize(READ_AHEAD_BYTES);
  private final SstFileReader reader;

  /**
   * @throws RocksDBException when nothing can be read of it
   */
  TableFile(Path file) throws RocksDBException {
    this.file = file;
    reader = new SstFileReader(options);
    try {
      reader.open(file.toString());
    } catch (RocksDBException e) {
      close();
      throw e;
    }
  }

  static List<Path> in(Path index) throws IOException {
    List<Path> found = new ArrayList<>();
    try (var files = Files.newDirectoryStream(index, "*" + SUFFIX)) {
      files.forEach(found::add);
    }
    found.sort(null);
    return found;
  }

  /** The family that it is a part of; nothing when it does not say. */
  Optional<Family> family() throws RocksDBException {
    byte[] name = reader.getTableProperties().getColumnFamilyName();
    String title = name == null ? "" : new String(name, US_ASCII);
    for (Family family : Family.values()) {
      if (title.equals(new String(family.title(), US_ASCII))) {
        return Optional.of(family);
      }
    }
    return Optional.empty();
  }

  /** All rows with keys of this size, but those that lie in bad blocks; where these are. */
  List<Interval> forEach(int keyBytes, SoundRows.Taker rows) throws RocksDBException, IOException {
    try (SoundRows all =
        new SoundRows(() -> reader.newIterator(reading), file.toString(), keyBytes)) {
      all.forEach(rows);
      return all.gaps();
    }
  }

  @Override
  public void close() {
    reader.close();
    reading.close();
    options.close();
  }
}
