package org.ringslice.messages;

/**
 * What was received is no message of the protocol. The sentence says where it departs from the
 * grammar.
 */
public final class ProtocolException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  ProtocolException(ErrorCode code, String sentence) {
    // no stack trace: a hostile sender decides how many of these are made
    super(sentence, null, false, false);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }
}
