package org.ringslice.node.items;

import java.util.List;
import java.util.function.Predicate;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Asker;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Locating;
import org.ringslice.node.ring.Ring;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.Timers;
import org.ringslice.node.ring.View;

/**
 * Goes from owner to owner round the ring, and asks each for the stretch that it owns. Where an
 * owner does not answer, or has just come to own more than it has, the owner of the stretch's next
 * masked place is asked, which is to hold the same items: each mask divides the whole ring.
 * Invariant: all that lies strictly between the start and {@link #at} has been told.
 */
public abstract class OwnerWalk implements Asker {
  private static final long TIMEOUT_NANOS = 5_000_000_000L;

  /** How often a stretch is asked for again at all its places: by then it has other owners. */
  private static final int REPEATS_MAX = 12;

  /** Before each repetition: together with the others longer than a death goes unnoticed. */
  private static final long PAUSE_NANOS = 1_000_000_000L;

  /** How long it is believed who is round a place that the walk comes to. A guess. */
  private static final long BELIEVED_NANOS = 1_000_000_000L;

  static final String UNSETTLED =
      "this node has just come to hold more, and may lack some of it yet; ask again";

  /**
   * What walks need.
   *
   * @param sureOf whether this node is sure to have all of one of the masked places of an arc
   */
  public record Means(
      Self self,
      View view,
      Timers timers,
      Links links,
      Shelf shelf,
      Locating locating,
      Predicate<Arc> sureOf) {}

  /** A part of the walk, asked of one node. */
  record Stretch(Direction direction, Id at, Id until) {
    Arc arc() {
      return direction.arc(at, until);
    }
  }

  private final Means means;
  private final Direction direction;
  private final Id until;
  private Id at;
  private Stretch stretch;
  private int mask;
  private int repeats;

  OwnerWalk(Means means, Direction direction, Id at, Id until) {
    this.means = means;
    this.direction = direction;
    this.at = at;
    this.until = until;
  }

  /** What to ask the owner of a stretch. */
  abstract Message.Request question(Stretch asked);

  /** This node owns a stretch, and is sure of it. */
  abstract void tellHere(Stretch asked, Turn turn);

  /** All that was asked for was told, or as much of it as is wanted. */
  abstract void finish(Turn turn);

  /** The next stretch is not told by anybody. */
  abstract void giveUp(Message.Failure failure, Turn turn);

  /** How far it has come. */
  Id at() {
    return at;
  }

  /** What is being asked for. */
  Stretch stretch() {
    return stretch;
  }

  /** Asks for what comes next. */
  void step(Turn turn) {
    Id place = means.view().homes().home(at, mask);
    means.locating().know(List.of(place), turn.now() - BELIEVED_NANOS, turn, this::ask);
  }

  private void ask(Turn turn) {
    Id owner = ownerOfWhatFollows();
    stretch = new Stretch(direction, at, nearer(endOfStretch(owner), until));
    if (!owner.equals(means.self().id())) {
      means.links().ask(owner, question(stretch), at, 0, TIMEOUT_NANOS, this, turn);
    } else if (means.sureOf().test(stretch.arc())) {
      tellHere(stretch, turn);
    } else {
      means.timers().after(0, turn, later -> failHere(ErrorCode.UNSETTLED, UNSETTLED, later));
    }
  }

  /** This node could not tell of the stretch that it was to tell of. */
  void failHere(ErrorCode code, String sentence, Turn turn) {
    Message.Request asked = question(stretch);
    failed(means.self().id(), Message.Failure.of(asked, code, sentence), turn);
  }

  private Id ownerOfWhatFollows() {
    Ring ring = means.view().ring();
    return direction == Direction.NEXT
        ? ring.next(means.view().homes().home(at, mask))
        : ring.owner(means.view().homes().home(at.previous(), mask));
  }

  /** The last point, in the direction of the walk, of which the owner holds the items. */
  private Id endOfStretch(Id owner) {
    Id end = direction == Direction.NEXT ? owner : means.view().ring().previous(owner).next();
    return end.minus(means.view().homes().home(Id.ZERO, mask));
  }

  /** Of two points the one that the walk comes to first; its own position it comes to last. */
  private Id nearer(Id one, Id other) {
    return distance(one).compareTo(distance(other)) <= 0 ? one : other;
  }

  private Id distance(Id point) {
    Id distance = direction == Direction.NEXT ? point.minus(at) : at.minus(point);
    return distance.previous();
  }

  /** All up to a point of the stretch was told; goes on, unless that is all, or enough. */
  void proceed(Id reached, boolean isEnough, Turn turn) {
    at = reached;
    mask = 0;
    if (isEnough || at.equals(until)) {
      finish(turn);
    } else {
      step(turn);
    }
  }

  @Override
  public void failed(Id peer, Message.Failure failure, Turn turn) {
    if (!failure.retry() || repeats >= REPEATS_MAX) {
      giveUp(failure, turn);
    } else if (++mask < means.view().homes().count()) {
      step(turn);
    } else {
      mask = 0;
      repeats++;
      means.timers().after(PAUSE_NANOS, turn, this::step);
    }
  }
}
