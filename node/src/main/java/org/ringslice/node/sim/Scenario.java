package org.ringslice.node.sim;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ringslice.messages.Limits;
import org.ringslice.node.ring.Geometry;
import org.ringslice.node.ring.View;

/**
 * What is to befall a ring, as text, a line each. Blank lines, and what follows a {@code #}, are
 * passed over. A SHARE is a number, a percentage of those concerned, or {@code all}; a TIME is like
 * {@code 10s} or {@code 1.5ms}.
 *
 * <pre>
 * nodes N               the ring to begin with             } before all other lines
 * mask-bits N           each item has 2^N places           }
 * clients N             programs that ask from outside     }
 * view-capacity N       peers of which a node knows all    }
 * geometry NAME         ring, prefix or xor                }
 *
 * store N [over TIME]   customers order N items to be stored; with a TIME they do so during what
 *                       follows, else the next line waits until all is answered
 * settle                waits until all that was ordered is answered
 * watch N               programs that watch slices, each at a node of its own; waits for them to begin
 * broadcast N           so many messages to all nodes
 * wait TIME             lets time pass
 *
 * crash SHARE           kills processes; their machines refuse connections
 * vanish SHARE          cuts power; their machines say nothing
 * restart SHARE         starts some of the killed again, with what is on their disks
 * roll TIME             kills each node in turn, and starts it a TIME later; then waits as long
 * join N                new nodes
 * leave SHARE           nodes hand over what they hold and go, all of them at once; waits for them
 * farewell SHARE        nodes go on purpose, and hand nothing over
 *
 * crash-watchers SHARE  kills some of those; they come back after a few seconds
 *
 * split SHARE           cuts some nodes off from the others
 * deaf SHARE            nodes to which nothing comes through, though they are heard
 * slow SHARE            machines that take long for everything
 * slow-disk SHARE, full-disk SHARE, lying-disk SHARE
 * delay TIME..TIME      messages take between so long and so long
 * loss PERCENT          messages vanish
 * breaks PERCENT        messages at which the connection breaks
 * duplicates PERCENT    messages arrive twice
 * heal                  all faults end; the killed stay so
 *
 * check NAME...         ring, readable, readable-everywhere, copies, placed, tidy, equal, stored,
 *                       walk, watched, heard, heard-once, quiet
 * </pre>
 */
public final class Scenario {
  private static final String SUFFIX = ".scenario";
  private static final List<String> SHIPPED =
      List.of(
          "one",
          "two",
          "three",
          "calm",
          "crashes",
          "split",
          "loss",
          "restarts",
          "joins",
          "leaves",
          "healing",
          "disks",
          "busy",
          "watch",
          "watch-faults",
          "routed",
          "routed-split",
          "talk");

  /** What a line does. */
  @FunctionalInterface
  interface Action {
    void befall(World world);
  }

  /**
   * One line.
   *
   * @param checks names of the checks to make, in place of an action
   */
  record Step(String line, Action action, List<String> checks) {}

  /** Stores that are ordered without a time come this fast. A guess at a busy LAN. */
  private static final long STORE_NANOS = 5_000_000;

  /** Then a store that was ordered will never be answered. */
  private static final long SETTLE_NANOS_MAX = 600_000_000_000L;

  /** Of one line: at once a node takes no more in than in a second, and keeps 1,000. */
  private static final int BROADCASTS_MAX = 500;

  /** Nodes, clients, or items of one line. */
  private static final int COUNT_MAX = 1_000_000;

  private final String name;
  private final List<Step> steps = new ArrayList<>();
  private int nodes = 10;
  private int maskBits = 2;
  private int clients;
  private View.Scope scope = View.Scope.DEFAULT;

  private Scenario(String name) {
    this.name = name;
  }

  /** The names of those that come with the product. */
  public static List<String> shippedNames() {
    return SHIPPED;
  }

  /**
   * One that comes with the product.
   *
   * @throws IllegalArgumentException when there is none of that name
   */
  public static Scenario shipped(String name) {
    if (!SHIPPED.contains(name)) {
      throw new IllegalArgumentException("no scenario '" + name + "'; there are " + SHIPPED);
    }
    try (InputStream in = Scenario.class.getResourceAsStream(name + SUFFIX)) {
      return parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("the scenario " + name + " can't be read", e);
    }
  }

  /**
   * Reads the lines of a scenario.
   *
   * @param name what to replay it by
   * @throws IllegalArgumentException when a line is not of the grammar; it says which and why
   */
  public static Scenario parse(String name, String text) {
    Scenario scenario = new Scenario(name);
    int number = 0;
    for (String raw : text.lines().toList()) {
      number++;
      String line = raw.replaceFirst("#.*", "").strip();
      if (!line.isEmpty()) {
        try {
          scenario.add(line);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
          throw new IllegalArgumentException(
              name + ", line " + number + ": '" + line + "' is not understood: " + e.getMessage(),
              e);
        }
      }
    }
    return scenario;
  }

