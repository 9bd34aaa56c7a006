package org.ringslice.node.runtime;

/** A node could not start. The message is one sentence for people: why, and what to do. */
public final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  StartException(String sentence) {
    super(sentence);
  }

  StartException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
