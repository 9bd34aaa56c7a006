package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.node.event.Book;
import org.ringslice.sync.Index;

/** A saved index is a help when it is right, and no harm when it is not. */
final class SavedIndexTest {
  private static final int ENTRIES = 3000;

  @TempDir Path folder;

  private final Random random = new Random(23);

  @BeforeEach
  void storeSome() throws IOException {
    try (Asked asked = new Asked(folder)) {
      for (int i = 0; i < ENTRIES / 100; i++) {
        asked.kept(some(100));
      }
      EntryInfo[] infos = new EntryInfo[ENTRIES];
      Arrays.setAll(infos, i -> new EntryInfo(Samples.id(random), Kind.BLOB, 0, true, i % 3));
      asked.noted(true, infos);
      save(asked);
    }
  }

  private Entry[] some(int count) {
    Entry[] entries = new Entry[count];
    Arrays.setAll(entries, i -> Samples.blob(random, 20));
    return entries;
  }

  /** As the core does it; written when the store is closed. */
  private static void save(Asked asked) {
    for (Book book : Book.values()) {
      Believed believed = asked.believed(book);
      asked.store.saveIndex(book, believed.index().save(), believed.sequence());
    }
  }

  private Path file(Book book) {
    return folder.resolve(book == Book.HELD ? "held.compared" : "watched.compared");
  }

  @Test
  void isTakenAsItIsWithTheLinesThatCameSince() throws IOException {
    byte[] saved = Files.readAllBytes(file(Book.HELD));
    Entry[] later = some(200);
    try (Asked asked = new Asked(folder)) {
      assertEquals(ENTRIES, asked.store.books().watched().index().size());
      asked.kept(later);
      asked.dropped(later[0].info(), later[1].info());
      asked.kept(Samples.dead(later[2], 7));
      asked.noted(true, later[0].info());
    }
    try (Asked asked = new Asked(folder)) {
      assertEquals(ENTRIES + 198, asked.store.books().held().index().size());
      assertEquals(ENTRIES + 1, asked.store.books().watched().index().size());
      assertWhole(asked);
    }
    assertTrue(Arrays.equals(saved, Files.readAllBytes(file(Book.HELD))), "it was of use");
  }

  private static void assertWhole(Asked asked) {
    for (Book book : Book.values()) {
      Arc ring = Arc.wholeRing(Id.ZERO);
      assertEquals(
          Index.of(Asked.KEY, asked.rows(book)).summary(ring),
          asked.believed(book).index().summary(ring));
    }
  }

  @Test
  void isMadeAnewWhenItIsTornOrCorruptOrGone() throws IOException {
    for (Book book : Book.values()) {
      byte[] right = Files.readAllBytes(file(book));
      for (int length : new int[] {0, 15, 17, right.length / 2, right.length - 1}) {
        Files.write(file(book), Arrays.copyOf(right, length));
        assertOpensWhole();
      }
      for (int i = 0; i < 16; i++) {
        byte[] wrong = right.clone();
        int at = i < 8 ? 3 * i : random.nextInt(wrong.length);
        wrong[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file(book), wrong);
        assertOpensWhole();
      }
      Files.delete(file(book));
      assertOpensWhole();
      assertTrue(Files.exists(file(book)), "what was made anew is saved");
    }
  }

  private void assertOpensWhole() throws IOException {
    try (Asked asked = new Asked(folder)) {
      assertWhole(asked);
    }
  }

  @Test
  void isMadeAnewWhenItIsOldAndTheJournalIsNotWhole() throws Exception {
    byte[] old = Files.readAllBytes(file(Book.WATCHED));
    try (Asked asked = new Asked(folder)) {
      asked.noted(false, new EntryInfo(Samples.id(random), Kind.BLOB, 0, true, 9));
    }
    assertOpensWhole();
    assertFalse(Arrays.equals(old, Files.readAllBytes(file(Book.WATCHED))));
  }

  @Test
  void isMadeAnewWhenItIsOfAnotherStoreOrBook() throws IOException {
    Path other = folder.resolve("other");
    try (Asked asked = new Asked(other)) {
      asked.kept(some(ENTRIES));
      save(asked);
    }
    Files.copy(other.resolve("held.compared"), folder.resolve("taken"));
    Files.move(folder.resolve("taken"), file(Book.HELD), StandardCopyOption.REPLACE_EXISTING);
    assertOpensWhole();
    Files.copy(file(Book.HELD), file(Book.WATCHED), StandardCopyOption.REPLACE_EXISTING);
    assertOpensWhole();
  }

  @Test
  void rowsThatAreKeptFromOthersAreToldOfAtEachStartWhateverWasSaved() throws IOException {
    Entry blob = some(1)[0];
    Entry dead = Samples.dead(blob, 7);
    Entry record = Samples.record(Samples.id(random), 1, blob.bytes());
    try (Asked asked = new Asked(folder)) {
      asked.kept(dead, record);
    }
    for (int start = 0; start < 3; start++) {
      try (Asked asked = new Asked(folder)) {
        List<EntryInfo> apart = asked.store.books().held().apart();
        assertEquals(Set.of(dead.info(), record.info()), Set.copyOf(apart));
        assertEquals(List.of(), asked.store.books().watched().apart());
        assertWhole(asked);
        // as the core does, whose index is without them
        Index compared = asked.believed(Book.HELD).index();
        apart.forEach(compared::remove);
        asked.store.saveIndex(Book.HELD, compared.save(), asked.believed(Book.HELD).sequence());
      }
    }
  }

  @Test
  void whatWasBeingSavedAtAKillIsNoHarm() throws IOException {
    Files.write(folder.resolve("held.compared.new"), new byte[1000]);
    try (Asked asked = new Asked(folder)) {
      assertWhole(asked);
      save(asked);
    }
    assertFalse(Files.exists(folder.resolve("held.compared.new")));
    assertOpensWhole();
  }
}
