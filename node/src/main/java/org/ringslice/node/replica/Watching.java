package org.ringslice.node.replica;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.ringslice.messages.Arc;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.PeerState;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.Ring;
import org.ringslice.node.ring.Sampler;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.Timers;
import org.ringslice.node.ring.View;

/**
 * Tells watchers what changes: of this node's own copies, from the journal of what it holds; of the
 * ring, from the journal of a replica of ids that it keeps of the slices that are watched here. For
 * that it follows every node that holds any of it. An entry comes by as many ways as it has
 * holders, and is told once, for the replica takes it once.
 *
 * <p>A watcher that begins waits until the replica has all that there is, so that what was there
 * before is not told as new; whatever is stored after that is told. A cursor is a line of the
 * replica's journal, and so outlives restarts, and holders that come and go. With it goes the mark
 * of the opening of the journal that gave it, mixed with the digest of the slice: what this history
 * of the journal did not give for the slice is refused.
 */
public final class Watching {
  /** What to do without a cursor that holds. */
  static final String BEGIN_ANEW = "watch from now on, without one, and list the slice";

  private static final String AT_TOO_MANY =
      "what is watched at this node lies at more than "
          + Lookout.FOLLOWED_MAX
          + " nodes with that slice; watch a smaller one, or at another node";

  private static final long FORGET_NANOS = Interests.LINGER_NANOS / 10;

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Comparison.Means means;
  private final Shelf shelf;
  private final JournalFeed held;
  private final JournalFeed watched;
  private final Replica replica;
  private final Interests interests = new Interests();
  private final TreeMap<Id, Following> followings = new TreeMap<>();
  private final ArrayDeque<Beginning> beginnings = new ArrayDeque<>();
  private final Lookout lookout;
  private Arcs followed = Arcs.NONE;
  private boolean forgetting;

  /** A watcher that has no cursor yet, and is told when it can begin. */
  private final class Beginning {
    final Arcs slice;
    final Inquiry inquiry;
    final Timers.Handle deadline;

    Beginning(Arcs slice, Inquiry inquiry, Turn turn) {
      this.slice = slice;
      this.inquiry = inquiry;
      deadline = timers.after(JournalFeed.PATIENCE_NANOS, turn, this::putOff);
    }

    void putOff(Turn turn) {
      beginnings.remove(this);
      timers.cancel(deadline);
      // no cursor: what comes before it is ready is not told
      inquiry.answer(new Message.Signals(0, 0, false, List.of()), turn);
    }

    void answer(Turn turn) {
      timers.cancel(deadline);
      long journal = shelf.watched().openings().mark() ^ slice.digest();
      long head = shelf.watched().sequence();
      inquiry.answer(new Message.Signals(journal, head, true, List.of()), turn);
    }

    void refuse(Turn turn) {
      timers.cancel(deadline);
      inquiry.refuse(ErrorCode.TOO_LARGE, AT_TOO_MANY, turn);
    }
  }

  /**
   * @param covered what the replica covered when the store was opened
   */
  public Watching(
      Self self,
      View view,
      Timers timers,
      Comparison.Means means,
      Sampler sampler,
      List<Arc> covered) {
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.means = means;
    shelf = means.shelf();
    held = new JournalFeed(shelf.held(), shelf, timers);
    watched = new JournalFeed(shelf.watched(), shelf, timers);
    replica = new Replica(shelf, covered);
    lookout = new Lookout(view, timers, sampler, new Holders());
  }

  public void onWatch(Inquiry inquiry, Message.Watch request, Turn turn) {
    Arcs slice = Arcs.of(request.arcs());
    if (request.scope() == Message.Scope.HELD) {
      held.ask(slice, request.journal(), request.after(), new Answer(inquiry, 0), turn);
      return;
    }
    boolean isBeginning = request.journal() == 0 && request.after() == 0;
    if (!isBeginning && !replica.covered().covers(slice)) {
      // before a slice is covered no cursor is given
      inquiry.refuse(ErrorCode.FORGOTTEN, JournalFeed.NOT_GIVEN + "; " + BEGIN_ANEW, turn);
    } else if (interests.isRefused(slice, turn.now())) {
      inquiry.refuse(ErrorCode.TOO_LARGE, AT_TOO_MANY, turn);
    } else if (!replica.hasRoomFor(slice) || !interests.note(slice, turn.now())) {
      inquiry.refuse(
          ErrorCode.TOO_LARGE,
          "too many pieces of the ring are watched at this node; watch at another one",
          turn);
    } else if (isBeginning) {
      begin(new Beginning(slice, inquiry, turn), turn);
    } else {
      long seal = slice.digest();
      long mark = request.journal() ^ seal;
      watched.goOn(slice, mark, request.after(), new Answer(inquiry, seal), turn);
      followMore(turn);
    }
  }

