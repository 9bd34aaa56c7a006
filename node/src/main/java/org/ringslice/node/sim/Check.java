package org.ringslice.node.sim;

import static java.lang.Integer.MAX_VALUE;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.node.ring.Self;
import org.ringslice.sync.Index;
import org.ringslice.sync.Summary;

/**
 * Something that must be so. A check knows nothing of how the nodes work: it looks at what was
 * acknowledged, at the disks and at answers, and computes what is right by {@link Model}.
 */
@FunctionalInterface
interface Check {
  /** Looks; asking the nodes takes time, so the simulation goes on meanwhile. */
  void look(World world, Findings findings);

  /** What a check found. */
  final class Findings {
    /** Sentences kept of one check; past that failures are only counted. */
    static final int SENTENCES_MAX = 5;

    private final List<String> sentences = new ArrayList<>();
    private long made;
    private long failed;

    /** Notes one more thing that was looked at. Returns whether it is so. */
    boolean expect(boolean so, Supplier<String> otherwise) {
      made++;
      if (!so) {
        failed++;
        if (sentences.size() < SENTENCES_MAX) {
          sentences.add(otherwise.get());
        }
      }
      return so;
    }

    long made() {
      return made;
    }

    long failed() {
      return failed;
    }

    /** What is wrong, one sentence each. */
    List<String> sentences() {
      return List.copyOf(sentences);
    }
  }

  /**
   * The check of a name.
   *
   * @throws IllegalArgumentException when there is none
   */
  static Check named(String name) {
    return switch (name) {
      case "ring" -> new RingCheck();
      case "readable" -> new ReadableCheck(false);
      case "readable-everywhere" -> new ReadableCheck(true);
      case "copies" -> Check::copies;
      case "placed" -> Check::placed;
      case "tidy" -> Check::tidy;
      case "equal" -> Check::equal;
      case "stored" -> Check::stored;
      case "walk" -> new WalkCheck();
      case "status" -> new StatusCheck();
      case "watched" -> new WatchedCheck();
      case "heard" -> new HeardCheck(true);
      case "heard-once" -> new HeardCheck(false);
      case "quiet" -> Check::quiet;
      case "neighbours" -> new NeighboursCheck();
      case "routes" -> new RoutesCheck();
      case "looked-up" -> Check::lookedUp;
      case "read" -> (world, findings) -> world.readers().look(findings);
      case "lost" -> Check::lost;
      case "twins" -> (world, findings) -> world.twins().look(findings);
      default -> throw new IllegalArgumentException("no check is called '" + name + "'");
    };
  }

  /**
   * Every receipt told the truth when it came, and what it told is still so, but for copies that
   * were dropped since, or that a fault of the disk took.
   */
  private static void copies(World world, Findings findings) {
    List<String> lies = world.ledger().lies();
    findings.expect(lies.isEmpty(), () -> lies.get(0) + ", one of " + lies.size() + " such");
    for (Ledger.Promise promise : world.ledger().promises()) {
      for (Id holder : promise.holders()) {
        Disk disk = world.node(holder).disk();
        findings.expect(
            disk.holdsDurably(promise.entry())
                || disk.hasDropped(promise.entry())
                || disk.hasLost(promise.entry()),
            () -> "item " + promise.entry().id() + " was durable on " + holder + " and is not now");
      }
    }
  }

  /**
   * Every acknowledged item is on all nodes that are to hold it, with all its bytes; and nodes have
   * given up no last good copy.
   */
  private static void placed(World world, Findings findings) {
    Model model = world.model();
    List<Id> lost = world.custody().lost();
    findings.expect(
        lost.isEmpty(),
        () -> "the nodes gave up the last good copy of " + lost.size() + " items: " + lost.get(0));
    for (Ledger.Promise promise : world.ledger().promises()) {
      if (!world.custody().isOwed(promise)) {
        continue;
      }
      for (Id holder : model.holders(promise.entry().id())) {
        findings.expect(
            world.node(holder).disk().holdsDurably(promise.entry()),
            () -> "item " + promise.entry().id() + " is not on its holder " + holder);
      }
    }
  }

  /** Nobody holds what it need not, long enough after all was calm. */
  private static void tidy(World world, Findings findings) {
    Model model = world.model();
    for (Host host : world.living()) {
      for (EntryInfo entry : host.disk().list(Arc.wholeRing(Id.MAX), Direction.NEXT, MAX_VALUE)) {
        findings.expect(
            model.holders(entry.id()).contains(host.id()),
            () -> host + " still has item " + entry.id() + ", of which it is no holder");
      }
    }
  }

