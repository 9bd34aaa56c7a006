package org.ringslice.node.sim;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is to befall a ring, as text, a line each. Blank lines, and what follows a {@code #}, are
 * passed over. A SHARE is a number, a percentage of those concerned, or {@code all}; a TIME is like
 * {@code 10s} or {@code 1.5ms}.
 *
 * <pre>
 * nodes N               the ring to begin with             } before all other lines
 * small N               the same where large rings are to be small, as in the build }
 * mask-bits N           each item has 2^N places           }
 * clients N             programs that ask from outside     }
 * view-capacity N       peers of which a node knows all    }
 * geometry NAME         ring, prefix or xor                }
 * apart TIME            from one node's start to the next  }
 * clock-drift PERCENT   how far clocks may be off in rate  }
 * keep-copies TIME      of what is no longer held; a day   }
 *
 * store N [over TIME]   customers order N items to be stored; with a TIME they do so during what
 *                       follows, else the next line waits until all is answered
 * settle                waits until all that was ordered is answered
 * watch N               programs that watch slices, each at a node of its own; waits for them to begin
 * broadcast N           so many messages to all nodes
 * reads N over TIME     people read what was acknowledged during what follows
 * lookups N over TIME   programs ask for the owners of N random points during what follows
 * wait TIME             lets time pass
 *
 * crash SHARE           kills processes; their machines refuse connections
 * vanish SHARE          cuts power; their machines say nothing
 * restart SHARE         starts some of the killed again, with what is on their disks
 * roll TIME             kills each node in turn, and starts it a TIME later; then waits as long
 * join N [within TIME]  new nodes; of N per cent, so many more than there are
 * usurp N               new nodes right at all homes of each of N acknowledged items, which they
 *                       come to hold alone
 * crash-usurpers        kills all that came so
 * twin N                nodes with the ids of others, as when a data folder was copied
 * leave SHARE           nodes hand over what they hold and go, all of them at once; waits for them
 * farewell SHARE        nodes go on purpose, and hand nothing over
 * churn PERCENT/min for TIME
 *                       lets time pass, in which such a share of the nodes goes, killed, with a
 *                       farewell or by leaving, and as many come
 * flap SHARE TIME for TIME
 *                       lets time pass, in which some nodes by turns are deaf, hear, are killed
 *                       and start, a TIME each
 *
 * crash-watchers SHARE  kills some of those; they come back after a few seconds
 *
 * split SHARE           cuts some nodes off from the others
 * deaf SHARE            nodes to which nothing comes through, though they are heard
 * slow SHARE            machines that take long for everything
 * slow-disk SHARE, full-disk SHARE, lying-disk SHARE
 * rot SHARE PERCENT     on some nodes the bytes of so many copies go bad without a word; one copy of
 *                       each item stays good
 * torn SHARE [for TIME] kills nodes whose last writes are half there: a row, and no bytes; with a
 *                       TIME they start again after it
 * backup SHARE          data folders are copied
 * rollback SHARE        data folders that were copied are put back, and their nodes started
 * delay TIME..TIME      messages take between so long and so long
 * loss PERCENT          messages vanish
 * breaks PERCENT        messages at which the connection breaks
 * duplicates PERCENT    messages arrive twice
 * heal                  all faults end; the killed stay so
 *
 * check NAME...         ring, readable, readable-everywhere, copies, placed, tidy, equal, stored,
 *                       walk, status, watched, heard, heard-once, quiet, neighbours, routes,
 *                       looked-up, twins, read, lost
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
          "come-and-go",
          "watch",
          "watch-faults",
          "routed",
          "routed-split",
          "routed-watch",
          "grows",
          "talk",
          "flash-join",
          "die-off",
          "halves",
          "slow",
          "flapping",
          "twins",
          "clocks",
          "churn",
          "rot",
          "torn",
          "rollback",
          "bad-disks",
          "usurpers",
          "forgotten");

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

  private final String name;
  private final List<Step> steps = new ArrayList<>();
  private Head head = Head.DEFAULT;

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
    Words words = Words.of(line);
    Optional<Head> more = head.with(words);
    if (more.isPresent()) {
      if (!steps.isEmpty()) {
        throw new IllegalArgumentException("it belongs to the head, before all that happens");
      }
      head = more.get();
    } else {
      steps.add(step(line));
    }
  }

  /**
   * One line that is no part of the head.
   *
   * @throws IllegalArgumentException when it is not of the grammar
   */
  static Step step(String line) {
    Words words = Words.of(line);
    if (words.verb().equals("check")) {
      words.afterVerb().forEach(Check::named);
      return new Step(line, world -> {}, words.afterVerb());
    }
    return new Step(line, Verbs.action(words), List.of());
  }

  /** What it is called, and replayed by. */
  public String name() {
    return name;
  }

  /** How many nodes it begins with, unless told otherwise. */
  public int nodes() {
    return head.nodes();
  }

  /** How many where large rings are to be small, as in the build. */
  public int nodesIfSmall() {
    return head.nodesIfSmall();
  }

  public int maskBits() {
    return head.maskBits();
  }

  int clients() {
    return head.clients();
  }

  /** What it begins with. */
  Head head() {
    return head;
  }

  List<Step> steps() {
    return steps;
  }
}
