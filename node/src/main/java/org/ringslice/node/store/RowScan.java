package org.ringslice.node.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.ringslice.messages.Direction;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.StoreRequest;

/** A run through the rows of an arc, for one thread. */
final class RowScan {
  private final StoreRequest.Scan request;
  private final Set<IndexRow> damaged;
  private final List<EntryInfo> found = new ArrayList<>();
  private int rowsLeft;

  RowScan(StoreRequest.Scan request, Damage damage) {
    this.request = request;
    damaged = damage.snapshot();
  }

  /**
   * What is found, as of one moment; null when that takes more rows than so many.
   *
   * @param rowsMax few
   */
  List<EntryInfo> tryFew(Tables tables, int rowsMax) throws IOException {
    return run(RowCursor.near(tables, request.book()), rowsMax);
  }

  /** What is found, as of one moment. */
  List<EntryInfo> all(Tables tables) throws IOException {
    return run(RowCursor.through(tables, request.book()), Integer.MAX_VALUE);
  }

  private List<EntryInfo> run(RowCursor opened, int rowsMax) throws IOException {
    rowsLeft = rowsMax;
    try (RowCursor cursor = opened) {
      for (Interval interval : Interval.of(request.arc(), request.direction())) {
        collect(cursor, interval);
      }
    }
    return rowsLeft < 0 ? null : found;
  }

  private void collect(RowCursor cursor, Interval interval) throws IOException {
    boolean up = request.direction() == Direction.NEXT;
    if (up) {
      cursor.seek(interval.least());
    } else {
      cursor.seekBack(interval.greatest());
    }
    while (found.size() < request.count() && cursor.isValid()) {
      Id id = cursor.id();
      if (!interval.contains(id) || --rowsLeft < 0) {
        return;
      }
      EntryInfo info = cursor.info(id);
      if ((info.alive() || request.dead()) && !isDamaged(cursor, id)) {
        found.add(info);
      }
      if (up) {
        cursor.next();
      } else {
        cursor.previous();
      }
    }
  }

  private boolean isDamaged(RowCursor cursor, Id id) throws IOException {
    return !damaged.isEmpty() && request.book() == Book.HELD && damaged.contains(cursor.row(id));
  }
}
