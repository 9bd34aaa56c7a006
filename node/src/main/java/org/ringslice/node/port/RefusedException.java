package org.ringslice.node.port;

import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Message;

/**
 * A request was not fulfilled. The message is one sentence for people: what happened and what to
 * do.
 */
public class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public RefusedException(ErrorCode code, String sentence) {
    super(sentence);
    this.code = code;
  }

  public static RefusedException of(Message.Failure failure) {
    return new RefusedException(failure.code(), failure.sentence());
  }

  public ErrorCode code() {
    return code;
  }
}
