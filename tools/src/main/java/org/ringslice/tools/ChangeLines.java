package org.ringslice.tools;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ringslice.messages.Direction;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Kind;
import org.ringslice.messages.Message;
import org.ringslice.messages.Thing;
import org.ringslice.node.port.RefusedException;
import org.ringslice.node.runtime.Access;
import org.ringslice.node.runtime.SliceChange;

/**
 * Prints changes, one a line, in their order, with what they are: that is asked of the ring for
 * those that are there already, many at a time.
 */
final class ChangeLines {
  /**
   * Questions that are underway at once. A guess: a quarter of what one answer of a watch brings.
   */
  private static final int AHEAD_MAX = 64;

  /** Longer than that a line does not wait for what is known of its item. A guess. */
  private static final long PATIENCE_MILLIS = 1_000;

  /** Less than any manifest has: its first bytes, and those of one part or name. */
  private static final int TELLING_BYTES_MIN = 16;

  private record Line(SliceChange change, CompletableFuture<KindWords> kind) {}

  private final Access access;
  private final Results results;
  private final boolean json;

  ChangeLines(Access access, Results results, boolean json) {
    this.access = access;
    this.results = results;
    this.json = json;
  }

  /** Prints so many of them. */
  void print(Arrivals<SliceChange> changes, long count) throws IOException {
    ArrayDeque<Line> ahead = new ArrayDeque<>();
    RuntimeException end = null;
    for (long left = count; left > 0; left--) {
      while (end == null && isToTake(changes, ahead.size(), left)) {
        try {
          SliceChange change = changes.next();
          ahead.add(new Line(change, kindOf(change)));
        } catch (RefusedException | CommandException e) {
          end = e;
        }
      }
      if (ahead.isEmpty()) {
        throw end;
      }
      Line line = ahead.remove();
      results.line(text(line.change(), line.kind().join(), json));
      if (ahead.isEmpty() && changes.isEmpty()) {
        results.flush();
      }
    }
  }

  private static boolean isToTake(Arrivals<SliceChange> changes, int ahead, long left) {
    return ahead == 0 || (!changes.isEmpty() && ahead < Math.min(left, AHEAD_MAX));
  }

  private CompletableFuture<KindWords> kindOf(SliceChange change) {
    EntryInfo item = change.entry();
    if (change.isRemoval() || item.kind() != Kind.BLOB || item.size() < TELLING_BYTES_MIN) {
      return CompletableFuture.completedFuture(KindWords.plain(item));
    }
    return access
        .things(Direction.NEXT, item.id().previous(), 1, item.id(), Message.Scope.RING)
        .thenApply(answer -> KindWords.of(item, known(answer)))
        .completeOnTimeout(KindWords.plain(item), PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
        .exceptionally(failure -> KindWords.plain(item));
  }

  private static Optional<Thing> known(Message.ThingsAre answer) {
    return answer.things().stream().findFirst();
  }

  /** One change, as a line. */
  static String text(SliceChange change, KindWords kind, boolean json) {
    String event = change.isRemoval() ? "removed" : "added";
    EntryInfo item = change.entry();
    if (!json) {
      return String.format(
          Locale.ROOT,
          "%-7s  %s  %s  %s  %s",
          event,
          item.id().toHex(),
          change.cursor(),
          Sizes.column(kind.size()),
          kind.word());
    }
    return kind.put(new Json().put("event", event).put("id", item.id()), item)
        .put("cursor", change.cursor().toString())
        .toString();
  }
}