  /**
   * The way back to a watcher.
   *
   * @param seal is mixed into the marks, so that a cursor is of no use for another slice; 0 where
   *     every change has a line, whatever is asked for
   */
  private record Answer(Inquiry inquiry, long seal) implements JournalFeed.Reply {
    @Override
    public void told(Message.Signals signals, Turn turn) {
      long journal = signals.journal() ^ seal;
      inquiry.answer(
          new Message.Signals(journal, signals.next(), signals.ready(), signals.changes()), turn);
    }

    @Override
    public void refused(ErrorCode code, String sentence, Turn turn) {
      inquiry.refuse(code, sentence, turn);
    }
  }

  private void begin(Beginning beginning, Turn turn) {
    beginnings.add(beginning);
    if (beginnings.size() > JournalFeed.PARKED_MAX) {
      beginnings.peek().putOff(turn);
    }
    followMore(turn);
    progressed(turn);
  }

  private void followMore(Turn turn) {
    if (!interests.union().equals(followed)) {
      follow(turn);
    }
  }

  /** Somebody came, went, or changed. */
  public void viewChanged(Turn turn) {
    if (interests.union().isEmpty()) {
      return;
    }
    follow(turn);
    if (view.hasEverybody()) {
      sharesChanged(turn);
    }
    progressed(turn);
  }

  private void sharesChanged(Turn turn) {
    List.copyOf(followings.values()).forEach(following -> following.shareChanged(turn));
  }

  /** What becomes of who holds what is watched. */
  private final class Holders implements Lookout.Listener {
    @Override
    public void found(Turn turn) {
      follow(turn);
      sharesChanged(turn);
      progressed(turn);
    }

    @Override
    public void tooMany(long thenNanos, Turn turn) {
      // those who watched before go on, unless the ring has grown past what they alone watch
      interests.refuseNewest(thenNanos, turn.now()).ifPresent(slice -> refuse(slice, turn));
      follow(turn);
    }

    private void refuse(Arcs slice, Turn turn) {
      for (Beginning beginning : List.copyOf(beginnings)) {
        if (beginning.slice.equals(slice)) {
          beginnings.remove(beginning);
          beginning.refuse(turn);
        }
      }
    }
  }

  /** Follows every node that holds any of what is watched, and no other, in all of that. */
  private void follow(Turn turn) {
    Arcs wanted = interests.union();
    followed = wanted;
    lookout.watch(wanted, turn);
    Ring ring = lookout.nodes();
    for (Id gone : followings.keySet().stream().filter(id -> !ring.contains(id)).toList()) {
      followings.remove(gone).end();
    }
    for (Id node : ring.nodes()) {
      if (lookout.isTrusted(node) && !followings.containsKey(node)) {
        followings.put(node, new Following(source(node), replica, timers, this::progressed));
      }
    }
    List.copyOf(followings.values()).forEach(following -> following.follow(wanted, turn));
    if (!forgetting && !wanted.isEmpty()) {
      forgetting = true;
      timers.after(FORGET_NANOS, turn, this::forget);
    }
  }

  private Source source(Id node) {
    Supplier<Arcs> share = () -> lookout.shareOf(node);
    return node.equals(self.id())
        ? new SourceHere(share, held, shelf, replica)
        : new SourceThere(node, share, means, replica);
  }

  private void forget(Turn turn) {
    forgetting = false;
    interests.forget(turn.now());
    follow(turn);
  }

  /** More is known, or some node is not waited for any more: covers what it can, and tells. */
  private void progressed(Turn turn) {
    List<Beginning> known =
        beginnings.stream().filter(beginning -> isKnown(beginning.slice, turn)).toList();
    Arcs slices = known.stream().map(each -> each.slice).reduce(Arcs.NONE, Arcs::plus);
    if (!replica.covered().covers(slices)) {
      replica.cover(slices, turn, this::covered);
    }
    for (Beginning beginning : known) {
      if (replica.covered().covers(beginning.slice)) {
        beginnings.remove(beginning);
        beginning.answer(turn);
      }
    }
  }

  private void covered(Optional<String> failure, Turn turn) {
    if (failure.isPresent()) {
      timers.after(Backoff.PAUSE_NANOS_MAX, turn, this::progressed);
    } else {
      progressed(turn);
    }
  }

  /**
   * Whether the replica has all that there is of some arcs at the nodes that can be asked. A node
   * that joins knows too few of the others to say so.
   */
  private boolean isKnown(Arcs arcs, Turn turn) {
    return view.state(self.id()) == PeerState.ACTIVE
        && lookout.isSureOf(arcs, turn.now())
        && lookout.nodes().nodes().stream()
            .filter(lookout::isTrusted)
            .map(followings::get)
            .allMatch(each -> each != null && (each.isFailing() || each.isFollowing(arcs)));
  }
}
