package org.ringslice.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Arc;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;

/** The example of the package's description, run as it stands there. */
class EmbeddingTest {
  @Test
  void twoShelvesBecomeEqual() {
    SplittableRandom random = new SplittableRandom(1);
    Shelf here = new Shelf();
    Shelf there = new Shelf();
    here.peer = there;
    there.peer = here;
    for (int i = 0; i < 3000; i++) {
      EntryInfo entry = Replica.blob(Replica.id(random));
      if (i % 30 != 0) {
        here.store(entry);
      }
      if (i % 30 != 1) {
        there.store(entry);
      }
    }

    here.act(here.session.start(true));

    assertEquals(here.entries, there.entries);
    assertTrue(here.proved && there.proved);
  }

  @Test
  void theExampleIsThisCode() throws IOException {
    assertEquals(
        example("src/main/java", "package-info"), example("src/test/java", "EmbeddingTest"));
  }

  /** Without white space, for lines are broken elsewhere in a comment. */
  private static String example(String folder, String name) throws IOException {
    List<String> lines =
        Files.readAllLines(Path.of(folder, "org", "ringslice", "sync", name + ".java")).stream()
            .map(line -> line.startsWith(" *") ? line.substring(2).trim() : line.trim())
            .collect(Collectors.toList());
    List<String> example = lines.subList(lines.indexOf("final class Shelf {"), lines.size());
    int end = example.indexOf("}</pre>");
    return String.join("", example.subList(0, end < 0 ? example.size() : end)).replace(" ", "");
  }
}

final class Shelf {
  final NavigableMap<Id, EntryInfo> entries = new TreeMap<>();
  final Index index = new Index(new EntryDigest(1, 2));
  final Session session = new Session(index, Arc.wholeRing(Id.MAX), new SecureRandom()::nextLong);
  Shelf peer;
  boolean proved;

  void store(EntryInfo entry) {
    if (entries.putIfAbsent(entry.id(), entry) == null) {
      index.add(entry);
      index.crowded().ifPresent(leaf -> index.split(leaf, read(List.of(leaf))));
    }
  }

  List<EntryInfo> read(List<Arc> arcs) {
    return entries.values().stream()
        .filter(entry -> arcs.stream().anyMatch(arc -> arc.contains(entry.id())))
        .collect(Collectors.toList());
  }

  void act(List<Step> steps) {
    for (Step step : steps) {
      if (step instanceof Step.NeedIds need) {
        act(session.supply(read(need.arcs())));
      } else if (step instanceof Step.Push push) {
        push.entries().forEach(peer::store);
      } else if (step instanceof Step.Send send) {
        peer.act(peer.session.receive(send.body()));
      } else if (step instanceof Step.Done done) {
        proved = done.proved();
      }
    }
  }
}
