package org.ringslice.node.sim;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.NodeStatus;

/**
 * At rest the ring says of itself that all is well: whichever node is asked, every node tells all,
 * each item is counted once, and nothing is missing.
 */
final class StatusCheck implements Check {
  @Override
  public void look(World world, Findings findings) {
    List<Host> living = world.living();
    for (int place = 0; place < living.size(); place += Math.max(1, living.size() / 2)) {
      look(living.get(place), world, findings);
    }
  }

  private static void look(Host asked, World world, Findings findings) {
    TreeSet<Id> told = new TreeSet<>();
    long counted = 0;
    Arc rest = Arc.wholeRing(Id.ZERO);
    boolean isAll = false;
    while (!isAll) {
      Optional<Message> answer = world.ask(asked, Message.GetStatus.ofNodes(rest));
      if (!findings.expect(
          answer.filter(Message.StatusIs.class::isInstance).isPresent(),
          () -> asked + " says of the ring: " + answer)) {
        return;
      }
      Message.StatusIs part = (Message.StatusIs) answer.get();
      part.nodes().forEach(node -> told.add(node.id()));
      counted += part.nodes().stream().mapToLong(NodeStatus::counted).sum();
      part.nodes().forEach(node -> seeThatAllIsWell(node, findings));
      isAll = part.until().equals(rest.to());
      rest = new Arc(part.until(), rest.to());
    }
    long items = itemCount(world);
    long sum = counted;
    findings.expect(sum == items, () -> asked + " counts " + sum + " items of " + items);
    findings.expect(
        told.equals(new TreeSet<>(world.livingIds())),
        () -> asked + " asked " + told.size() + " nodes of " + world.living().size());
  }

  private static void seeThatAllIsWell(NodeStatus node, Findings findings) {
    findings.expect(
        node.missing() == 0 && node.why().isEmpty(),
        () -> "node " + node.id() + " misses " + node.missing() + " copies: " + node.why());
  }

  private static long itemCount(World world) {
    TreeSet<Id> items = new TreeSet<>();
    for (Host host : world.living()) {
      host.disk().list(Arc.wholeRing(Id.MAX), Direction.NEXT, Integer.MAX_VALUE).stream()
          .map(EntryInfo::id)
          .forEach(items::add);
    }
    return items.size();
  }
}
