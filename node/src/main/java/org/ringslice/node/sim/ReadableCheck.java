package org.ringslice.node.sim;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.ringslice.messages.Entry;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;

/**
 * Every acknowledged item of which at least one of the acknowledged holders lives is given, byte
 * for byte, or where disks have gone bad every one that the nodes owe by {@link Custody}; what
 * never was stored is not found, and no node says that it could not tell.
 */
final class ReadableCheck implements Check {
  /** Nodes drawn at random that each item is asked of, unless all are. */
  private static final int ASKED = 2;

  /** Ids that never were stored: one for so many that were, and at least so many. */
  private static final int STRANGE_ONE_IN = 10;

  private static final int STRANGE_MIN = 10;

  private final boolean everywhere;

  ReadableCheck(boolean everywhere) {
    this.everywhere = everywhere;
  }

  @Override
  public void look(World world, Findings findings) {
    SplittableRandom random = world.fork();
    for (Ledger.Promise promise : world.ledger().promises()) {
      if (isOwed(world, promise)) {
        for (Host host : readers(world, random)) {
          expectGiven(world, host, promise, findings);
        }
      }
    }
    for (int i = world.ledger().size() / STRANGE_ONE_IN + STRANGE_MIN; i > 0; i--) {
      Id strange = World.randomId(random);
      for (Host host : readers(world, random)) {
        expectNotFound(world, host, strange, findings);
      }
    }
  }

  private static boolean isOwed(World world, Ledger.Promise promise) {
    return world.custody().isKept()
        ? world.custody().isOwed(promise)
        : promise.holders().stream().map(world::node).anyMatch(Host::isRunning);
  }

  private List<Host> readers(World world, SplittableRandom random) {
    List<Host> readers = world.counters();
    if (everywhere) {
      return readers;
    }
    return random.ints(ASKED, 0, readers.size()).mapToObj(readers::get).toList();
  }

  private static void expectGiven(
      World world, Host host, Ledger.Promise promise, Findings findings) {
    Entry entry = promise.entry();
    Optional<Message> answer = world.ask(host, new Message.GetItem(entry.id(), 0));
    findings.expect(
        answer.isPresent() && answer.get() instanceof Message.ItemIs is && is.item().equals(entry),
        () ->
            "item "
                + entry.id()
                + " of "
                + promise.holders()
                + " is not given by "
                + host
                + ", which said "
                + answer.map(Object::toString).orElse("nothing"));
  }

  private static void expectNotFound(World world, Host host, Id strange, Findings findings) {
    Optional<Message> answer = world.ask(host, new Message.GetItem(strange, 0));
    findings.expect(
        answer.isPresent()
            && answer.get() instanceof Message.Failure failure
            && failure.code() == ErrorCode.NOT_FOUND,
        () -> host + " was asked for an item that never was stored, and said " + answer);
  }
}
