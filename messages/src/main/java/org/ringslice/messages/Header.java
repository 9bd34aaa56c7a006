package org.ringslice.messages;

/**
 * What goes ahead of every body.
 *
 * @param processingId chosen by the sender of a request and unique among its unanswered ones on
 *     that connection; an answer bears that of its request
 * @param requestor who asked first, however many nodes pass it on
 * @param target the point of the ring that the request is about
 * @param hops how many nodes have passed it on, in [0, {@link Limits#HOPS_MAX}]
 */
public record Header(long processingId, Form form, Id requestor, Id target, int hops) {
  /** The version of the protocol that this code speaks. */
  public static final int VERSION = 1;

  /** What a message is in the exchange it belongs to. The numbers are on the wire. */
  public enum Form {
    REQUEST,
    ANSWER,
    ERROR,
    SIGNAL;

    private static final Form[] FORMS = values();

    static Form ofCode(long code) {
      return code >= 0 && code < FORMS.length ? FORMS[(int) code] : null;
    }
  }

  /**
   * The header of the answer or error that {@code answerer} gives to the request under this one.
   */
  public Header reply(Form replyForm) {
    return new Header(processingId, replyForm, requestor, target, hops);
  }
}
