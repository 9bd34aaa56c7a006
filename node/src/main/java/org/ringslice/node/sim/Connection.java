package org.ringslice.node.sim;

import org.ringslice.messages.Lane;

/**
 * A connection between two machines, as TCP makes it: what is sent arrives in order, or not at all.
 * Nobody is told that it is dead but by an attempt to use it, and not even then while the way is
 * cut.
 */
final class Connection {
  final End dialler;
  final End acceptor;
  final Lane lane;

  /** Something sent was lost underway, so that nothing sent later can arrive. */
  boolean isTorn;

  Connection(Host from, long link, Host to, Lane lane) {
    this.lane = lane;
    dialler = new End(this, from);
    acceptor = new End(this, to);
    dialler.open(link);
  }

  /** What one of the two processes sees of it. */
  static final class End {
    final Connection connection;
    final Host host;
    private long link;
    private int life;
    private boolean wasOpened;
    private boolean isOpen;
    private long lastArrivalNanos;

    private End(Connection connection, Host host) {
      this.connection = connection;
      this.host = host;
    }

    /** The process that runs at the moment takes part, under this number. */
    void open(long number) {
      link = number;
      life = host.life();
      isOpen = true;
      wasOpened = true;
      host.links().put(number, this);
    }

    /** The process takes no part any more. */
    void close() {
      if (isLive()) {
        host.links().remove(link);
      }
      isOpen = false;
    }

    End other() {
      return connection.dialler == this ? connection.acceptor : connection.dialler;
    }

    long link() {
      return link;
    }

    boolean wasOpened() {
      return wasOpened;
    }

    /** Whether the process that opened it still runs and has not closed it. */
    boolean isLive() {
      return isOpen && host.isRunning(life);
    }

    /** When something sent now arrives here: never before what was sent earlier. */
    long arrivalNanos(long nowNanos, long delayNanos) {
      lastArrivalNanos = Math.max(lastArrivalNanos, nowNanos + delayNanos);
      return lastArrivalNanos;
    }
  }
}
