package org.ringslice.node.sim;

import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Frames;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.node.core.Core;
import org.ringslice.node.core.NodeCore;
import org.ringslice.node.event.Effect;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.ForeignArc;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Guests;

/**
 * A machine and the one process on it that matters: a real core, with a clock, a disk and a network
 * that are not real. Each start of the process is a new life; nothing that was meant for an earlier
 * one reaches it.
 */
final class Host {
  /** What a slow machine takes to handle one event: it swaps, or is a very small box. A guess. */
  private static final long SLOW_NANOS = 5_000_000;

  /** The program that runs on the machine. */
  @FunctionalInterface
  interface Program {
    /**
     * Starts it.
     *
     * @param incarnation greater than at any start before
     * @param foreign what it asked to be kept for this start
     */
    Core start(long incarnation, Disk disk, List<ForeignArc> foreign);
  }

  /** What is common to all machines. */
  record Surroundings(
      Agenda agenda,
      Trace trace,
      Network network,
      Journal journal,
      Presence presence,
      Custody custody,
      double clockDrift) {}

  /** A copy of a machine's data folder. */
  private record Backup(Disk.Backup disk, List<Peer> remembered, long starts) {}

  private final Surroundings world;
  private final int number;
  private final Id id;
  private final Endpoint endpoint;
  private final Program program;
  private final Drift clock;
  private final Disk disk;
  private final Deeds deeds = new Deeds();
  private final Consumer<Effect> effects = this::perform;

  private boolean isUp = true;
  private boolean hasLeft;
  private boolean isSlow;
  private boolean isDeaf;
  private boolean isToStop;
  private long undisturbedSince;
  private int group;
  private long busyUntilNanos;
  private List<Peer> remembered = List.of();
  private long starts;
  private Backup backup;
  private long putBackAtNanos = -1;
  private List<ForeignArc> foreign = List.of();

  // when its lives ended
  private final TreeSet<Long> endsNanos = new TreeSet<>();

  // of the present life
  private int life;
  private Core core;
  private long startedAt;
  private int timer;
  private String abortReason;
  private boolean stops;
  private Presence.Stay stay;
  private long nextGuestLink;
  private long nextProcessingId;
  private final TreeMap<Long, Connection.End> links = new TreeMap<>();
  private final TreeMap<Long, Consumer<Message>> waiting = new TreeMap<>();

  Host(
      Surroundings world,
      int number,
      Id id,
      Endpoint endpoint,
      Program program,
      SplittableRandom random) {
    this.world = world;
    this.number = number;
    this.id = id;
    this.endpoint = endpoint;
    this.program = program;
    clock = new Drift(world.agenda(), world.clockDrift(), random.split());
    disk = new Disk(world.agenda(), random.split(), new Doors());
  }

