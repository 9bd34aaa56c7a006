package org.ringslice.node.replica;

import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Admission;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Timers;

/**
 * Brings what one node holds of watched slices into the replica, and keeps it there: asks for the
 * head of that node's journal, compares its share with the replica, and follows the journal from
 * that head on. So what changes while it is compared is not missed, and what is told twice changes
 * nothing.
 *
 * <p>Invariant: of {@link #compared} the replica has all that the node held at line {@link #after}
 * of the journal whose opening told of it. A node that does not know that place any more, as when
 * its data folder was put back from a copy, is compared anew.
 */
final class Following {
  /** An answer with nothing that comes sooner is followed by a pause: the node makes room. */
  private static final long HASTE_NANOS = JournalFeed.PATIENCE_NANOS / 2;

  /**
   * Failures in a row after which a new watcher does not wait for the node any more, with their
   * pauses 6 s. A guess: one that is dead is known to be by then.
   */
  private static final int FAILURES_MAX = 6;

  private final Source source;
  private final Replica replica;
  private final Timers timers;
  private final Timers.Alarm onProgress;

  private Arcs wanted = Arcs.NONE;
  private Arcs compared = Arcs.NONE;

  // the mark of the opening that told of it, and the line; 0 and 0 before anything is told
  private long journal;
  private long after;

  // what was asked in an earlier round is asked in vain
  private int round;

  // what is compared in an earlier life is compared in vain: not all was followed since
  private int life;
  private boolean comparing;
  private boolean ended;
  private final Backoff watchAgain = new Backoff();
  private final Backoff compareAgain = new Backoff();

  /**
   * @param onProgress called when more has been compared, or the node is given up for now
   */
  Following(Source source, Replica replica, Timers timers, Timers.Alarm onProgress) {
    this.source = source;
    this.replica = replica;
    this.timers = timers;
    this.onProgress = onProgress;
  }

  /** Follows these arcs from now on, instead of those before. */
  void follow(Arcs arcs, Turn turn) {
    if (arcs.equals(wanted)) {
      return;
    }
    if (!arcs.covers(wanted)) {
      // of what is not followed for a while, a comparison under way tells nothing
      life++;
    }
    wanted = arcs;
    compared = compared.and(arcs);
    proceed(turn);
  }

  /** Nothing of it happens any more. */
  void end() {
    ended = true;
    round++;
  }

  /** The node's share may have changed: what it has come to hold it may have had before. */
  void shareChanged(Turn turn) {
    compare(turn);
  }

  /** Whether the replica has all that the node is to hold of some arcs. */
  boolean isFollowing(Arcs arcs) {
    return journal != 0 && compared.covers(arcs.and(source.share()));
  }

  /** Whether the node has failed so often that it is not worth waiting for. */
  boolean isFailing() {
    return Math.max(watchAgain.failures(), compareAgain.failures()) >= FAILURES_MAX;
  }

  private void proceed(Turn turn) {
    if (ended || wanted.isEmpty()) {
      return;
    }
    watch(turn);
    compare(turn);
  }

  /** Asks for the head of the journal while it is not known, else for what comes after. */
  private void watch(Turn turn) {
    int asked = ++round;
    long askedAtNanos = turn.now();
    source.watch(
        wanted,
        journal,
        after,
        new JournalFeed.Reply() {
          @Override
          public void told(Message.Signals signals, Turn later) {
            if (asked == round) {
              onTold(signals, later.now() - askedAtNanos, later);
            }
          }

          @Override
          public void refused(ErrorCode code, String sentence, Turn later) {
            if (asked == round) {
              onRefused(code, later);
            }
          }
        },
        turn);
  }

  private void onTold(Message.Signals signals, long tookNanos, Turn turn) {
    if (journal == 0) {
      cameTo(signals);
      proceed(turn);
    } else if (signals.next() < after) {
      onRefused(ErrorCode.FORGOTTEN, turn);
    } else if (signals.changes().isEmpty()) {
      cameTo(signals);
      watchAgain.succeeded();
      again(tookNanos < HASTE_NANOS ? Backoff.PAUSE_NANOS_MIN : 0, turn);
    } else {
      int asked = round;
      List<EntryInfo> entries =
          signals.changes().stream().map(Message.Signal::entry).filter(Admission::admits).toList();
      replica.note(
          entries,
          turn,
          (failure, later) -> {
            if (asked == round) {
              onNoted(signals, failure, later);
            }
          });
    }
  }

  private void cameTo(Message.Signals signals) {
    journal = signals.journal();
    after = signals.next();
  }

  private void onNoted(Message.Signals signals, Optional<String> failure, Turn turn) {
    if (failure.isPresent()) {
      again(failed(watchAgain, turn), turn);
    } else {
      cameTo(signals);
      watchAgain.succeeded();
      watch(turn);
    }
  }

  private void onRefused(ErrorCode code, Turn turn) {
    if (code == ErrorCode.FORGOTTEN) {
      journal = 0;
      after = 0;
      compared = Arcs.NONE;
      life++;
    }
    again(failed(watchAgain, turn), turn);
  }

  private void again(long pause, Turn turn) {
    int asked = round;
    timers.after(
        pause,
        turn,
        later -> {
          if (asked == round) {
            watch(later);
          }
        });
  }

  /** Returns how long to wait. */
  private long failed(Backoff again, Turn turn) {
    long pause = again.failed();
    if (again.failures() == FAILURES_MAX) {
      timers.after(0, turn, onProgress);
    }
    return pause;
  }

  private void compare(Turn turn) {
    Arcs missing = wanted.and(source.share()).minus(compared);
    if (ended || comparing || journal == 0 || missing.isEmpty()) {
      return;
    }
    comparing = true;
    int comparedIn = life;
    source.bring(missing, turn, (failure, later) -> compared(missing, comparedIn, failure, later));
  }

  private void compared(Arcs arcs, int comparedIn, Optional<String> failure, Turn turn) {
    comparing = false;
    if (ended) {
      return;
    }
    if (failure.isPresent()) {
      timers.after(failed(compareAgain, turn), turn, this::compare);
      return;
    }
    compareAgain.succeeded();
    if (comparedIn == life) {
      compared = compared.plus(arcs.and(wanted));
    }
    compare(turn);
    onProgress.ring(turn);
  }
}
