package org.ringslice.node.runtime;

import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import org.ringslice.messages.Message;
import org.ringslice.node.port.Line;

/**
 * The general messages that come to a node: first those of this life of it that it still keeps,
 * then each that comes. Each subscriber is told at its own pace; of who is slower than the messages
 * come, the node forgets the oldest, which leaves a gap in their sequences. When the node is lost,
 * also before it has answered, it goes on as soon as that is back; what came to it before it
 * stopped is gone then.
 *
 * <p>Ends only by an error: when the node was never reached, or when this program's own node is
 * closed. The error is a {@link org.ringslice.node.port.RefusedException}.
 */
public final class MessageWatch implements Flow.Publisher<Message.Received> {
  private final Line line;
  private final Connection connection;
  private final Executor executor;

  /**
   * @param executor on which subscribers are called; they may block
   */
  public MessageWatch(Line line, Connection connection, Executor executor) {
    this.line = line;
    this.connection = connection;
    this.executor = executor;
  }

  MessageWatch(Line line) {
    this(line, Connection.UNNOTICED, ForkJoinPool.commonPool());
  }

  @Override
  public void subscribe(Flow.Subscriber<? super Message.Received> subscriber) {
    new PollSubscription<>(subscriber, line, new MessagePoll(), connection, executor).begin();
  }
}
