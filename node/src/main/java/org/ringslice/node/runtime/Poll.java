package org.ringslice.node.runtime;

import java.util.List;
import org.ringslice.messages.Message;

/**
 * What is asked of a node again and again, each time after what was told last: long polls. Belongs
 * to one subscription, which calls it from one thread at a time.
 */
interface Poll<T> {
  /** What to ask next; the same as long as no answer was taken. */
  Message.Request question();

  /** What an answer tells, in its order. */
  List<T> take(Message.Answer answer);

  /** Whether to ask before anybody demands something: from the answer on nothing is missed. */
  boolean isBeginning();
}
