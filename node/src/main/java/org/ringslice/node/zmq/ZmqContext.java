package org.ringslice.node.zmq;

import java.io.Closeable;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ringslice.messages.Lane;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * ZeroMQ's threads, which any number of nodes in a process may share: an I/O thread for each lane
 * and one that closes sockets, beside one of ours that looks up host names. Many nodes with a
 * context each run out of descriptors. May be used by any thread; to be closed after the transports
 * that use it.
 *
 * <p>Those who share the context {@linkplain #ofProcess of the process} reach each other over
 * inproc; those of a context of its own go by TCP.
 */
public final class ZmqContext implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ZmqContext.class);

  /** ZeroMQ's own limit is 1024, and each dialled link takes one. */
  private static final int SOCKETS_MAX = 16_384;

  /** Host names waiting to be looked up; past it a dial of a name is lost. A guess. */
  private static final int LOOK_UPS_MAX = 64;

  private static final int LOOK_UP_THREAD_IDLE_SECONDS = 5;

  private final ZContext context;
  private final ThreadPoolExecutor lookUps;
  private final Optional<Neighbourhood> neighbourhood;

  // that of the process, and how many have it; both under the lock of the class
  private static ZmqContext shared;
  private static int users;

  /** A context for TCP alone. */
  public ZmqContext() {
    this(Optional.empty());
  }

  /** The one context of this process; the last of those who took it closes it. */
  public static ZmqContext ofProcess() {
    synchronized (ZmqContext.class) {
      if (users == 0) {
        shared = new ZmqContext(Optional.of(new Neighbourhood()));
      }
      users++;
      return shared;
    }
  }

  private ZmqContext(Optional<Neighbourhood> neighbourhood) {
    this.neighbourhood = neighbourhood;
    context = new ZContext(Lane.values().length);
    context.getContext().setMaxSockets(SOCKETS_MAX);
    // else JeroMQ prints stack traces at the will of whoever connects
    context.setNotificationExceptionHandler(
        (thread, e) -> LOG.debug("ZeroMQ's {} passed over a failure", thread.getName(), e));
    context.createSocket(SocketType.PAIR).close();
    SignalNaps.teach(context);
    lookUps =
        new ThreadPoolExecutor(
            1,
            1,
            LOOK_UP_THREAD_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(LOOK_UPS_MAX),
            task -> {
              Thread thread = new Thread(task, "ringslice-names");
              thread.setDaemon(true);
              return thread;
            });
    lookUps.allowCoreThreadTimeOut(true);
  }

  /** Those who may be reached over inproc. */
  Optional<Neighbourhood> neighbourhood() {
    return neighbourhood;
  }

  ZMQ.Socket createSocket(SocketType type) {
    return context.createSocket(type);
  }

  /** Finds the address of a host and tells the worker. */
  void lookUp(Link link, String host, int port, SocketWorker worker) {
    try {
      lookUps.execute(
          () -> {
            try {
              worker.tell(new Order.DialAddress(link, Addresses.lookUp(host, port), port));
            } catch (UnknownHostException e) {
              String why =
                  Zones.isMissing(host) ? e.getMessage() : "nothing is known by the name " + host;
              worker.tell(new Order.NoAddress(link, why));
            }
          });
    } catch (RejectedExecutionException e) {
      worker.tell(new Order.NoAddress(link, "too many names wait to be looked up"));
    }
  }

  @Override
  public void close() {
    synchronized (ZmqContext.class) {
      if (this == shared) {
        if (--users > 0) {
          return;
        }
        shared = null;
      }
    }
    lookUps.shutdownNow();
    context.close();
  }
}