  Id id() {
    return id;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  Disk disk() {
    return disk;
  }

  /** What the node asked to be kept for its next start. */
  List<Peer> remembered() {
    return remembered;
  }

  /** The same of what it is no holder of. */
  List<ForeignArc> foreign() {
    return foreign;
  }

  /** The connections of this life, by the numbers that the core knows them by. */
  NavigableMap<Long, Connection.End> links() {
    return links;
  }

  long nextGuestLink() {
    return nextGuestLink--;
  }

  /** When this life began, in virtual time. */
  long startedAt() {
    return startedAt;
  }

  int life() {
    return life;
  }

  boolean isRunning() {
    return core != null;
  }

  boolean isRunning(int inLife) {
    return core != null && life == inLife;
  }

  /** Whether the machine has power, so that it answers for a process that does not run. */
  boolean isUp() {
    return isUp;
  }

  /** Whether the node went on purpose. */
  boolean hasLeft() {
    return hasLeft;
  }

  boolean isDeaf() {
    return isDeaf;
  }

  void beDeaf() {
    isDeaf = true;
  }

  void beSlow() {
    isSlow = true;
  }

  /** Whether it is to stop by itself: that is no fault of it. */
  void expectToStop() {
    isToStop = true;
  }

  boolean isToStop() {
    return isToStop;
  }

  /** Why it stopped by itself in its last life; empty when it did not. */
  String stoppedBecause() {
    return abortReason == null ? "" : abortReason;
  }

  /** Since when it has been as it should be: the end of its last fault. */
  long undisturbedSince() {
    return undisturbedSince;
  }

  int group() {
    return group;
  }

  void joinGroup(int newGroup) {
    group = newGroup;
  }

  /** All faults of this machine end, but it does not start by itself. */
  void heal() {
    isDeaf = false;
    isSlow = false;
    group = 0;
    undisturbedSince = world.agenda().nowNanos();
    disk.heal();
  }

  /** The core, if it runs and is that of a node. */
  NodeCore nodeCore() {
    return (NodeCore) core;
  }

  void start() {
    world.custody().changes();
    isUp = true;
    hasLeft = false;
    life++;
    timer = 0;
    abortReason = null;
    stops = false;
    nextGuestLink = -1;
    nextProcessingId = 1;
    busyUntilNanos = 0;
    startedAt = world.agenda().nowNanos();
    core = program.start(++starts, disk, foreign);
    world.custody().changed();
    handle(new Event.Started(), null);
  }

  /** The process says farewell and ends. */
  void sayFarewell() {
    world.custody().changes();
    depart();
    world.custody().changed();
  }

  /** It goes by itself: what only it had is nobody's fault but the nodes'. */
  private void depart() {
    hasLeft = true;
    handle(new Event.Stopping(), null);
    end();
  }

  /** The process is killed, at a moment that suits nobody. */
  void crash() {
    world.custody().changes();
    end();
    disk.crash();
    world.custody().changed();
  }

  /** The machine stops, and some of what was written last is only half on its disk. */
  void tearDown(SplittableRandom chance) {
    world.custody().changes();
    end();
    disk.crash();
    disk.tear(chance);
    world.custody().changed();
  }

  /** Bytes of a share of its copies go bad, but for those that nobody else has. */
  void rot(double share, SplittableRandom chance) {
    world.custody().changes();
    disk.rot(share, chance, entry -> world.custody().isElsewhere(entry, this));
    world.custody().changed();
  }

  /** Somebody copies its data folder. */
  void backUp() {
    backup = new Backup(disk.backUp(), remembered, starts);
  }

  boolean isBackedUp() {
    return backup != null;
  }

  /** The process is stopped, and its data folder becomes what it was when it was copied. */
  void putBack() {
    world.custody().changes();
    end();
    disk.crash();
    disk.putBack(backup.disk());
    remembered = backup.remembered();
    starts = backup.starts();
    putBackAtNanos = world.agenda().nowNanos();
    world.custody().changed();
  }

  /** When its folder was last put back; negative when it never was. */
  long putBackAtNanos() {
    return putBackAtNanos;
  }

  /** Whether a life of it ended within a time, both ends included. */
  boolean hasEnded(long fromNanos, long toNanos) {
    return !endsNanos.subSet(fromNanos, true, toNanos, true).isEmpty();
  }

  /** The machine loses its power. */
  void vanish() {
    isUp = false;
    crash();
  }

  private void end() {
    endsNanos.add(world.agenda().nowNanos());
    core = null;
    if (stay != null) {
      stay.end();
      stay = null;
    }
    world.network().ended(this);
    Message.Request nothing = new Message.HaveItems(List.of(), Message.Scope.HELD);
    Message killed = Message.Failure.of(nothing, ErrorCode.STOPPING, "the node was stopped");
    List<Consumer<Message>> left = List.copyOf(waiting.values());
    waiting.clear();
    left.forEach(asker -> world.agenda().after(0, () -> asker.accept(killed)));
  }

  /** Asks the core as the program that it runs in does; it is answered once, in a later deed. */
  void ask(Message.Request request, Consumer<Message> asker) {
    long processingId = nextProcessingId++;
    waiting.put(processingId, asker);
    Header header = new Header(processingId, Header.Form.REQUEST, id, Id.ZERO, 0);
    deliver(
        new Event.Arrived(Guests.LOCAL_LINK, Lane.CONTROL, new Envelope(header, request)), null);
  }

  /** How the disk reaches the process that has it open. */
  private final class Doors implements Disk.Completions {
    @Override
    public void after(long delayNanos, Supplier<Event> completion) {
      Host.this.after(delayNanos, completion);
    }

    @Override
    public void meanwhile(long delayNanos, Runnable work) {
      int born = life;
      world
          .agenda()
          .after(
              delayNanos,
              () -> {
                if (isRunning(born)) {
                  work.run();
                }
              });
    }

    @Override
    public void now(Event event) {
      if (isRunning()) {
        deliver(event, null);
      }
    }
  }

  /** Brings an event after so long, unless this life is over by then. */
  void after(long delayNanos, Supplier<Event> event) {
    int born = life;
    world
        .agenda()
        .after(
            delayNanos,
            () -> {
              if (isRunning(born)) {
                bring(event.get(), born);
              }
            });
  }

  /** Making the event may have brought another one, upon which the node has stopped. */
  private void bring(Event event, int born) {
    if (isRunning(born)) {
      deliver(event, null);
    }
  }

  /**
   * Has the core handle an event, now or, on a slow machine, when it comes to it.
   *
   * @param frames of the message that arrived over the network, else null
   */
  void deliver(Event event, Frames frames) {
    long nowNanos = world.agenda().nowNanos();
    if (!isSlow && busyUntilNanos <= nowNanos) {
      handle(event, frames);
      return;
    }
    busyUntilNanos = Math.max(busyUntilNanos, nowNanos) + (isSlow ? SLOW_NANOS : 0);
    int born = life;
    world
        .agenda()
        .at(
            busyUntilNanos,
            () -> {
              if (isRunning(born)) {
                handle(event, frames);
              }
            });
  }

  private void handle(Event event, Frames frames) {
    world.trace().note(world.agenda().nowNanos(), number, event, frames);
    try {
      core.handle(event, new Turn(clock.nanos(), effects));
    } catch (RuntimeException e) {
      abortReason = "a broken invariant: " + e + " at " + e.getStackTrace()[0];
    }
    if (abortReason != null) {
      world.journal().aborted(this, abortReason);
      crash();
    } else if (stops && !hasLeft) {
      depart();
    } else if (stay == null && core instanceof NodeCore node && isOnRing(node)) {
      stay = world.presence().begin(this);
    }
  }

  private boolean isOnRing(NodeCore node) {
    return node.view().state(id).isOnRing();
  }

  private void perform(Effect effect) {
    effect.accept(deeds);
  }

  /** What each kind of effect is on this machine. */
  private final class Deeds implements Effect.Visitor {
    @Override
    public void dial(Effect.Dial dial) {
      world.network().dial(Host.this, dial.link(), dial.endpoint(), dial.lane());
    }

    @Override
    public void send(Effect.Send send) {
      if (send.link() == Guests.LOCAL_LINK) {
        answered(send.envelope());
      } else {
        world.network().send(Host.this, send.link(), send.envelope());
      }
    }

    @Override
    public void close(Effect.Close close) {
      world.network().close(Host.this, close.link());
    }

    @Override
    public void setTimer(Effect.SetTimer set) {
      moveTimer(set.atNanos());
    }

    @Override
    public void askStore(Effect.AskStore ask) {
      disk.ask(ask.ticket(), ask.request());
    }

    @Override
    public void remember(Effect.Remember remember) {
      remembered = remember.peers();
    }

    @Override
    public void rememberForeign(Effect.RememberForeign remember) {
      foreign = remember.arcs();
    }

    @Override
    public void report(Effect.Report report) {
      world.journal().reported(Host.this, report);
    }

    @Override
    public void stop(Effect.Stop stop) {
      stops = true;
    }

    @Override
    public void abort(Effect.Abort abort) {
      abortReason = abort.why();
    }
  }

  private void answered(Envelope envelope) {
    Consumer<Message> asker = waiting.remove(envelope.header().processingId());
    if (asker == null) {
      throw new IllegalStateException("answered twice: " + envelope.message());
    }
    if (envelope.message() instanceof Message.ItemIs is && !is.item().isGenuine()) {
      world.journal().erred(this, "it gave bytes that are not those of item " + is.item().id());
    }
    world.agenda().after(0, () -> asker.accept(envelope.message()));
  }

  /** There is one timer: setting it again moves it. */
  private void moveTimer(long atNanos) {
    int set = ++timer;
    int born = life;
    world
        .agenda()
        .at(
            clock.whenItShows(atNanos),
            () -> {
              if (isRunning(born) && timer == set) {
                deliver(new Event.TimerFired(), null);
              }
            });
  }

  @Override
  public String toString() {
    return "node " + id + " (" + endpoint.host() + ")";
  }
}
