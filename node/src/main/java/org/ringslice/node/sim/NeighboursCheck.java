package org.ringslice.node.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;

/** Every living node knows those before and after it: what all else on a large ring rests on. */
final class NeighboursCheck implements Check {
  /** On each side. */
  private static final int NEAR = 8;

  @Override
  public void look(World world, Findings findings) {
    List<Host> living = world.living();
    List<Id> ring = List.copyOf(new TreeSet<>(world.livingIds()));
    int[] waiting = {0};
    for (Host host : living) {
      for (Direction direction : Direction.values()) {
        waiting[0]++;
        List<Id> expected = expected(ring, host.id(), direction);
        host.ask(
            new Message.GetPeers(direction, host.id(), expected.size(), false),
            answer -> {
              waiting[0]--;
              compare(host, direction, expected, answer, findings);
            });
      }
    }
    world.passUntil(() -> waiting[0] == 0, World.ANSWER_NANOS_MAX);
    findings.expect(waiting[0] == 0, () -> waiting[0] + " questions were not answered");
    findings.expect(!living.isEmpty(), () -> "no node lives");
  }

  private static List<Id> expected(List<Id> ring, Id id, Direction direction) {
    int at = Collections.binarySearch(ring, id);
    List<Id> expected = new ArrayList<>();
    for (int i = 1; i <= Math.min(NEAR, ring.size()); i++) {
      int step = direction == Direction.NEXT ? i : -i;
      expected.add(ring.get(Math.floorMod(at + step, ring.size())));
    }
    return expected;
  }

  private static void compare(
      Host host, Direction direction, List<Id> expected, Message answer, Findings findings) {
    List<Id> told =
        answer instanceof Message.PeersAre are
            ? are.peers().stream().map(Peer::id).toList()
            : List.of();
    findings.expect(
        told.equals(expected),
        () -> host + " has as " + direction + " peers " + told + " instead of " + expected);
  }
}
