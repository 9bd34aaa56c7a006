package org.ringslice.tools;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What was asked for, on its way to stdout: lines in UTF-8, or bytes. Buffered, so that a million
 * lines are no million system calls; a command that goes on flushes where somebody may wait.
 */
final class Results {
  private static final int BUFFER_BYTES = 64 << 10;

  private final OutputStream out;
  private final OutputStream bytes;

  Results(OutputStream out) {
    this.out = new BufferedOutputStream(new Reader(out), BUFFER_BYTES);
    this.bytes = this.out;
  }

  private Results(OutputStream out, OutputStream bytes) {
    this.out = out;
    this.bytes = bytes;
  }

  /** Where stdout is closed: lines are nothing to anybody, and bytes are refused. */
  static Results unread() {
    return new Results(OutputStream.nullOutputStream(), StandardStreams.closedOut());
  }

  /** Whole, also when several threads print. */
  void line(String line) throws IOException {
    out.write((Words.plain(line) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** What ends no line. */
  void text(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  void line(Json object) throws IOException {
    line(object.toString());
  }

  /** For bytes; not to be closed. */
  OutputStream bytes() {
    return bytes;
  }

  /** For the help. */
  PrintWriter writer() {
    return new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true);
  }

  void flush() throws IOException {
    out.flush();
  }

  /** Tells a reader who has gone away from other troubles. */
  private static final class Reader extends FilterOutputStream {
    Reader(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        boolean gone =
            e.getMessage() != null
                && e.getMessage().toLowerCase(Locale.ROOT).contains("broken pipe");
        throw gone ? new ReaderGoneException(e) : new IOException("stdout: " + e.getMessage(), e);
      }
    }
  }
}
