package org.ringslice.node.sim;

/** What each line of a {@link Scenario} does. */
final class Verbs {
  /** Stores that are ordered without a time come this fast. A guess at a busy LAN. */
  private static final long STORE_NANOS = 5_000_000;

  /** Then a store that was ordered will never be answered. */
  private static final long SETTLE_NANOS_MAX = 600_000_000_000L;

  /** Of one line: at once a node takes no more in than in a second, and keeps 1,000. */
  private static final int BROADCASTS_MAX = 500;

  private static final String A_MINUTE = "/min";

  private Verbs() {}

  static Scenario.Action action(Words words) {
    return switch (words.verb()) {
      case "store" -> store(words);
      case "settle" -> Verbs::settle;
      case "wait" -> {
        long nanos = words.onlyNanos();
        yield world -> world.pass(nanos);
      }
      case "roll" -> {
        long nanos = words.onlyNanos();
        yield world -> world.roll(nanos);
      }
      case "watch" -> {
        int count = words.onlyCount();
        yield world -> {
          world.watchers().start(count);
          world.passUntil(world.watchers()::areReady, SETTLE_NANOS_MAX);
        };
      }
      case "broadcast" -> {
        int count = Words.number(words.only(), 1, BROADCASTS_MAX);
        yield world -> world.broadcasts().send(count);
      }
      case "join" -> join(words);
      case "lookups" -> lookUps(words);
      case "churn" -> churn(words);
      case "flap" -> flap(words);
      case "usurp" -> {
        int count = words.onlyCount();
        yield world -> world.usurpers().come(count);
      }
      case "crash-usurpers" -> {
        words.mustBeLike("crash-usurpers");
        yield world -> world.usurpers().crash();
      }
      case "twin" -> {
        int count = words.onlyCount();
        yield world -> world.twins().start(count);
      }
      case "reads" -> reads(words);
      case "rot" -> rot(words);
      case "torn" -> torn(words);
      case "delay" -> delay(words.only());
      case "loss", "breaks", "duplicates" -> faults(words.verb(), Share.percent(words.only()));
      case "heal" -> World::heal;
      default -> befall(words.verb(), Share.parse(words.only()));
    };
  }

  private static Scenario.Action store(Words words) {
    int count = words.count(1);
    if (words.areLike((String) null)) {
      return world -> {
        world.customers().store(count, count * STORE_NANOS);
        settle(world);
      };
    }
    words.mustBeLike("store N, or store N over TIME", null, "over", null);
    long overNanos = words.nanos(3);
    return world -> world.customers().store(count, overNanos);
  }

  private static void settle(World world) {
    world.passUntil(() -> world.customers().waiting() == 0, SETTLE_NANOS_MAX);
  }

  private static Scenario.Action join(Words words) {
    if (words.all().size() != 2) {
      words.mustBeLike("join N, or join N within TIME", null, "within", null);
    }
    Share share = Share.ofMore(words.all().get(1));
    if (words.all().size() == 2) {
      return world -> world.startNodes(share.ofMore(world.living().size()));
    }
    long nanos = words.nanos(3);
    return world -> {
      int count = share.ofMore(world.living().size());
      world.startNodes(count, nanos / count);
    };
  }

  private static Scenario.Action lookUps(Words words) {
    words.mustBeLike("lookups N over TIME", null, "over", null);
    int count = words.count(1);
    long overNanos = words.nanos(3);
    return world -> world.lookUps().order(count, overNanos, Presence.GRACE_NANOS);
  }

  private static Scenario.Action reads(Words words) {
    words.mustBeLike("reads N over TIME", null, "over", null);
    int count = words.count(1);
    long overNanos = words.nanos(3);
    return world -> world.readers().read(count, overNanos);
  }

  private static Scenario.Action rot(Words words) {
    words.mustBeLike("rot SHARE PERCENT", null, null);
    Share share = Share.parse(words.all().get(1));
    double part = Share.percent(words.all().get(2));
    return world -> world.diskFaults().rot(share, part);
  }

  private static Scenario.Action torn(Words words) {
    if (words.all().size() != 2) {
      words.mustBeLike("torn SHARE, or torn SHARE for TIME", null, "for", null);
    }
    Share share = Share.parse(words.all().get(1));
    if (words.all().size() == 2) {
      return world -> world.diskFaults().tear(share);
    }
    long nanos = words.nanos(3);
    return world -> world.diskFaults().tear(share, nanos);
  }

  private static Scenario.Action churn(Words words) {
    words.mustBeLike("churn PERCENT/min for TIME", null, "for", null);
    String rate = words.all().get(1);
    if (!rate.endsWith(A_MINUTE)) {
      throw new IllegalArgumentException("such a share of the nodes a minute: 1%/min");
    }
    double share = Share.percent(rate.substring(0, rate.length() - A_MINUTE.length()));
    long nanos = words.nanos(3);
    return world -> world.unrest().churn(share, nanos);
  }

  private static Scenario.Action flap(Words words) {
    words.mustBeLike("flap SHARE TIME for TIME", null, null, "for", null);
    Share share = Share.parse(words.all().get(1));
    long eachNanos = words.nanos(2);
    long nanos = words.nanos(4);
    return world -> world.unrest().flap(share, eachNanos, nanos);
  }

  private static Scenario.Action delay(String word) {
    String[] ends = word.split("\\.\\.", 2);
    long least = Words.nanos(ends[0]);
    long most = Words.nanos(ends[1]);
    if (most < least) {
      throw new IllegalArgumentException("the longer time comes last");
    }
    return world -> world.faults().delay(least, most);
  }

  private static Scenario.Action faults(String verb, double share) {
    return switch (verb) {
      case "loss" -> world -> world.faults().lose(share);
      case "breaks" -> world -> world.faults().breakAt(share);
      default -> world -> world.faults().duplicate(share);
    };
  }

  private static Scenario.Action befall(String verb, Share share) {
    return switch (verb) {
      case "crash" -> world -> world.drawLiving(share).forEach(Host::crash);
      case "vanish" -> world -> world.drawLiving(share).forEach(Host::vanish);
      case "crash-watchers" -> world -> world.watchers().crash(share);
      case "leave" -> world -> world.farewells().leave(world.drawLiving(share));
      case "farewell" -> world -> world.drawLiving(share).forEach(Host::sayFarewell);
      case "restart" -> world -> world.drawStopped(share).forEach(world::start);
      case "split" -> world -> world.split(share);
      case "deaf" -> world -> world.drawLiving(share).forEach(Host::beDeaf);
      case "slow" -> world -> world.drawLiving(share).forEach(Host::beSlow);
      case "slow-disk" -> world -> world.drawLiving(share).forEach(host -> host.disk().beSlow());
      case "full-disk" -> world -> world.drawLiving(share).forEach(host -> host.disk().beFull());
      case "lying-disk" -> world -> world.drawLiving(share).forEach(host -> host.disk().beLying());
      case "backup" -> world -> world.diskFaults().backUp(share);
      case "rollback" -> world -> world.diskFaults().putBack(share);
      default -> throw new IllegalArgumentException("there is no such thing as '" + verb + "'");
    };
  }
}
