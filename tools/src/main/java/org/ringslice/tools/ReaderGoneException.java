package org.ringslice.tools;

import java.io.IOException;

/** Nobody reads the results any more: the other end of the pipe was closed. */
final class ReaderGoneException extends IOException {
  private static final long serialVersionUID = 1L;

  ReaderGoneException(IOException cause) {
    super("nobody reads the results any more", cause);
  }
}
