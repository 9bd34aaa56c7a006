package org.ringslice.node.zmq;

import zmq.Msg;
import zmq.io.Metadata;

/**
 * A frame that came over a connection. ZeroMQ makes it by the port's {@link FrameGuard}, fills it,
 * and sets the connection's metadata on it as the last step before it is queued for the worker;
 * that is where the guard learns whose it is. What is received and is no Frame was made inside this
 * process.
 */
final class Frame extends Msg {
  private final FrameGuard guard;
  private final boolean nonsense;
  private Connection from;

  /**
   * @param nonsense whether it stands for one whose declared length can't be
   */
  Frame(FrameGuard guard, int sizeBytes, boolean nonsense) {
    super(sizeBytes);
    this.guard = guard;
    this.nonsense = nonsense;
  }

  /** The connection that brought it; null when that had ended before the frame was looked at. */
  Connection from() {
    return from;
  }

  boolean isNonsense() {
    return nonsense;
  }

  @Override
  public Msg setMetadata(Metadata metadata) {
    if (metadata != null && !isCommand()) {
      from = guard.arrived(this, metadata);
    }
    return super.setMetadata(metadata);
  }
}
