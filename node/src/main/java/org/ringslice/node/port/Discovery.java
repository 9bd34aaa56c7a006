package org.ringslice.node.port;

import java.io.Closeable;

/**
 * A way in which nodes find each other: it makes this node known and puts Sighted events of others
 * into the {@link EventSink}, until closed. Never blocks the caller; it works on threads of its
 * own.
 */
public interface Discovery extends Closeable {
  @Override
  void close();
}
