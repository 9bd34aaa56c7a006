package org.ringslice.node.sim;

import java.util.List;
import java.util.TreeMap;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;

/** Nodes that were asked to leave, and what each said last. */
final class Farewells {
  /** A node that has not left after so long never will. */
  private static final long LEAVE_NANOS_MAX = 300_000_000_000L;

  private final World world;
  private final TreeMap<Id, Message> lastWords = new TreeMap<>();

  Farewells(World world) {
    this.world = world;
  }

  /** Asks nodes to leave, all at once; lets time pass until each has, or says that it can't. */
  void leave(List<Host> leaving) {
    leaving.forEach(host -> lastWords.remove(host.id()));
    leaving.forEach(this::ask);
    world.passUntil(() -> leaving.stream().allMatch(this::isOver), LEAVE_NANOS_MAX);
    leaving.stream()
        .filter(host -> !isOver(host))
        .forEach(host -> world.journal().aborted(host, "it does not come to leave"));
  }

  private boolean isOver(Host host) {
    return lastWords.containsKey(host.id());
  }

  /** Asks a node to leave; it does so meanwhile. */
  void ask(Host host) {
    int life = host.life();
    host.ask(
        new Message.Leave(false),
        reply -> {
          if (reply instanceof Message.LeaveIs is && !is.left() && host.isRunning(life)) {
            ask(host);
          } else {
            lastWords.put(host.id(), reply);
          }
        });
  }

  /** What a node said last. */
  Message of(Host host) {
    return lastWords.get(host.id());
  }
}
