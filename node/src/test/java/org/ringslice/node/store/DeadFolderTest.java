package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Kind;
import org.ringslice.messages.Receipt;
import org.ringslice.node.event.Book;
import org.ringslice.node.runtime.Node;
import org.ringslice.node.runtime.NodeConfig;

/** A real node on a folder in which an older version took dead entries and records. */
final class DeadFolderTest {
  private static final int STARTS = 3;

  @TempDir Path folder;

  private final Random random = new Random(41);

  private Node start() throws Exception {
    return Node.start(NodeConfig.in(folder).network("dead-folder").bind("127.0.0.1").mdns(false));
  }

  @Test
  void whatIsDeadThereIsStoredAnewAndTheRestStaysAndIsToldOfToNobody() throws Exception {
    Entry item = Samples.blob(random, Samples.LARGE_BYTES);
    Entry other = Samples.blob(random, Samples.SMALL_BYTES);
    Entry record = Samples.record(Samples.id(random), 3, other.bytes());
    Path items = folder.resolve("items");
    try (Asked asked = new Asked(items)) {
      asked.kept(item, Samples.dead(item, 8), Samples.dead(other, 2), record);
    }
    for (int start = 0; start < STARTS; start++) {
      try (Node node = start()) {
        Receipt receipt = node.store(item.bytes().toArray()).join();
        Receipt.Outcome expected = start == 0 ? Receipt.Outcome.STORED : Receipt.Outcome.PRESENT;
        assertEquals(expected, receipt.outcome(), receipt.why());
        assertEquals(1, receipt.copies());
        assertArrayEquals(item.bytes().toArray(), node.get(item.id()).join());
        assertEquals(1, node.status().join().get(0).nodes().get(0).items());
      }
    }
    EntryInfo living = new EntryInfo(item.id(), Kind.BLOB, 9, true, item.bytes().size());
    try (Asked asked = new Asked(items)) {
      assertTrue(asked.rows(Book.HELD).contains(living));
      assertEquals(3, asked.rows(Book.HELD).size());
    }
  }
}
