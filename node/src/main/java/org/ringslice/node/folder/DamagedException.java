package org.ringslice.node.folder;

import java.io.IOException;

/**
 * A file was read, and is not what was once written. The message says where it departs, in a few
 * words.
 */
final class DamagedException extends IOException {
  private static final long serialVersionUID = 1L;

  DamagedException(String why) {
    super(why);
  }
}
