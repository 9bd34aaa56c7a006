package org.ringslice.messages;

/** Why a request failed. The numbers are on the wire; they are only ever appended to. */
public enum ErrorCode {
  /** The answerer does not know this type of message. */
  UNKNOWN_TYPE(1, false),
  /** The header is of a newer protocol. */
  UNSUPPORTED_VERSION(2, false),
  /** The body does not follow the grammar. */
  MALFORMED(3, false),
  /** A limit of {@link Limits} is passed. */
  TOO_LARGE(4, false),
  /** None of those who should know has it. */
  NOT_FOUND(5, false),
  /** The answerer does not hold it; the peers beside the error may. */
  ELSEWHERE(6, true),
  /** Too much to do, or the credit is overdrawn. */
  BUSY(7, true),
  /** No answer by the deadline. */
  TIMED_OUT(8, true),
  /** No connection to whom it should go to. */
  UNREACHABLE(9, true),
  /** The two sides are of different networks. */
  WRONG_NETWORK(10, false),
  /** The two sides place items by a different number of mask bits. */
  WRONG_MASK_BITS(11, false),
  /** Another node with the asker's id is on the ring. */
  ID_TAKEN(12, false),
  /** The connection did not begin with GetID. */
  STRANGER(13, true),
  /** The disk did not take or give it. */
  STORE_FAILED(14, true),
  /** Durable on too few of the holders to be acknowledged. */
  TOO_FEW_COPIES(15, true),
  /** The node is stopping. */
  STOPPING(16, true),
  /** Bytes and id do not belong together. */
  NOT_GENUINE(17, false),
  /** The answerer has just come to hold more, and may lack some of it yet. */
  UNSETTLED(18, true),
  /** A comparison came to its end and the two sides still differ. */
  NOT_EQUAL(19, true),
  /** The answerer's journal does not know that place, or does not reach back to it. */
  FORGOTTEN(20, false),
  /** A node can't leave: nobody stays who could hold its items. */
  NOBODY_STAYS(21, false),
  /** Who asks may not ask that. */
  NOT_ALLOWED(22, false);

  private static final ErrorCode[] CODES = values();

  // a newer node may know more errors; what it says of them still holds
  static final Shape<ErrorCode> SHAPE =
      Shape.of(
          (error, out) -> out.number(error.code),
          in -> {
            ErrorCode error = ofCode(in.number(0, Integer.MAX_VALUE, "error code"));
            return error == null ? MALFORMED : error;
          });

  private final int code;
  private final boolean retry;

  ErrorCode(int code, boolean retry) {
    this.code = code;
    this.retry = retry;
  }

  public int code() {
    return code;
  }

  /** Whether the same request, later or elsewhere, may succeed. */
  public boolean isWorthRetrying() {
    return retry;
  }

  /** The error of a code, or null when there is none such. */
  public static ErrorCode ofCode(int code) {
    return code >= 1 && code <= CODES.length ? CODES[code - 1] : null;
  }
}
