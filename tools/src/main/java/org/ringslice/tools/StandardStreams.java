package org.ringslice.tools;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which of the standard streams this process was given. Of one that was closed the descriptor is
 * free, and the JVM opens the least free ones first: what is read there then is the JDK's own
 * files. So the launcher opens {@code /dev/null} there, and tells; where there was no launcher, the
 * JDK's files are known by where they lie.
 */
final class StandardStreams {
  /** Set by the launcher: the numbers of those that were closed. */
  private static final String CLOSED = "ringslice.closed";

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private StandardStreams() {}

  static boolean isInClosed() {
    return isClosed("0") || isOfJava("0");
  }

  static boolean isOutClosed() {
    return isClosed("1") || isOfJava("1");
  }

  private static boolean isClosed(String number) {
    return System.getProperty(CLOSED, "").contains(number);
  }

  private static boolean isOfJava(String number) {
    try {
      Path file = DESCRIPTORS.resolve(number).toRealPath();
      return Files.isRegularFile(file)
          && file.startsWith(Path.of(System.getProperty("java.home")).toRealPath());
    } catch (IOException e) {
      // closed or a pipe, or a system that has no such folder
      return false;
    }
  }

  /** In place of a stdin that was closed: who reads it gets nothing, and not the end either. */
  static InputStream closedIn() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        throw new IOException("stdin is closed, and nothing can be read from it; name a file");
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return read();
      }
    };
  }

  /** In place of a stdout that was closed, for what is of no use when it gets lost. */
  static OutputStream closedOut() {
    return new OutputStream() {
      @Override
      public void write(int oneByte) throws IOException {
        throw new IOException("stdout is closed, and nothing can be written to it; name a file");
      }
    };
  }
}
