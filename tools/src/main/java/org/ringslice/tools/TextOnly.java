package org.ringslice.tools;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Lets text through to a terminal, and refuses what is none before any of that piece is shown: what
 * is no UTF-8, and control characters, which command a terminal. A piece is what is written at
 * once, of a file a block.
 */
final class TextOnly extends FilterOutputStream {
  /** A character may be cut by the end of a piece. */
  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();

  private ByteBuffer cut = ByteBuffer.allocate(0);
  private boolean shown;

  TextOnly(OutputStream terminal) {
    super(terminal);
  }

  @Override
  public void write(int oneByte) throws IOException {
    write(new byte[] {(byte) oneByte}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(cut.remaining() + length);
    piece.put(cut).put(bytes, offset, length).flip();
    CharBuffer text = CharBuffer.allocate(piece.remaining() + 1);
    CoderResult result = decoder.decode(piece, text, false);
    if (result.isError() || !text.flip().chars().allMatch(TextOnly::isShown)) {
      throw refused();
    }
    cut = piece;
    out.write(bytes, offset, length);
    shown = true;
  }

  private static boolean isShown(int c) {
    return !Character.isISOControl(c) || c == '\n' || c == '\t' || c == '\r' || c == '\f';
  }

  private CommandException refused() {
    return new CommandException(
        (shown ? "the rest is" : "this is")
            + " no text, and would upset the terminal; name a file with -o PATH, or have it printed"
            + " all the same with -o -");
  }
}
