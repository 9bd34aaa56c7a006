package org.ringslice.node.port;

import java.io.Closeable;
import java.util.List;
import org.ringslice.messages.Endpoint;

/**
 * A way in which nodes find each other: it makes this node known and puts Sighted events of others
 * into the {@link EventSink}, until closed. Never blocks the caller; it works on threads of its
 * own.
 */
public interface Discovery extends Closeable {
  /** This node listens there from now on, and nowhere else. */
  void listens(List<Endpoint> endpoints);

  @Override
  void close();
}
