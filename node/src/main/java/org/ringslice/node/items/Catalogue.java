package org.ringslice.node.items;

import java.util.ArrayList;
import java.util.List;
import org.ringslice.messages.Admission;
import org.ringslice.messages.Arc;
import org.ringslice.messages.EntryInfo;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Inventory;
import org.ringslice.node.event.Openings;
import org.ringslice.node.event.Turn;
import org.ringslice.sync.Index;
import org.ringslice.sync.Summary;

/**
 * A book as the core sees it: its index, kept up to each change that is durable. Invariant: the
 * index is of what the book had after the line {@link #sequence}, of living blobs: what {@link
 * Admission} keeps from others is compared with nobody, or replicas would never be equal.
 */
public final class Catalogue {
  /**
   * Changes after which the index is saved, or an eighth of it when that is more: so many lines are
   * read again at the next start after a crash. A guess: 0.2 s of work.
   */
  private static final int SAVE_CHANGES = 65_536;

  /** What to do when something has changed. */
  @FunctionalInterface
  public interface Listener {
    void changed(List<Change> changes, Turn turn);
  }

  private final Book book;
  private final Shelf shelf;
  private final Index index;
  private final Openings openings;
  private long sequence;
  private long sizeBytes;
  private int unsaved;
  private boolean splitting;
  private final List<Listener> listeners = new ArrayList<>();

  public Catalogue(Book book, Inventory inventory, Shelf shelf) {
    this.book = book;
    this.shelf = shelf;
    this.index = inventory.index();
    this.openings = inventory.openings();
    this.sequence = inventory.sequence();
    this.sizeBytes = inventory.sizeBytes();
    inventory.apart().forEach(this::remove);
  }

  public Book book() {
    return book;
  }

  public Index index() {
    return index;
  }

  /** Of the journal whose lines {@link #sequence} counts. */
  public Openings openings() {
    return openings;
  }

  /** The last line of the journal that the index includes. */
  public long sequence() {
    return sequence;
  }

  /** Of all that the index is of together. */
  public long sizeBytes() {
    return sizeBytes;
  }

  /** Has a listener told of each change, after the index includes it. */
  public void listen(Listener listener) {
    listeners.add(listener);
  }

  /** Takes durable changes in, in their order. */
  public void apply(List<Change> changes, Turn turn) {
    for (Change change : changes) {
      change.before().filter(Admission::admits).ifPresent(this::remove);
      change.after().filter(Admission::admits).ifPresent(this::add);
      sequence = Math.max(sequence, change.sequence());
    }
    if (changes.isEmpty()) {
      return;
    }
    unsaved += changes.size();
    if (unsaved > Math.max(SAVE_CHANGES, index.size() / 8)) {
      save(turn);
    }
    split(turn);
    listeners.forEach(listener -> listener.changed(changes, turn));
  }

  private void remove(EntryInfo entry) {
    index.remove(entry);
    sizeBytes -= entry.size();
  }

  private void add(EntryInfo entry) {
    index.add(entry);
    sizeBytes += entry.size();
  }

  /** Has the index kept for the next start. */
  public void save(Turn turn) {
    if (unsaved > 0) {
      unsaved = 0;
      shelf.saveIndex(book, index.save(), sequence, turn);
    }
  }

  /** All entries of an arc that the index is of. */
  public void list(Arc arc, Turn turn, Shelf.Then<Event.Scanned> then) {
    shelf.list(
        book,
        arc,
        turn,
        (scanned, later) -> {
          List<EntryInfo> told = scanned.items().stream().filter(Admission::admits).toList();
          then.go(new Event.Scanned(scanned.ticket(), told, scanned.failure()), later);
        });
  }

  private void split(Turn turn) {
    if (!splitting) {
      index.crowded().ifPresent(leaf -> split(leaf, turn));
    }
  }

  private void split(Arc leaf, Turn turn) {
    splitting = true;
    list(
        leaf,
        turn,
        (listed, later) -> {
          splitting = false;
          // what has changed since is tried again with the next change
          boolean done = listed.failure().isEmpty() && index.split(leaf, listed.items());
          if (done) {
            split(later);
          }
        });
  }

  /** What to do with the summaries of arcs. */
  @FunctionalInterface
  public interface Then {
    /**
     * @param summaries of the arcs, in their order; empty when the disk failed
     */
    void go(List<Summary> summaries, Turn turn);
  }

  /** The summaries of arcs, in this turn unless ids must be read for an end of one. */
  public void summarise(List<Arc> arcs, Turn turn, Then then) {
    List<Arc> uncut = arcs.stream().flatMap(arc -> index.uncut(arc).stream()).distinct().toList();
    if (uncut.isEmpty()) {
      then.go(arcs.stream().map(index::summary).toList(), turn);
      return;
    }
    new Cutting(arcs, uncut, then).next(turn);
  }

  /** Reads the leaves that ends of arcs fall into, one after the other, until all are cut. */
  private final class Cutting {
    private static final int READS_MAX = 10_000;

    private final List<Arc> arcs;
    private final List<Arc> uncut;
    private final Then then;
    private int reads;

    Cutting(List<Arc> arcs, List<Arc> uncut, Then then) {
      this.arcs = arcs;
      this.uncut = new ArrayList<>(uncut);
      this.then = then;
    }

    void next(Turn turn) {
      if (uncut.isEmpty()) {
        summarise(arcs, turn, then);
      } else if (++reads > READS_MAX) {
        then.go(List.of(), turn);
      } else {
        list(uncut.remove(uncut.size() - 1), turn, this::read);
      }
    }

    private void read(Event.Scanned scanned, Turn turn) {
      if (scanned.failure().isPresent()) {
        then.go(List.of(), turn);
        return;
      }
      arcs.forEach(arc -> index.cut(arc, scanned.items()));
      next(turn);
    }
  }
}
