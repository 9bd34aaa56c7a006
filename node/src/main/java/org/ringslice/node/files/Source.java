package org.ringslice.node.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** A file of a folder, being read. Its troubles are told from those of where its bytes go. */
final class Source extends InputStream {
  private final SeekableByteChannel channel;

  /** A link that took the file's place since it was looked at is not followed. */
  Source(Path path) throws IOException {
    try {
      channel =
          Files.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    } catch (IOException e) {
      throw told(e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return channel.read(ByteBuffer.wrap(bytes, offset, length));
    } catch (IOException e) {
      throw told(e);
    }
  }

  private static IOException told(IOException e) {
    return e instanceof ClosedByInterruptException
        ? new InterruptedIOException("the transfer was interrupted")
        : new UnreadableException(e);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
