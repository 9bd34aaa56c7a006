package org.ringslice.node.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Entry;
import org.ringslice.node.event.Book;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** What other versions have left on a disk. */
final class FormatTest {
  @TempDir Path folder;

  private final Random random = new Random(41);
  private List<String> families = List.of();

  @Test
  void takesOverAStoreOfTheFormatBeforeJournals() throws Exception {
    Entry living = Samples.blob(random, 100);
    Entry dead = Samples.dead(Samples.record(Samples.id(random), 1, living.bytes()), 2);
    writeStore(1, "default", "index", "values", "segments");
    write("values", living.id().toBytes(), living.bytes().toArray());
    write("index", living.id().toBytes(), IndexRow.inValues(living).encode());
    write("index", dead.id().toBytes(), IndexRow.dead(dead).encode());
    for (int time = 0; time < 2; time++) {
      try (Asked asked = new Asked(folder)) {
        assertEquals(1, asked.store.living());
        assertEquals(2, asked.believed(Book.HELD).index().size());
        assertEquals(100, asked.believed(Book.HELD).opened().sizeBytes());
        assertEquals(Optional.of(living), asked.loaded(living.id()).entry());
        Entry passing = Samples.blob(random, 5);
        asked.kept(passing);
        asked.dropped(passing.info());
        asked.assertTheBooksAgree();
      }
    }
  }

  /** Its blocks lie one after the other, and have no headers. */
  @Test
  void takesOverAStoreOfTheFormatBeforeHeaders() throws Exception {
    List<Entry> old = List.of(Samples.blob(random, 5000), Samples.blob(random, 2000));
    Path first = Segment.file(Database.blocks(folder), 1);
    Files.createDirectories(first.getParent());
    writeStore(
        2, "default", "index", "values", "segments", "journal", "watched", "watched-journal");
    int endBytes = 0;
    for (Entry entry : old) {
      IndexRow row = IndexRow.inSegment(entry, 1, endBytes);
      write("index", entry.id().toBytes(), row.encode());
      Files.write(first, entry.bytes().toArray(), CREATE, APPEND);
      endBytes += entry.bytes().size();
    }
    Segment segment = new Segment(1, endBytes, endBytes);
    write("segments", segment.key(), segment.value());
    Entry fresh = Samples.blob(random, 3000);
    for (int time = 0; time < 2; time++) {
      try (Asked asked = new Asked(folder)) {
        asked.kept(fresh);
        for (Entry entry : List.of(old.get(0), old.get(1), fresh)) {
          assertEquals(Optional.of(entry), asked.loaded(entry.id()).entry());
        }
        assertEquals(endBytes, Files.size(first), "nothing is appended to it");
        assertTrue(Files.exists(Segment.file(Database.blocks(folder), 2)));
        asked.assertTheBooksAgree();
      }
    }
    try (Asked asked = new Asked(folder)) {
      asked.dropped(old.get(0).info(), old.get(1).info());
      assertFalse(Files.exists(first), "all of it is dead");
    }
  }

  @Test
  void findsSegmentsThatAreNamedInOtherDigits() throws Exception {
    Entry entry = Samples.blob(random, 5000);
    try (Asked asked = new Asked(folder)) {
      asked.kept(entry);
    }
    Path named = Segment.file(Database.blocks(folder), 1);
    Locale before = Locale.getDefault();
    for (String tag : List.of("fa-IR", "ar-EG", "bn-BD", "mr-IN", "my-MM", "ne-NP")) {
      Locale locale = Locale.forLanguageTag(tag);
      Files.move(named, named.resolveSibling(String.format(locale, "%08d", 1)));
      Locale.setDefault(locale);
      try (Asked asked = new Asked(folder)) {
        assertEquals(Optional.of(entry), asked.loaded(entry.id()).entry(), tag);
        assertEquals("00000001", named.getFileName().toString());
        assertTrue(Files.exists(named), tag);
      } finally {
        Locale.setDefault(before);
      }
    }
  }

  @Test
  void refusesAStoreOfALaterFormatAndLeavesItAsItIs() throws Exception {
    writeStore(
        4, "default", "index", "values", "segments", "journal", "watched", "watched-journal");
    for (int time = 0; time < 2; time++) {
      IOException refusal = assertThrows(IOException.class, () -> new Asked(folder));
      assertTrue(refusal.getMessage().contains("it has format 4"), refusal.getMessage());
      assertTrue(
          refusal.getMessage().contains("use the version that wrote it"), refusal.getMessage());
    }
  }

  private void writeStore(long format, String... names) throws Exception {
    NativeCode.load(folder);
    families = List.of(names);
    Files.createDirectories(folder.resolve("index"));
    write("default", "format".getBytes(US_ASCII), ByteBuffer.allocate(8).putLong(format).array());
  }

  private void write(String family, byte[] key, byte[] value) throws RocksDBException {
    List<ColumnFamilyDescriptor> wanted = new ArrayList<>();
    families.forEach(name -> wanted.add(new ColumnFamilyDescriptor(name.getBytes(US_ASCII))));
    List<ColumnFamilyHandle> opened = new ArrayList<>();
    try (DBOptions options =
            new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true);
        RocksDB db = RocksDB.open(options, folder.resolve("index").toString(), wanted, opened)) {
      db.put(opened.get(families.indexOf(family)), key, value);
      opened.forEach(ColumnFamilyHandle::close);
    }
  }
}
