package org.ringslice.node.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ringslice.messages.Arc;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;

/**
 * Programs that watch slices of the ring, each through a client at one node, and note each change
 * together with the cursor after it, as on a disk: a crash of theirs loses what was not noted yet.
 */
final class Watchers {
  /** Some take long for what they are told. */
  private static final long WORK_NANOS_MAX = 100_000_000L;

  /** Between two attempts to reach the node. */
  private static final long PAUSE_NANOS = 500_000_000L;

  /** How long a crashed one is away, at most. */
  private static final long AWAY_NANOS_MAX = 5_000_000_000L;

  /** One in so many watches the whole ring, the others a part of it. */
  private static final int WHOLE_ONE_IN = 3;

  private final World world;
  private final SplittableRandom random;
  private final List<Watcher> all = new ArrayList<>();

  Watchers(World world, SplittableRandom random) {
    this.world = world;
    this.random = random;
  }

  List<Watcher> all() {
    return all;
  }

  /** Starts new ones, each at a living node. */
  void start(int count) {
    for (int i = 0; i < count; i++) {
      List<Host> living = world.living();
      Host contact = living.get(random.nextInt(living.size()));
      Id from = World.randomId(random);
      boolean whole = random.nextInt(WHOLE_ONE_IN) == 0;
      Arc slice = whole ? Arc.wholeRing(from) : new Arc(from, World.randomId(random));
      Watcher watcher = new Watcher(slice, contact, world.newClientOf(contact));
      all.add(watcher);
      watcher.start();
    }
  }

  /** Kills some; they come back by themselves. */
  void crash(Share share) {
    List<Watcher> left = new ArrayList<>(all);
    for (int count = share.of(left.size()); count > 0; count--) {
      left.remove(random.nextInt(left.size())).crash();
    }
  }

  boolean areReady() {
    return all.stream().allMatch(Watcher::isReady);
  }

  /** One that watches. */
  final class Watcher {
    private final Arc slice;
    private final Host contact;
    private final Host host;

    // what it has noted, and so has after a crash
    private final TreeMap<Id, Integer> seen = new TreeMap<>();
    private final TreeSet<Long> sequences = new TreeSet<>();
    private long journal;
    private long after;
    private long readySinceNanos = Long.MAX_VALUE;
    private long begunAtNanos;
    private String refusal = "";

    private Watcher(Arc slice, Host contact, Host host) {
      this.slice = slice;
      this.contact = contact;
      this.host = host;
      begunAtNanos = world.agenda().nowNanos();
    }

    /** Whether the folder of its node was put back while it watched, so that much is undone. */
    private boolean isUndone() {
      return contact.putBackAtNanos() >= begunAtNanos;
    }

    Arc slice() {
      return slice;
    }

    /** How often it was told of an item. */
    int timesSeen(Id item) {
      return seen.getOrDefault(item, 0);
    }

    List<Id> seen() {
      return List.copyOf(seen.keySet());
    }

    boolean isReady() {
      return readySinceNanos < Long.MAX_VALUE;
    }

    /** Whatever is ordered from then on, in virtual time, it is to be told of. */
    long readySinceNanos() {
      return readySinceNanos;
    }

    /** Why its cursor does not hold any more; empty while it does. */
    String refusal() {
      return refusal;
    }

    private void start() {
      host.start();
      ask();
    }

    private void crash() {
      if (host.isRunning()) {
        host.crash();
        world.agenda().after(random.nextLong(AWAY_NANOS_MAX), this::start);
      }
    }

    private void ask() {
      int life = host.life();
      Message.Request question =
          new Message.Watch(List.of(slice), journal, after, Message.Scope.RING);
      host.ask(question, reply -> later(random.nextLong(WORK_NANOS_MAX), life, reply));
    }

    /** It takes its time, and may die meanwhile. */
    private void later(long nanos, int life, Message reply) {
      world
          .agenda()
          .after(
              nanos,
              () -> {
                if (host.isRunning(life)) {
                  onReply(life, reply);
                }
              });
    }

    private void onReply(int life, Message reply) {
      if (reply instanceof Message.Signals signals) {
        note(signals);
        ask();
      } else if (((Message.Failure) reply).code() == ErrorCode.FORGOTTEN) {
        forgotten(((Message.Failure) reply).sentence());
      } else {
        // a client of a node that was never reached does not try again by itself
        world
            .agenda()
            .after(
                PAUSE_NANOS,
                () -> {
                  if (host.isRunning(life)) {
                    host.crash();
                    start();
                  }
                });
      }
    }

    /** Its cursor is of what is undone, it is told: then it begins anew, and else that is wrong. */
    private void forgotten(String sentence) {
      if (!isUndone() || sentence.isBlank()) {
        refusal = sentence.isBlank() ? "it was refused without a sentence" : sentence;
        return;
      }
      begunAtNanos = world.agenda().nowNanos();
      readySinceNanos = Long.MAX_VALUE;
      seen.clear();
      sequences.clear();
      journal = 0;
      after = 0;
      refusal = "";
      ask();
    }

    private void note(Message.Signals signals) {
      for (Message.Signal signal : signals.changes()) {
        boolean isNew = sequences.add(signal.sequence());
        if (!isNew || !signal.entry().alive()) {
          refusal = "it was told of line " + signal.sequence() + " twice, or of a removal";
        }
        seen.merge(signal.entry().id(), 1, Integer::sum);
      }
      if (isReady() || signals.ready()) {
        journal = signals.journal();
        after = signals.next();
      }
      if (!isReady() && signals.ready()) {
        readySinceNanos = world.agenda().nowNanos();
      }
    }

    @Override
    public String toString() {
      return "the watcher of " + slice;
    }
  }
}
