package org.ringslice.messages;

/** The two ways between nodes, each with its own port and its own thread. */
public enum Lane {
  /** Small messages. */
  CONTROL,
  /** Messages that carry or ask for payloads, so that no small one waits for them. */
  BULK
}
