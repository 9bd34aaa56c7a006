package org.ringslice.node.files;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.ringslice.messages.Message;
import org.ringslice.node.port.RefusedException;

/** Waits for answers on behalf of a blocking caller. */
final class Answers {
  private Answers() {}

  static <A extends Message.Answer> A await(CompletableFuture<Message.Answer> future, Class<A> type)
      throws IOException {
    return type.cast(await(future));
  }

  static <T> T await(CompletableFuture<T> future) throws IOException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RefusedException refused) {
        // thrown anew, so that the trace shows who waited
        throw new RefusedException(refused.code(), refused.getMessage());
      }
      throw new IOException("the transfer failed: " + e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the transfer was interrupted");
    }
  }
}
