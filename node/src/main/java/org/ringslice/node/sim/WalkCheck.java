package org.ringslice.node.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;

/**
 * Walking the ring from item to item meets, in their order, exactly the items that lie on any
 * living node: the whole way round in both directions, and up to a point. Counting them finds as
 * many.
 */
final class WalkCheck implements Check {
  /** Nodes drawn at random that walk. */
  private static final int WALKERS = 3;

  /** Items asked for at once: few, so that a walk is of many pages. */
  private static final int PAGE = 50;

  @Override
  public void look(World world, Findings findings) {
    SplittableRandom random = world.fork();
    NavigableSet<Id> items = itemsOfTheLiving(world);
    List<Host> living = world.living();
    for (int i = 0; i < WALKERS && !living.isEmpty(); i++) {
      Host host = living.get(random.nextInt(living.size()));
      Id point = World.randomId(random);
      for (Direction direction : Direction.values()) {
        compare(world, host, direction, host.id(), host.id(), items, findings);
        compare(world, host, direction, point, point, items, findings);
        compare(world, host, direction, point, World.randomId(random), items, findings);
        if (!items.isEmpty()) {
          compare(world, host, direction, items.first(), items.first(), items, findings);
        }
      }
      count(world, host, Arc.wholeRing(point), items, findings);
      count(world, host, new Arc(point, World.randomId(random)), items, findings);
    }
  }

  private static NavigableSet<Id> itemsOfTheLiving(World world) {
    TreeSet<Id> items = new TreeSet<>();
    for (Host host : world.living()) {
      host.disk()
          .list(Arc.wholeRing(Id.ZERO), Direction.NEXT, Integer.MAX_VALUE)
          .forEach(item -> items.add(item.id()));
    }
    return items;
  }

  private static void compare(
      World world,
      Host host,
      Direction direction,
      Id from,
      Id until,
      NavigableSet<Id> items,
      Findings findings) {
    List<Id> expected = expected(direction, from, until, items);
    List<Id> met = new ArrayList<>();
    Id at = from;
    boolean atEnd = false;
    while (!atEnd) {
      Message.Request request =
          new Message.GetItems(direction, at, PAGE, until, Message.Scope.RING);
      Optional<Message> answer = world.ask(host, request);
      if (answer.isEmpty() || !(answer.get() instanceof Message.ItemsAre are)) {
        findings.expect(false, () -> host + " does not walk: " + answer);
        return;
      }
      are.items().forEach(item -> met.add(item.id()));
      atEnd = are.items().size() < PAGE || met.size() > expected.size();
      if (!atEnd) {
        at = met.get(met.size() - 1);
        // to ask on from the end itself would be to go round once more
        atEnd = at.equals(until);
      }
    }
    findings.expect(
        met.equals(expected),
        () ->
            host
                + " walking "
                + direction
                + " from "
                + from
                + " to "
                + until
                + ": "
                + differ(met, expected));
  }

  private static void count(
      World world, Host host, Arc arc, NavigableSet<Id> items, Findings findings) {
    long counted = 0;
    Id at = arc.from();
    do {
      Message.Request request = new Message.GetCount(new Arc(at, arc.to()), Message.Scope.RING);
      Optional<Message> answer = world.ask(host, request);
      if (answer.isEmpty() || !(answer.get() instanceof Message.CountIs is)) {
        findings.expect(false, () -> host + " does not count: " + answer);
        return;
      }
      counted += is.items();
      at = is.until();
    } while (!at.equals(arc.to()));
    long found = counted;
    long expected = items.stream().filter(arc::contains).count();
    findings.expect(
        found == expected,
        () -> host + " counts " + found + " items in " + arc + " instead of " + expected);
  }

  private static List<Id> expected(Direction direction, Id from, Id until, NavigableSet<Id> items) {
    List<Id> ordered =
        direction == Direction.NEXT ? Model.after(from, items) : Model.before(from, items);
    if (from.equals(until)) {
      return ordered;
    }
    Id pastUntil = direction == Direction.NEXT ? until.next() : until.previous();
    TreeSet<Id> marked = new TreeSet<>(items);
    marked.add(pastUntil);
    List<Id> withMark =
        direction == Direction.NEXT ? Model.after(from, marked) : Model.before(from, marked);
    return ordered.subList(0, withMark.indexOf(pastUntil));
  }

  private static String differ(List<Id> met, List<Id> expected) {
    int same = 0;
    while (same < met.size()
        && same < expected.size()
        && met.get(same).equals(expected.get(same))) {
      same++;
    }
    String instead = same < met.size() ? "met " + met.get(same) : "ended";
    String right = same < expected.size() ? "" + expected.get(same) : "the end";
    return "after " + same + " items " + instead + " instead of " + right;
  }
}
