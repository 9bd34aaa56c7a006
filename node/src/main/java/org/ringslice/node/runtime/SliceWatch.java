package org.ringslice.node.runtime;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import org.ringslice.messages.Arc;
import org.ringslice.node.port.Line;

/**
 * The changes of a slice, each once, in an order that every subscriber from the same cursor sees.
 * Each subscriber is told at its own pace: the node is asked for more when what was asked for
 * before has been taken, and holds nothing for it but its journal. When the node is lost, also
 * before it has answered, it is waited for, and watching goes on from the last cursor.
 *
 * <p>Ends only by an error: when the node was never reached, when it refuses the cursor or the
 * slice, or when this program's own node is closed. The error is a {@link
 * org.ringslice.node.port.RefusedException}.
 */
public final class SliceWatch implements Flow.Publisher<SliceChange> {
  private final Line line;
  private final List<Arc> slice;
  private final Optional<Cursor> since;
  private final Connection connection;
  private final Executor executor;

  /**
   * @param slice at most {@link org.ringslice.messages.Limits#WATCHED_ARCS_MAX} arcs
   * @param since where to go on; empty for from now on
   * @param executor on which subscribers are called; they may block
   */
  public SliceWatch(
      Line line,
      List<Arc> slice,
      Optional<Cursor> since,
      Connection connection,
      Executor executor) {
    this.line = line;
    this.slice = List.copyOf(slice);
    this.since = since;
    this.connection = connection;
    this.executor = executor;
  }

  SliceWatch(Line line, List<Arc> slice, Optional<Cursor> since) {
    this(line, slice, since, Connection.UNNOTICED, ForkJoinPool.commonPool());
  }

  /**
   * Where to begin now: whatever is stored in the slice after this completes is told from there on.
   * A node that is lost is waited for, as by the watch itself.
   */
  public CompletableFuture<Cursor> begin() {
    SliceBeginning beginning = new SliceBeginning();
    new PollSubscription<>(beginning, line, new BeginningPoll(slice), connection, executor).begin();
    return beginning.cursor();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super SliceChange> subscriber) {
    new PollSubscription<>(subscriber, line, new SlicePoll(slice, since), connection, executor)
        .begin();
  }
}
