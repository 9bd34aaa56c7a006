package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Entry;

final class BlockLogTest {
  private static final int SEGMENT_BYTES = 3 * Samples.LARGE_BYTES;
  private static final int BLOCK_BYTES = BlockHeader.BYTES + Samples.LARGE_BYTES;

  @TempDir Path folder;

  private final Random random = new Random(11);

  @Test
  void cutsOffTheTailOfAGroupThatWasNotCommitted() throws IOException {
    Entry before = Samples.blob(random, Samples.LARGE_BYTES);
    try (Asked asked = open()) {
      asked.kept(before);
    }
    Files.write(segment(1), new byte[12_345], StandardOpenOption.APPEND);
    Files.write(segment(2), new byte[678]);

    Entry after = Samples.blob(random, Samples.LARGE_BYTES);
    try (Asked asked = open()) {
      assertEquals(BLOCK_BYTES, Files.size(segment(1)));
      assertFalse(Files.exists(segment(2)));
      asked.kept(after);
      assertEquals(2 * BLOCK_BYTES, Files.size(segment(1)));
      assertEquals(Optional.of(before), asked.loaded(before.id()).entry());
      assertEquals(Optional.of(after), asked.loaded(after.id()).entry());
    }
  }

  @Test
  void deletesASegmentWhenAllInItIsDead() throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (Asked asked = open()) {
      for (int i = 0; i < 7; i++) {
        entries.add(Samples.blob(random, Samples.LARGE_BYTES));
        asked.kept(entries.get(i));
      }
      asked.kept(Samples.dead(entries.get(0), 1));
      assertTrue(Files.exists(segment(1)));
      asked.kept(Samples.dead(entries.get(1), 1), Samples.dead(entries.get(2), 1));
      assertFalse(Files.exists(segment(1)));
      asked.kept(Samples.dead(entries.get(6), 1));
      assertTrue(Files.exists(segment(3)), "it is still appended to");
    }
    try (Asked asked = open()) {
      for (int i = 0; i < 7; i++) {
        boolean alive = 3 <= i && i < 6;
        assertEquals(alive, asked.loaded(entries.get(i).id()).entry().isPresent(), "entry " + i);
      }
      for (int i = 0; i < 4; i++) {
        asked.kept(Samples.blob(random, Samples.LARGE_BYTES));
      }
      assertTrue(Files.exists(segment(4)));
      asked.kept(Samples.blob(random, 2 * SEGMENT_BYTES));
      assertEquals(7, asked.store.living() - 1);
    }
  }

  private Asked open() throws IOException {
    return new Asked(folder, 0, SEGMENT_BYTES);
  }

  private Path segment(int number) {
    return Segment.file(Database.blocks(folder), number);
  }
}
