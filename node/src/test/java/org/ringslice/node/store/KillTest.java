package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.messages.Receipt.Outcome;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.Event;
import org.ringslice.sync.Index;

/** A process that stores is killed at a random moment, again and again, and must not have lied. */
final class KillTest {
  private static final int RUNS = 6;
  private static final int ACKNOWLEDGED_MAX = 600;

  /** So few that segments are compacted all the time. */
  private static final int SEGMENT_BYTES = 1 << 18;

  private static final String ACKNOWLEDGED = "acknowledged ";
  private static final String TOLD = "told ";

  @TempDir Path folder;

  @Test
  void keepsAllThatItAcknowledgedWhenItIsKilledInTheMiddleOfAGroup() throws Exception {
    long seed = Long.getLong("ringslice.seed", System.nanoTime());
    System.out.println("kill -9, -Dringslice.seed=" + seed);
    Random random = new Random(seed);
    Map<Id, Long> acknowledged = new HashMap<>();
    Map<Long, Id> told = new TreeMap<>();
    for (int run = 0; run < RUNS; run++) {
      killOne(random.nextLong(), 1 + random.nextInt(ACKNOWLEDGED_MAX), acknowledged, told);
      assertFalse(IndexFolder.lacksSomething(folder), "a kill is no reason for a rebuild");
      try (Asked asked = new Asked(folder, 0, SEGMENT_BYTES)) {
        for (Map.Entry<Id, Long> known : acknowledged.entrySet()) {
          Asked.Loaded loaded = asked.loaded(known.getKey());
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
        assertTheJournalSaysAll(asked, told);
      }
    }
  }

  /** It leads from nothing to the rows, and has every line that was told at its place. */
  private static void assertTheJournalSaysAll(Asked asked, Map<Long, Id> told) {
    Index outcome = new Index(Asked.KEY);
    Map<Long, Id> lines = new TreeMap<>();
    for (Change line : asked.journal(Book.HELD, 0, Integer.MAX_VALUE).lines()) {
      line.before().ifPresent(outcome::remove);
      line.after().ifPresent(outcome::add);
      lines.put(line.sequence(), line.after().or(line::before).orElseThrow().id());
    }
    Arc ring = Arc.wholeRing(Id.ZERO);
    assertEquals(Index.of(Asked.KEY, asked.rows(Book.HELD)).summary(ring), outcome.summary(ring));
    lines.keySet().retainAll(told.keySet());
    assertEquals(told, lines);
  }

  private void killOne(long seed, int afterCount, Map<Id, Long> acknowledged, Map<Long, Id> told)
      throws Exception {
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
        if (line.startsWith(TOLD) && words.length == 4) {
          told.put(Long.valueOf(words[1]), Id.fromHex(words[2]));
        }
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
   * The process that is killed: it stores records of few ids in ever later versions, drops others
   * again, notes what it likes and saves its indexes, without end.
   */
  static final class Victim {
    private static final int OUTSTANDING = 24;
    private static final int IDS = 300;
    private static final int SAVE_EVERY = 200;

    private final Asked asked;
    private final Random random;
    private final Map<Long, Entry> waiting = new HashMap<>();
    private final Set<Long> notes = new HashSet<>();

    private Victim(Asked asked, Random random) {
      this.asked = asked;
      this.random = random;
    }

    public static void main(String[] args) throws IOException {
      Asked asked = new Asked(Path.of(args[0]), 0, SEGMENT_BYTES);
      new Victim(asked, new Random(Long.parseLong(args[1]))).run();
    }

    private void run() {
      long firstStamp = System.currentTimeMillis() << 20;
      for (long i = 0; ; i++) {
        Id id = Id.sha256(Samples.bytes(new Random(random.nextInt(IDS)), 8));
        int sizeBytes = 1 << random.nextInt(17);
        long stamp = firstStamp + i;
        Entry entry = new Entry(id, Kind.RECORD, stamp, true, content(id, stamp, sizeBytes));
        waiting.put(asked.keep(entry), entry);
        if (i % 5 == 0) {
          passBy(Samples.blob(random, 1 << random.nextInt(13)), i % 10 == 0);
        }
        if (i % SAVE_EVERY == 0) {
          asked.saveIndex(Book.HELD);
        }
        while (waiting.size() >= OUTSTANDING) {
          takeAnAnswer();
        }
      }
    }

    /** Keeps an entry, drops it again, and notes that it has existed. */
    private void passBy(Entry entry, boolean told) {
      asked.keep(entry);
      asked.drop(entry.info());
      notes.add(asked.note(told, entry.info()));
    }

    private void takeAnAnswer() {
      // of what is watched nothing is said
      if (asked.next() instanceof Event.StoreDone answered && !notes.remove(answered.ticket())) {
        Asked.Written kept = Asked.Written.of(answered.reply());
        Entry done = waiting.remove(answered.ticket());
        if (done != null && kept.outcomes().contains(Outcome.STORED)) {
          System.out.println(ACKNOWLEDGED + done.id().toHex() + " " + done.stamp() + " .");
        }
        for (Change line : kept.changes()) {
          Id id = line.after().or(line::before).orElseThrow().id();
          System.out.println(TOLD + line.sequence() + " " + id.toHex() + " .");
        }
      }
    }
  }
}
