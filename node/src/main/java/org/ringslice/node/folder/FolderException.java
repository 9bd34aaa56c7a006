package org.ringslice.node.folder;

/** A data folder can't be used. The message is one sentence for people: why, and what to do. */
public final class FolderException extends Exception {
  private static final long serialVersionUID = 1L;

  FolderException(String sentence) {
    super(sentence);
  }

  FolderException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
