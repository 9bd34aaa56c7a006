package org.ringslice.node.zmq;

/** Something that a worker does to a link at a time, unless the link's state has moved on. */
record Alarm(long atNanos, What what, Link link) implements Comparable<Alarm> {
  /** What is due. */
  enum What {
    /** A dialled link that is not through is lost. */
    GIVE_UP_DIALLING,
    /** A dialled link whose connection ended in the greeting is lost, unless JeroMQ tries again. */
    EXPECT_RETRY,
    /** A dialled link whose connection ended is lost, when ZeroMQ's note of that has not come. */
    GIVE_UP_WAITING,
    /** A closed link is closed, whatever still waits to go out on it. */
    END_CLOSING,
    /** A closed link that somebody else dialled loses its connection. */
    END_CLOSED
  }

  @Override
  public int compareTo(Alarm other) {
    return Long.compare(atNanos - other.atNanos, 0);
  }
}
