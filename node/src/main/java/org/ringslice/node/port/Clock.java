package org.ringslice.node.port;

/** Time as a node sees it. */
public interface Clock {
  /** Nanoseconds since some moment before the node's start; never runs backwards. */
  long nanos();
}
