package org.ringslice.node.event;

/** How a node came to know of another. */
public enum How {
  /** It was announced by multicast DNS. */
  MDNS,
  /** A person named it, or it was known before the last restart. */
  STATIC,
  /** It runs on this machine and left word of itself there. */
  HOST,
  /** Another node told of it, or it dialled. */
  LEARNED
}
