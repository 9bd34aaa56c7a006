package org.ringslice.node.sim;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;

/**
 * Every living node knows exactly the living nodes, in their order, in both directions, from where
 * it stands and from anywhere else.
 */
final class RingCheck implements Check {
  /** Of the nodes around a point drawn at random, so many are asked for. */
  private static final int NEAR = 3;

  @Override
  public void look(World world, Findings findings) {
    SplittableRandom random = world.fork();
    List<Id> living = world.livingIds();
    for (Host host : world.living()) {
      Id point = World.randomId(random);
      for (Direction direction : Direction.values()) {
        int all = Math.min(living.size() + 1, Limits.PEERS_MAX);
        compare(world, host, direction, host.id(), all, living, findings);
        compare(world, host, direction, point, NEAR, living, findings);
      }
    }
    findings.expect(!living.isEmpty(), () -> "no node lives");
  }

  private static void compare(
      World world,
      Host host,
      Direction direction,
      Id at,
      int count,
      List<Id> living,
      Findings findings) {
    if (!host.isRunning()) {
      return;
    }
    List<Id> ordered =
        direction == Direction.NEXT ? Model.after(at, living) : Model.before(at, living);
    List<Id> expected = ordered.subList(0, Math.min(count, ordered.size()));
    Optional<Message> answer = world.ask(host, new Message.GetPeers(direction, at, count, false));
    if (answer.isPresent() && answer.get() instanceof Message.PeersAre are) {
      List<Id> told = are.peers().stream().map(Peer::id).toList();
      findings.expect(
          told.equals(expected),
          () -> host + ", " + direction + " of " + at + ": " + differ(told, expected));
    } else {
      findings.expect(false, () -> host + " does not tell its peers: " + answer);
    }
  }

  private static String differ(List<Id> told, List<Id> expected) {
    List<Id> missing = expected.stream().filter(id -> !told.contains(id)).toList();
    List<Id> tooMany = told.stream().filter(id -> !expected.contains(id)).toList();
    return missing.isEmpty() && tooMany.isEmpty()
        ? "the order is wrong: " + told + " instead of " + expected
        : "misses " + missing + " and has " + tooMany + " too many, of " + expected.size();
  }
}