  private void add(String line) {
    List<String> words = Arrays.asList(line.split("\\s+"));
    String verb = words.get(0);
    switch (verb) {
      case "nodes" -> nodes = header(words, 1, COUNT_MAX);
      case "mask-bits" -> maskBits = header(words, 0, Limits.MASK_BITS_MAX);
      case "clients" -> clients = header(words, 0, COUNT_MAX);
      case "view-capacity" ->
          scope = new View.Scope(header(words, 0, View.CAPACITY_MAX), scope.geometry());
      case "geometry" -> scope = new View.Scope(scope.capacity(), geometry(only(words)));
      case "check" -> {
        List<String> checks = List.copyOf(words.subList(1, words.size()));
        checks.forEach(Check::named);
        steps.add(new Step(line, world -> {}, checks));
      }
      default -> steps.add(new Step(line, action(verb, words), List.of()));
    }
  }

  private static Geometry geometry(String name) {
    return Geometry.named(name)
        .orElseThrow(() -> new IllegalArgumentException("no geometry of that name"));
  }

  private int header(List<String> words, int least, int most) {
    if (!steps.isEmpty()) {
      throw new IllegalArgumentException("it belongs to the head, before all that happens");
    }
    return number(only(words), least, most);
  }

  private static int number(String word, int least, int most) {
    int number = Integer.parseInt(word);
    if (number < least || number > most) {
      throw new IllegalArgumentException("not in [" + least + ", " + most + "]");
    }
    return number;
  }

  /** What follows the first word. */
  private static String only(List<String> words) {
    if (words.size() != 2) {
      throw new IllegalArgumentException("one word follows '" + words.get(0) + "'");
    }
    return words.get(1);
  }

  private static Action action(String verb, List<String> words) {
    return switch (verb) {
      case "store" -> store(words);
      case "settle" -> Scenario::settle;
      case "wait" -> {
        long nanos = nanos(only(words));
        yield world -> world.pass(nanos);
      }
      case "roll" -> {
        long nanos = nanos(only(words));
        yield world -> world.roll(nanos);
      }
      case "watch" -> {
        int count = number(only(words), 1, COUNT_MAX);
        yield world -> {
          world.watchers().start(count);
          world.passUntil(world.watchers()::areReady, SETTLE_NANOS_MAX);
        };
      }
      case "broadcast" -> {
        int count = number(only(words), 1, BROADCASTS_MAX);
        yield world -> world.broadcasts().send(count);
      }
      case "join" -> {
        int count = number(only(words), 1, COUNT_MAX);
        yield world -> world.startNodes(count);
      }
      case "delay" -> delay(only(words));
      case "loss", "breaks", "duplicates" -> faults(verb, Share.percent(only(words)));
      case "heal" -> World::heal;
      default -> befall(verb, Share.parse(only(words)));
    };
  }

  private static Action store(List<String> words) {
    int count = number(words.get(1), 1, COUNT_MAX);
    if (words.size() == 2) {
      return world -> {
        world.customers().store(count, count * STORE_NANOS);
        settle(world);
      };
    }
    if (words.size() != 4 || !words.get(2).equals("over")) {
      throw new IllegalArgumentException("store N, or store N over TIME");
    }
    long overNanos = nanos(words.get(3));
    return world -> world.customers().store(count, overNanos);
  }

  private static void settle(World world) {
    world.passUntil(() -> world.customers().waiting() == 0, SETTLE_NANOS_MAX);
  }

  private static Action delay(String word) {
    String[] ends = word.split("\\.\\.", 2);
    long least = nanos(ends[0]);
    long most = nanos(ends[1]);
    if (most < least) {
      throw new IllegalArgumentException("the longer time comes last");
    }
    return world -> world.faults().delay(least, most);
  }

  private static Action faults(String verb, double share) {
    return switch (verb) {
      case "loss" -> world -> world.faults().lose(share);
      case "breaks" -> world -> world.faults().breakAt(share);
      default -> world -> world.faults().duplicate(share);
    };
  }

  private static Action befall(String verb, Share share) {
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
      default -> throw new IllegalArgumentException("there is no such thing as '" + verb + "'");
    };
  }

  private static long nanos(String word) {
    double factor;
    int unit;
    if (word.endsWith("us")) {
      factor = 1e3;
      unit = 2;
    } else if (word.endsWith("ms")) {
      factor = 1e6;
      unit = 2;
    } else if (word.endsWith("s")) {
      factor = 1e9;
      unit = 1;
    } else {
      throw new IllegalArgumentException("a time has a unit, us, ms or s: " + word);
    }
    double nanos = Double.parseDouble(word.substring(0, word.length() - unit)) * factor;
    if (!(nanos >= 0 && nanos <= 1e15)) {
      throw new IllegalArgumentException("not a time: " + word);
    }
    return (long) nanos;
  }

  /** What it is called, and replayed by. */
  public String name() {
    return name;
  }

  /** How many nodes it begins with, unless told otherwise. */
  public int nodes() {
    return nodes;
  }

  public int maskBits() {
    return maskBits;
  }

  int clients() {
    return clients;
  }

  View.Scope scope() {
    return scope;
  }

  List<Step> steps() {
    return steps;
  }
}
