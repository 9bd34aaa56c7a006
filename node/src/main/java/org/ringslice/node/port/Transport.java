package org.ringslice.node.port;

import java.io.Closeable;
import java.util.List;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Lane;

/**
 * Connections to other nodes. All methods are called by the node's loop thread alone and return at
 * once; what comes in goes to the {@link EventSink} as Arrived and LinkLost. Delivery is at most
 * once.
 */
public interface Transport extends Closeable {
  /**
   * Where this node listens; none for a client. Known as soon as the transport exists, and may
   * change when interfaces come and go.
   */
  List<Endpoint> endpoints();

  /** Opens a connection under a number that the caller chooses, positive and new. */
  void dial(long link, Endpoint endpoint, Lane lane);

  /** Sends on a link; nothing happens when it is gone. */
  void send(long link, Envelope envelope);

  /** Forgets a link after what was sent on it. */
  void close(long link);

  /**
   * Hands over what was sent since the last call; the loop calls this when it has no more to do at
   * once.
   */
  void flush();

  /**
   * Stops listening and closes all links. What was sent just before is still tried for a moment.
   */
  @Override
  void close();
}
