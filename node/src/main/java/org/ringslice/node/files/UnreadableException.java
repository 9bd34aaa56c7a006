package org.ringslice.node.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Something of a folder can't be read; the rest of it may. The message says why, for people. */
final class UnreadableException extends IOException {
  private static final long serialVersionUID = 1L;

  UnreadableException(IOException cause) {
    super(reason(cause), cause);
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "it vanished";
    } else if (e instanceof AccessDeniedException) {
      return "this user may not read it";
    } else if (e instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
