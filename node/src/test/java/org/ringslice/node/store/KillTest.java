package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.messages.Receipt.Outcome;
import org.ringslice.node.event.Event;

/** A process that stores is killed at a random moment, again and again, and must not have lied. */
final class KillTest {
  private static final int RUNS = 6;
  private static final int ACKNOWLEDGED_MAX = 600;
  private static final String ACKNOWLEDGED = "acknowledged ";

  @TempDir Path folder;

  @Test
  void keepsAllThatItAcknowledgedWhenItIsKilledInTheMiddleOfAGroup() throws Exception {
    long seed = Long.getLong("ringslice.seed", System.nanoTime());
    System.out.println("kill -9, -Dringslice.seed=" + seed);
    Random random = new Random(seed);
    Map<Id, Long> acknowledged = new HashMap<>();
    for (int run = 0; run < RUNS; run++) {
      killOne(random.nextLong(), 1 + random.nextInt(ACKNOWLEDGED_MAX), acknowledged);
      try (Asked asked = new Asked(folder)) {
        for (Map.Entry<Id, Long> known : acknowledged.entrySet()) {
          Event.Loaded loaded = asked.loaded(known.getKey());
          assertEquals("", loaded.failure().orElse(""), "seed " + seed);
          Entry entry = loaded.entry().orElseThrow();
          assertTrue(
              Long.compareUnsigned(entry.stamp(), known.getValue()) >= 0,
              "seed " + seed + " lost a later version of " + known.getKey());
          assertEquals(content(entry.id(), entry.stamp(), entry.bytes().size()), entry.bytes());
        }
        int living = asked.scanned(Arc.wholeRing(Id.ZERO), Direction.NEXT, 1 << 20).items().size();
        assertEquals(living, asked.store.living());
        asked.assertTheBooksAgree();
      }
    }
  }

  private void killOne(long seed, int afterCount, Map<Id, Long> acknowledged) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                folder.toString(),
                Long.toString(seed))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int count = 0;
    try (BufferedReader lines = child.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", -1);
        // the last line may have been cut by the kill
        if (line.startsWith(ACKNOWLEDGED) && words.length == 4) {
          long stamp = Long.parseLong(words[2]);
          acknowledged.merge(Id.fromHex(words[1]), stamp, Math::max);
          if (++count == afterCount) {
            child.toHandle().destroyForcibly(); // unlike that of Process, leaves its output open
          }
        }
      }
    } finally {
      child.destroyForcibly();
    }
    child.waitFor();
    assertTrue(count >= afterCount, "the child stopped by itself after " + count);
  }

  /**
   * What an entry of this test has for bytes: its blocks can be checked without having been
   * remembered.
   */
  private static Bytes content(Id id, long stamp, int sizeBytes) {
    return Samples.bytes(new Random(id.topBits() ^ stamp), sizeBytes);
  }

  /**
   * The process that is killed: it stores records of few ids in ever later versions, without end.
   */
  static final class Victim {
    private static final int OUTSTANDING = 24;
    private static final int IDS = 300;

    private Victim() {}

    public static void main(String[] args) throws IOException {
      Random random = new Random(Long.parseLong(args[1]));
      Asked asked = new Asked(Path.of(args[0]));
      long firstStamp = System.currentTimeMillis() << 20;
      Map<Long, Entry> waiting = new HashMap<>();
      for (long i = 0; ; i++) {
        Id id = Id.sha256(Samples.bytes(new Random(random.nextInt(IDS)), 8));
        int sizeBytes = 1 << random.nextInt(17);
        long stamp = firstStamp + i;
        Entry entry = new Entry(id, Kind.RECORD, stamp, true, content(id, stamp, sizeBytes));
        waiting.put(asked.keep(entry), entry);
        if (waiting.size() >= OUTSTANDING) {
          Event.Kept kept = (Event.Kept) asked.next();
          Entry done = waiting.remove(kept.ticket());
          if (kept.outcomes().contains(Outcome.STORED)) {
            System.out.println(ACKNOWLEDGED + done.id().toHex() + " " + done.stamp() + " .");
          }
        }
      }
    }
  }
}
