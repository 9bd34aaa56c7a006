package org.ringslice.tools;

import java.io.Closeable;
import java.io.IOException;

/**
 * Until it is closed, Ctrl-C and SIGTERM end the process with code 0, after all that was printed
 * has gone out: for a command that goes on until somebody stops it.
 */
final class UntilStopped implements Closeable {
  private final Thread hook;

  UntilStopped(Results results) {
    hook = new Thread(() -> stop(results), "ringslice-stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private static void stop(Results results) {
    try {
      results.flush();
    } catch (IOException e) {
      // nobody reads any more
    }
    // it did what it was asked to; the JVM's own code would say that it was killed
    Runtime.getRuntime().halt(Main.DONE);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // it runs already
    }
  }
}
