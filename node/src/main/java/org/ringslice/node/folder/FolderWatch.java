package org.ringslice.node.folder;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Notices when a node's folder is taken from under it: deleted, replaced by another, or unmounted.
 * Files that are open go on working then, and what is stored in them is gone with the process.
 * Looks on a thread of its own whether the names still lead to the files of the start.
 */
public final class FolderWatch implements Closeable {
  /** Between two looks; a look takes some microseconds. What is stored meanwhile may be lost. */
  static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Looks that fail with a disk's error before it is believed to be gone. A guess. */
  private static final int FAILED_LOOKS_MAX = 2;

  private final Map<Path, Object> keys = new LinkedHashMap<>();
  private final Path folder;
  private final long lookNanos;
  private final Consumer<String> onLost;
  private final CountDownLatch closed = new CountDownLatch(1);
  private int failedLooks;

  private FolderWatch(Path folder, long lookNanos, Consumer<String> onLost) {
    this.folder = folder;
    this.lookNanos = lookNanos;
    this.onLost = onLost;
  }

  /**
   * Begins to watch a folder that is open.
   *
   * @param onLost is told once, in a sentence; on the watch's own thread
   */
  public static FolderWatch start(DataFolder folder, Consumer<String> onLost) throws IOException {
    return start(folder, LOOK_NANOS, onLost);
  }

  static FolderWatch start(DataFolder folder, long lookNanos, Consumer<String> onLost)
      throws IOException {
    FolderWatch watch = new FolderWatch(folder.path(), lookNanos, onLost);
    for (Path path : folder.fixedPaths()) {
      if (Files.exists(path)) {
        Object key = key(path);
        if (key != null) {
          watch.keys.put(path, key);
        }
      }
    }
    Thread thread = new Thread(watch::run, "ringslice-folder");
    thread.setDaemon(true);
    thread.start();
    return watch;
  }

  /** What tells a file from another of its name; null where the file system does not tell. */
  private static Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  private void run() {
    try {
      String what = null;
      while (what == null && !closed.await(lookNanos, TimeUnit.NANOSECONDS)) {
        what = look();
      }
      if (what != null) {
        onLost.accept(
            "The data folder "
                + folder
                + " was taken away while the node runs ("
                + what
                + "), so the node stops: what it stores would be lost. Bring the folder back, then"
                + " start the node again.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is wrong; null when nothing is. */
  private String look() {
    for (Map.Entry<Path, Object> each : keys.entrySet()) {
      try {
        if (!each.getValue().equals(key(each.getKey()))) {
          return each.getKey() + " is another one now";
        }
      } catch (NoSuchFileException e) {
        return each.getKey() + " is gone";
      } catch (IOException e) {
        return ++failedLooks < FAILED_LOOKS_MAX ? null : e.getMessage();
      }
    }
    failedLooks = 0;
    return null;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
