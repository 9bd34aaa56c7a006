package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that somebody else wrote to are told from those that come, grow and go. */
final class TableWatchTest {
  @TempDir Path index;
  private final TableWatch watch = new TableWatch();

  @Test
  void onlyATableThatWasFinishedIsMissed() throws IOException {
    Path table = index.resolve("000007.sst");
    Files.write(table, new byte[10]);
    assertFalse(watch.look(index));
    Files.write(table, new byte[20]); // it is still being written
    assertFalse(watch.look(index));
    assertFalse(watch.look(index));
    Files.write(table, new byte[20]);
    Files.setLastModifiedTime(table, FileTime.fromMillis(1));
    assertTrue(watch.look(index));
    assertFalse(watch.look(index));
    assertFalse(watch.look(index));
    Files.delete(table);
    assertFalse(watch.look(index));
  }
}
