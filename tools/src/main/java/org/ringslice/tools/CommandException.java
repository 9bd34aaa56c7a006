package org.ringslice.tools;

/** A command could not do it. The message is one sentence for people: why, and what to do. */
final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandException(String sentence) {
    super(sentence);
  }
}
