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
  private final boolean mayPass;

  public RefusedException(ErrorCode code, String sentence) {
    this(code, sentence, code.isWorthRetrying());
  }

  private RefusedException(ErrorCode code, String sentence, boolean mayPass) {
    super(sentence);
    this.code = code;
    this.mayPass = mayPass;
  }

  public static RefusedException of(Message.Failure failure) {
    return new RefusedException(failure.code(), failure.sentence(), failure.retry());
  }

  /** For good: whoever was asked is not going to answer any more. */
  public static RefusedException forGood(ErrorCode code, String sentence) {
    return new RefusedException(code, sentence, false);
  }

  public ErrorCode code() {
    return code;
  }

  /** Whether the same request may succeed later, asked in the same way. */
  public boolean mayPass() {
    return mayPass;
  }
}
