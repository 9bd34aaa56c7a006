package org.ringslice.sync;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.ringslice.messages.Arc;
import org.ringslice.messages.EntryInfo;

/**
 * What a side has in its arc, as one round sees it: by the index, or in a careful round, which
 * believes no fingerprint, by full ids from the store under the salt of the round. Confined to the
 * session's thread.
 */
final class Reader {
  private static final String MOVING =
      "entries come and go faster than they can be read: start again later";

  /** How often a leaf is read again because it has changed meanwhile. */
  private static final int READS_MAX = 8;

  private final Index index;
  private final Arc arc;
  private final Dialogue dialogue;
  private final Proof proof;
  private final EntryDigest careful;
  private int reads;
  private long[] hashes;

  /**
   * @param careful null to believe the index
   */
  Reader(Side side, Dialogue dialogue, Proof proof, EntryDigest careful) {
    this.index = side.index();
    this.arc = side.arc();
    this.dialogue = dialogue;
    this.proof = proof;
    this.careful = careful;
  }

  /** Count and fingerprint; in a careful round the sum that is a proof takes its place. */
  void withSummary(Consumer<Summary> then) {
    if (careful == null) {
      withEndsCut(() -> then.accept(index.summary(arc)));
    } else {
      withAll(
          entries -> {
            long sum = hash(entries);
            then.accept(new Summary(hashes.length, sum));
          });
    }
  }

  /** The hashes that are sketched. */
  void withHashes(Consumer<long[]> then) {
    if (hashes != null) {
      then.accept(hashes);
    } else if (careful != null) {
      withAll(
          entries -> {
            hash(entries);
            then.accept(hashes);
          });
    } else {
      withEndsCut(
          () -> {
            hashes = index.digests(arc);
            then.accept(hashes);
          });
    }
  }

  private long hash(Iterable<EntryInfo> entries) {
    long[] all = new long[index.countAtMost(arc)];
    int count = 0;
    long sum = 0;
    for (EntryInfo entry : entries) {
      all = count == all.length ? Arrays.copyOf(all, count + (count >> 1) + 1024) : all;
      all[count++] = careful.of(entry);
      sum += proof.of(entry);
    }
    hashes = Arrays.copyOf(all, count);
    return sum;
  }

  /** All entries that are there by now. */
  void withAll(Consumer<Iterable<EntryInfo>> then) {
    dialogue.need(List.of(arc), then);
  }

  /** The entries of some sorted hashes, those that are still there. */
  void withEntriesOf(long[] sorted, Consumer<List<EntryInfo>> then) {
    if (sorted.length == 0) {
      then.accept(List.of());
    } else if (careful != null) {
      withAll(entries -> then.accept(matching(sorted, entries)));
    } else {
      withEndsCut(
          () ->
              dialogue.need(
                  index.arcsOf(sorted, arc), entries -> then.accept(matching(sorted, entries))));
    }
  }

  private List<EntryInfo> matching(long[] sorted, Iterable<EntryInfo> entries) {
    List<EntryInfo> matching = new ArrayList<>();
    for (EntryInfo entry : entries) {
      long hash = careful != null ? careful.of(entry) : index.digest(entry);
      if (Arrays.binarySearch(sorted, hash) >= 0) {
        matching.add(entry);
      }
    }
    return matching;
  }

  private void withEndsCut(Runnable then) {
    List<Arc> uncut = index.uncut(arc);
    if (uncut.isEmpty()) {
      then.run();
    } else if (++reads > READS_MAX) {
      dialogue.giveUp(MOVING);
    } else {
      dialogue.need(
          uncut,
          entries -> {
            List<EntryInfo> all = new ArrayList<>();
            entries.forEach(all::add);
            index.cut(arc, all);
            withEndsCut(then);
          });
    }
  }
}
