package org.ringslice.node.files;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Brings many files to the disk at a time, on threads of its own: file systems write one journal
 * for all who wait. Invariant: at most {@link #FILES_MAX} wait or are worked on; whoever brings one
 * more waits.
 */
final class Syncing implements AutoCloseable {
  /**
   * Files of 4 KiB on ext4: 1 thread 900/s, 4 threads 6,300, 16 threads 8,400, 64 threads 8,800.
   */
  private static final int THREADS = 16;

  /** Open files: well below the 1024 that a process may have. */
  private static final int FILES_MAX = 128;

  /** Syncs, and closes what it synced. */
  @FunctionalInterface
  interface Sync {
    void run() throws IOException;
  }

  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS,
          work -> {
            Thread thread = new Thread(work, "ringslice-sync");
            thread.setDaemon(true);
            return thread;
          });
  private final Semaphore room = new Semaphore(FILES_MAX);
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  /** Syncs in a while. Throws the failure of an earlier one. */
  void later(Sync sync) throws IOException {
    acquire(1);
    threads.execute(() -> run(sync));
    throwFailure();
  }

  private void run(Sync sync) {
    try {
      sync.run();
    } catch (IOException | RuntimeException e) {
      failure.compareAndSet(null, e);
    } finally {
      room.release();
    }
  }

  /** Returns when all is on the disk. */
  void finish() throws IOException {
    acquire(FILES_MAX);
    room.release(FILES_MAX);
    throwFailure();
  }

  private void acquire(int files) throws IOException {
    try {
      room.acquire(files);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the transfer was interrupted");
    }
  }

  private void throwFailure() throws IOException {
    Exception e = failure.get();
    if (e != null) {
      throw new IOException("the disk failed: " + e.getMessage(), e);
    }
  }

  /** Forgets what waits. */
  @Override
  public void close() {
    threads.shutdown();
  }
}
