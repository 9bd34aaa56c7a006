package org.ringslice.node.runtime;

import java.security.SecureRandom;
import org.ringslice.messages.Guid;

/** Where the guids of this program's messages come from. May be used by any thread. */
final class Guids {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Guids() {}

  static Guid draw() {
    return new Guid(RANDOM.nextLong(), RANDOM.nextLong());
  }
}
