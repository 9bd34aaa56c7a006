package org.ringslice.tools;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Until it is ended, Ctrl-C and SIGTERM interrupt the thread that began it and give it a moment to
 * tidy up, instead of ending the process under its hands.
 */
final class Interruption {
  /** To delete what is not whole: of a folder, as many files as a disk deletes in that time. */
  private static final long TIDY_MILLIS_MAX = 60_000;

  private final CountDownLatch tidy = new CountDownLatch(1);
  private final Thread hook;

  private Interruption(Thread worker) {
    hook = new Thread(() -> interrupt(worker), "ringslice-interrupt");
  }

  static Interruption ofThisThread() {
    Interruption interruption = new Interruption(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  private void interrupt(Thread worker) {
    worker.interrupt();
    try {
      tidy.await(TIDY_MILLIS_MAX, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The thread has tidied up, or there is nothing to tidy. */
  void end() {
    tidy.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // it runs already
    }
  }
}
