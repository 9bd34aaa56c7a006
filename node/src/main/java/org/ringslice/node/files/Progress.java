package org.ringslice.node.files;

/** Is told how far a transfer has come. Called on the thread that transfers; must be quick. */
@FunctionalInterface
public interface Progress {
  /** Nobody listens. */
  Progress NONE = (doneBytes, totalBytes) -> {};

  /**
   * @param doneBytes of the file, durable or written
   * @param totalBytes of the file, or -1 when that is not known yet
   */
  void reached(long doneBytes, long totalBytes);
}
