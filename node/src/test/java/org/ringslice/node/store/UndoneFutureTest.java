package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Arc;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Kind;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Openings;

/** Data folders that are copied, used on both sides, and put back: which places a journal knows. */
final class UndoneFutureTest {
  private static final Arc RING = Arc.wholeRing(Id.ZERO);

  @TempDir Path folder;

  /** A place in a journal, as it is told: what a cursor is made of. */
  private record Place(long mark, long sequence) {}

  @Test
  void aJournalKnowsThePlacesOfItsOwnPastAndNoOthers() throws IOException {
    for (int seed = 0; seed < 3; seed++) {
      new Histories(folder.resolve("histories-" + seed), seed).run();
    }
  }

  @Test
  void whatItHadBeforeTheCopyHoldsOnBothSides() throws IOException {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    Place before;
    try (Asked asked = new Asked(first)) {
      asked.noted(true, info(new Random(1)));
      before = head(asked);
    }
    copy(first, second);
    Place ofFirst;
    try (Asked asked = new Asked(first)) {
      asked.noted(true, info(new Random(2)));
      ofFirst = head(asked);
    }
    try (Asked asked = new Asked(second)) {
      asked.noted(true, info(new Random(3)));
      assertEquals(ofFirst.sequence(), head(asked).sequence(), "else this shows nothing");
      assertEquals(true, knows(asked, before));
      assertEquals(false, knows(asked, ofFirst));
    }
    try (Asked asked = new Asked(first)) {
      assertEquals(true, knows(asked, before));
      assertEquals(true, knows(asked, ofFirst));
    }
  }

  private static EntryInfo info(Random random) {
    return new EntryInfo(Samples.id(random), Kind.BLOB, 0, true, 1);
  }

  private static Place head(Asked asked) {
    Openings openings = asked.believed(Book.WATCHED).opened().openings();
    return new Place(openings.mark(), asked.believed(Book.WATCHED).sequence());
  }

  private static boolean knows(Asked asked, Place place) {
    Openings openings = asked.believed(Book.WATCHED).opened().openings();
    OptionalLong last = openings.lastOf(place.mark(), asked.believed(Book.WATCHED).sequence());
    return last.isPresent() && place.sequence() <= last.getAsLong();
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            try {
              Files.copy(file, to.resolve(from.relativize(file)));
            } catch (NoSuchFileException e) {
              return visitFileFailed(file, e);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            // a saved index got its last name meanwhile; it can be made anew
            if (failure instanceof NoSuchFileException && file.toString().endsWith(".new")) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }
        });
  }

  /** One folder at a time is used; copies of it are made, while it is open too, and put back. */
  private static final class Histories {
    private static final int OPENINGS = 14;
    private static final int STEPS_MAX = 8;

    private final Path base;
    private final Random random;
    private final Set<Place> given = new LinkedHashSet<>();
    private final List<Path> folders = new ArrayList<>();

    // of each of these folders the places that were told in its past
    private final List<Set<Place>> pasts = new ArrayList<>();

    Histories(Path base, long seed) {
      this.base = base;
      this.random = new Random(seed);
    }

    void run() throws IOException {
      Files.createDirectories(base);
      folders.add(base.resolve("0"));
      pasts.add(Set.of());
      for (int opening = 0; opening < OPENINGS; opening++) {
        use(random.nextInt(folders.size()));
      }
    }

    private void use(int number) throws IOException {
      Set<Place> past = new LinkedHashSet<>(pasts.get(number));
      try (Asked asked = new Asked(folders.get(number))) {
        past.add(head(asked));
        for (int left = random.nextInt(STEPS_MAX); left > 0; left--) {
          step(asked, number, past);
          given.addAll(past);
          for (Place place : given) {
            assertEquals(past.contains(place), knows(asked, place), place.toString());
          }
        }
      }
      pasts.set(number, past);
    }

    private void step(Asked asked, int number, Set<Place> past) throws IOException {
      switch (random.nextInt(4)) {
        case 0 -> asked.covered(RING);
        case 1 -> {
          Path copy = base.resolve(Integer.toString(folders.size()));
          copy(folders.get(number), copy);
          folders.add(copy);
          pasts.add(new LinkedHashSet<>(past));
        }
        default -> asked.noted(true, info(random));
      }
      past.add(head(asked));
    }
  }
}
