package org.ringslice.node.event;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The openings of a journal. Each has a random mark, drawn when a store is opened, which no other
 * opening of any journal has. So a mark and a sequence are a place in one history: when a data
 * folder was put back from a copy, or was copied and both are used, what was written since has
 * marks that the other one does not know, or lies behind the last line that it knows of a mark.
 *
 * <p>Invariant: all lines up to the last one of an opening are the same in every journal that knows
 * its mark, as far as they have it.
 *
 * @param mark of the present opening
 * @param earlier the oldest first
 */
public record Openings(long mark, List<Earlier> earlier) {
  /**
   * Earlier openings that are remembered; past that the oldest is forgotten, and what is asked
   * after one of its places begins anew. A guess: a start a day for almost three years, in 16 kB.
   */
  public static final int EARLIER_MAX = 1024;

  /**
   * An opening that has ended.
   *
   * @param last the head of the journal at its end
   */
  public record Earlier(long mark, long last) {}

  public Openings {
    earlier = List.copyOf(earlier);
  }

  /** Of a journal that was just begun. */
  public static Openings first(long mark) {
    return new Openings(mark, List.of());
  }

  /**
   * With the next one.
   *
   * @param last the head of the journal at the end of the present one
   * @param forgotten up to where the lines are gone: places before that are of no use
   */
  public Openings then(long next, long last, long forgotten) {
    List<Earlier> ended = new ArrayList<>(earlier);
    ended.add(new Earlier(mark, last));
    ended.removeIf(opening -> opening.last() < forgotten);
    return new Openings(next, ended.subList(Math.max(0, ended.size() - EARLIER_MAX), ended.size()));
  }

  /**
   * The last sequence of the opening that has a mark; empty when there is none such here.
   *
   * @param head of the journal
   */
  public OptionalLong lastOf(long someMark, long head) {
    if (someMark == mark) {
      return OptionalLong.of(head);
    }
    for (Earlier opening : earlier) {
      if (opening.mark() == someMark) {
        return OptionalLong.of(opening.last());
      }
    }
    return OptionalLong.empty();
  }
}
