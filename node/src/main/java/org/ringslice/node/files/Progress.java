package org.ringslice.node.files;

/** Is told how far a transfer has come. Called on the thread that transfers; must be quick. */
@FunctionalInterface
public interface Progress {
  /** Nobody listens. */
  Progress NONE = (doneBytes, totalBytes) -> {};

  /**
   * @param doneBytes of the file or folder, durable or written
   * @param totalBytes of it, or -1 when that is not known yet
   */
  void reached(long doneBytes, long totalBytes);

  /**
   * Of a folder.
   *
   * @param doneFiles durable or written
   * @param totalFiles of it, or -1 when that is not known yet
   */
  default void reachedFiles(long doneFiles, long totalFiles) {}

  /**
   * Something of a folder is not stored, or not as it is now.
   *
   * @param sentence what and why, for people
   */
  default void note(String sentence) {}
}
