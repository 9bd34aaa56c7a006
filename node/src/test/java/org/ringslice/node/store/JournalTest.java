package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.StoreAnswer;

final class JournalTest {
  @TempDir Path folder;

  private final Random random = new Random(31);

  @Test
  void saysWhichLinesItHasForgottenAndHasAllOthers() throws Exception {
    int chunks = Journal.LINES_MAX / Journal.CHUNK_LINES + 3;
    long[] lastOfChunk = new long[chunks];
    Database database = new Database(folder, BlockLog.SEGMENT_BYTES, Asked.KEY);
    for (int chunk = 0; chunk < chunks; chunk++) {
      lastOfChunk[chunk] = appendAChunk(database);
    }
    assertTrue(database.close(TimeUnit.SECONDS.toNanos(30)));
    try (Asked asked = new Asked(folder)) {
      StoreAnswer.JournalRead read = asked.journal(Book.WATCHED, 0, 1);
      assertEquals(lastOfChunk[2], read.forgotten());
      assertEquals(lastOfChunk[2] + 1, read.lines().get(0).sequence());
      int count = 0;
      for (List<Change> lines = read.lines(); !lines.isEmpty(); ) {
        count += lines.size();
        long last = lines.get(lines.size() - 1).sequence();
        lines = asked.journal(Book.WATCHED, last, 50_000).lines();
      }
      assertEquals(Journal.LINES_MAX, count);
      assertEquals(0, asked.journal(Book.HELD, 0, 1).forgotten());
    }
  }

  private long appendAChunk(Database database) throws Exception {
    Ledger ledger = database.ledger(Book.WATCHED);
    long last = 0;
    try (Tables.Batch batch = database.tables().batch()) {
      for (int i = 0; i < Journal.CHUNK_LINES; i++) {
        EntryInfo info = new EntryInfo(Samples.id(random), Kind.BLOB, 0, true, 1);
        last = ledger.append(Optional.empty(), Optional.of(info), batch).sequence();
      }
      ledger.putState(batch);
      database.commit(batch, database.commits() + 1);
    }
    return last;
  }

  @Test
  void aLineIsReadAsItWasWritten() throws Exception {
    Id id = Samples.id(random);
    EntryInfo alive = new EntryInfo(id, Kind.RECORD, -1, true, 12345);
    EntryInfo dead = new EntryInfo(id, Kind.BLOB, 0, false, 0);
    for (Optional<EntryInfo> before : List.of(Optional.of(alive), Optional.of(dead))) {
      for (Optional<EntryInfo> after :
          List.of(Optional.of(dead), Optional.of(alive), Optional.<EntryInfo>empty())) {
        Change line = new Change(1L << 41 | 7, before, after);
        Change opposite = new Change(3, after, before);
        for (Change each : List.of(line, opposite)) {
          assertEquals(
              each, JournalLine.decode(JournalLine.key(each.sequence()), JournalLine.value(each)));
        }
      }
    }
  }
}
