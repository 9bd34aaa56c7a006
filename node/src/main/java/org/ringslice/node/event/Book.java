package org.ringslice.node.event;

/** Which of a node's two lists of entries; each has its rows, its journal and its index. */
public enum Book {
  /** What this node holds, with its bytes. */
  HELD,
  /** What is known, by ids alone, of the slices that are watched here, whoever holds it. */
  WATCHED
}