  /**
   * Whatever is on a disk is on those of all its holders, and the index of each node is that of its
   * disk: nothing was forgotten by what keeps it up.
   */
  private static void equal(World world, Findings findings) {
    TreeMap<Id, EntryInfo> all = new TreeMap<>();
    for (Host host : world.living()) {
      List<EntryInfo> held = host.disk().list(Arc.wholeRing(Id.MAX), Direction.NEXT, MAX_VALUE);
      held.forEach(entry -> all.put(entry.id(), entry));
      Index fresh = Index.of(Self.digestOf(World.NETWORK_NAME), held);
      Summary kept = host.nodeCore().held().index().summary(Arc.wholeRing(Id.ZERO));
      findings.expect(
          fresh.summary(Arc.wholeRing(Id.ZERO)).equals(kept),
          () -> host + " has an index of " + kept.count() + " for " + held.size() + " entries");
    }
    for (EntryInfo entry : all.values()) {
      for (Id holder : world.model().holders(entry.id())) {
        findings.expect(
            world.node(holder).disk().holds(entry),
            () -> "item " + entry.id() + " is somewhere and not on its holder " + holder);
      }
    }
  }

  /** Whatever customers set out to store was acknowledged in the end. */
  private static void stored(World world, Findings findings) {
    Customers customers = world.customers();
    findings.expect(
        customers.waiting() == 0, () -> customers.waiting() + " stores have not been answered yet");
    findings.expect(
        customers.disappointed().isEmpty(),
        () ->
            customers.disappointed().size() + " stores failed: " + customers.disappointed().get(0));
    findings.expect(customers.ordered() > 0, () -> "nobody has stored anything");
  }

  /** Of look-ups that were made while nodes came and went, so many may fail: with an error. */
  double ERRORS_MAX = 0.01;

  /** All that was looked up while nodes came and went was answered, and nothing wrongly. */
  private static void lookedUp(World world, Findings findings) {
    LookUps lookUps = world.lookUps();
    world.passUntil(() -> lookUps.waiting() == 0, World.ANSWER_NANOS_MAX);
    Tally tally = lookUps.total();
    List<String> mistakes = lookUps.takeMistakes();
    findings.expect(lookUps.waiting() == 0, () -> lookUps.waiting() + " were never answered");
    findings.expect(tally.all() > 0, () -> "nobody has looked anything up");
    findings.expect(tally.wrong() == 0, () -> tally + ": " + mistakes);
    findings.expect(tally.errors() <= ERRORS_MAX * tally.all(), () -> tally + ": " + mistakes);
  }

  /** Calls and requests that a node at rest may have underway: heartbeats, and what they bring. */
  int UNDERWAY_MAX = 16;

  /**
   * An acknowledged item that nobody has any more is known to be lost to one who dropped it lately,
   * if such a node lives; and nothing is said to be lost that somebody has.
   */
  private static void lost(World world, Findings findings) {
    TreeSet<Id> told = new TreeSet<>();
    world.living().forEach(host -> told.addAll(host.nodeCore().lostItems().first(MAX_VALUE)));
    for (Ledger.Promise promise : world.ledger().promises()) {
      Id item = promise.entry().id();
      boolean isThere =
          world.living().stream().anyMatch(host -> host.disk().holds(promise.entry().info()));
      boolean wasThere =
          world.living().stream().anyMatch(host -> host.disk().hasDroppedLately(item));
      findings.expect(
          told.contains(item) == (!isThere && wasThere),
          () ->
              "item "
                  + item
                  + (isThere
                      ? " is there, and said to be lost"
                      : " is lost, and nobody tells of it"));
    }
    findings.expect(
        told.stream().allMatch(world.ledger()::isOrdered),
        () -> "what never was is said to be lost");
  }

  /** Nodes at rest have next to nothing underway: nothing leaks. */
  private static void quiet(World world, Findings findings) {
    for (Host host : world.living()) {
      int pending = host.nodeCore().pendingCount();
      int serving = host.nodeCore().servingCount();
      findings.expect(
          pending <= UNDERWAY_MAX, () -> host + " waits for " + pending + " answers at rest");
      findings.expect(
          serving >= 0 && serving <= UNDERWAY_MAX,
          () -> host + " has not answered " + serving + " requests at rest");
    }
  }
}
