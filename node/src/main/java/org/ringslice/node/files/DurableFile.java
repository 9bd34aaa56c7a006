package org.ringslice.node.files;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A new file that is written from its beginning to its end and is durable then. What was written is
 * brought to the disk while more comes, so that the end need not wait for all of it. For one
 * thread; it syncs on another.
 */
final class DurableFile extends OutputStream {
  /**
   * Written between two syncs: enough that a sync costs little, little enough that the last is
   * short.
   */
  private static final long SYNC_BYTES = 128L << 20;

  private final FileChannel channel;
  private CompletableFuture<Void> sync = CompletableFuture.completedFuture(null);
  private long unsyncedBytes;

  /** Makes the file, for its owner alone; there must be none of that name. */
  DurableFile(Path path) throws IOException {
    channel =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
            Rights.ofComingFile(path));
  }

  @Override
  public void write(int oneByte) throws IOException {
    write(new byte[] {(byte) oneByte}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (ClosedByInterruptException e) {
      throw new InterruptedIOException("the transfer was interrupted");
    }
    unsyncedBytes += length;
    if (unsyncedBytes >= SYNC_BYTES && sync.isDone()) {
      awaitSync();
      unsyncedBytes = 0;
      sync = CompletableFuture.runAsync(this::force);
    }
  }

  private void force() {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private void awaitSync() throws IOException {
    try {
      sync.join();
    } catch (CompletionException e) {
      throw new IOException("the disk failed: " + e.getCause().getMessage(), e.getCause());
    }
  }

  /** Returns when all is durable. */
  void finish() throws IOException {
    awaitSync();
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
