package org.ringslice.node.replica;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.ringslice.messages.Arc;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.PeerState;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.Ring;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.Timers;
import org.ringslice.node.ring.View;

/**
 * Tells watchers what changes: of this node's own copies, from the journal of what it holds; of the
 * ring, from the journal of a replica of ids that it keeps of the slices that are watched here. For
 * that it follows every node. An entry comes by as many ways as it has holders, and is told once,
 * for the replica takes it once.
 *
 * <p>A watcher that begins waits until the replica has all that there is, so that what was there
 * before is not told as new; whatever is stored after that is told. A cursor is a line of the
 * replica's journal, and so outlives restarts, and holders that come and go.
 */
public final class Watching {
  /** What to do without a cursor that holds. */
  static final String BEGIN_ANEW = "watch from now on, without one, and list the slice";

  private static final String TOO_MANY_NODES =
      "this ring has more nodes than a node knows by name, so a change could be missed; watching"
          + " works in rings of up to 512 nodes, none of which has a lesser --view-capacity";

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
  private Arcs followed = Arcs.NONE;
  private boolean forgetting;

  // of the view that it was when they were looked up
  private Ring ring;
  private Ring grown;
  private final TreeMap<Id, Arcs> shares = new TreeMap<>();

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
      answer(false, turn);
    }

    void answer(boolean ready, Turn turn) {
      timers.cancel(deadline);
      long journal = shelf.watched().journal();
      long head = shelf.watched().sequence();
      inquiry.answer(new Message.Signals(journal, head, ready, List.of()), turn);
    }
  }

  /**
   * @param covered what the replica covered when the store was opened
   */
  public Watching(Self self, View view, Timers timers, Comparison.Means means, List<Arc> covered) {
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.means = means;
    shelf = means.shelf();
    held = new JournalFeed(shelf.held(), shelf, timers);
    watched = new JournalFeed(shelf.watched(), shelf, timers);
    replica = new Replica(shelf, covered);
  }

  public void onWatch(Inquiry inquiry, Message.Watch request, Turn turn) {
    Arcs slice = Arcs.of(request.arcs());
    if (request.scope() == Message.Scope.HELD) {
      held.ask(slice, request.journal(), request.after(), new Answer(inquiry), turn);
      return;
    }
    if (!view.hasEverybody()) {
      // who of its holders are unknown can't be followed, and what they alone have would be missed
      inquiry.refuse(ErrorCode.TOO_LARGE, TOO_MANY_NODES, turn);
      return;
    }
    boolean isBeginning = request.journal() == 0 && request.after() == 0;
    if (!isBeginning && !isOurs(request.journal(), slice)) {
      inquiry.refuse(
          ErrorCode.FORGOTTEN,
          "that cursor is of another node, of another slice, or of a journal that is gone; "
              + BEGIN_ANEW,
          turn);
    } else if (!replica.hasRoomFor(slice) || !interests.note(slice, turn.now())) {
      inquiry.refuse(
          ErrorCode.TOO_LARGE,
          "too many pieces of the ring are watched at this node; watch at another one",
          turn);
    } else if (isBeginning) {
      begin(new Beginning(slice, inquiry, turn), turn);
    } else {
      watched.ask(slice, request.journal(), request.after(), new Answer(inquiry), turn);
      followMore(turn);
    }
  }

  /** Whether a cursor may be one that was given here: before a slice is covered none is. */
  private boolean isOurs(long journal, Arcs slice) {
    return journal == shelf.watched().journal() && replica.covered().covers(slice);
  }

  /** The way back to a watcher. */
  private record Answer(Inquiry inquiry) implements JournalFeed.Reply {
    @Override
    public void told(Message.Signals signals, Turn turn) {
      inquiry.answer(signals, turn);
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
    if (!interests.union().isEmpty()) {
      follow(turn);
      List.copyOf(followings.values()).forEach(following -> following.shareChanged(turn));
      progressed(turn);
    }
  }

  /** Follows every node of the ring, and none that has gone, in all that is watched. */
  private void follow(Turn turn) {
    Arcs wanted = interests.union();
    followed = wanted;
    Ring ring = wanted.isEmpty() ? new Ring(List.of()) : view.present();
    for (Id gone : followings.keySet().stream().filter(id -> !ring.contains(id)).toList()) {
      followings.remove(gone).end();
    }
    for (Id node : ring.nodes()) {
      if (view.isTrusted(node) && !followings.containsKey(node)) {
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
    Supplier<Arcs> share = () -> shareOf(node);
    return node.equals(self.id())
        ? new SourceHere(share, held, shelf, replica)
        : new SourceThere(node, share, means, replica);
  }

  /** What a node holds by the present view, or came to hold if those who join had joined. */
  private Arcs shareOf(Id node) {
    if (view.ring() != ring || view.grown() != grown) {
      ring = view.ring();
      grown = view.grown();
      shares.clear();
    }
    return shares.computeIfAbsent(
        node,
        each ->
            Arcs.of(
                Stream.of(ring, grown)
                    .flatMap(nodes -> new Shares(nodes, view.homes()).of(each).stream())
                    .map(Share::arc)
                    .toList()));
  }

  private void forget(Turn turn) {
    forgetting = false;
    interests.forget(turn.now());
    follow(turn);
  }

  /** More is known, or some node is not waited for any more: covers what it can, and tells. */
  private void progressed(Turn turn) {
    List<Beginning> known =
        beginnings.stream().filter(beginning -> isKnown(beginning.slice)).toList();
    Arcs slices = known.stream().map(each -> each.slice).reduce(Arcs.NONE, Arcs::plus);
    if (!replica.covered().covers(slices)) {
      replica.cover(slices, turn, this::covered);
    }
    for (Beginning beginning : known) {
      if (replica.covered().covers(beginning.slice)) {
        beginnings.remove(beginning);
        beginning.answer(true, turn);
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
  private boolean isKnown(Arcs arcs) {
    return view.state(self.id()) == PeerState.ACTIVE
        && view.present().nodes().stream()
            .filter(view::isTrusted)
            .map(followings::get)
            .allMatch(each -> each != null && (each.isFailing() || each.isFollowing(arcs)));
  }
}
