package org.ringslice.node.zmq;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.ringslice.messages.Encoder;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Frames;
import org.ringslice.messages.Lane;
import org.ringslice.node.event.Event;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * What the transport costs on loopback: a bare JeroMQ client asks, in turns, a bare JeroMQ server
 * and a {@link ZmqTransport} behind which a thread takes events from a queue and answers. Not a
 * test; run it by its main.
 */
public final class TransportBench {
  private static final int ROUNDS = Integer.getInteger("rounds", 12);
  private static final int WARM_ROUNDS = 4;
  private static final int PINGS = Integer.getInteger("pings", 4000);
  private static final int PIPELINED = 100_000;
  private static final int BLOCKS = 1500;

  private TransportBench() {}

  public static void main(String[] args) throws Exception {
    try (ZContext clients = new ZContext();
        ZContext servers = new ZContext();
        Echo echo = new Echo()) {
      ZMQ.Socket door = servers.createSocket(SocketType.ROUTER);
      int barePort = door.bindToRandomPort("tcp://127.0.0.1");
      Thread bare = new Thread(() -> serveBare(door), "bare-echo");
      bare.setDaemon(true);
      bare.start();
      ZMQ.Socket toBare = connect(clients, barePort);
      ZMQ.Socket toControl = connect(clients, echo.port(Lane.CONTROL));
      ZMQ.Socket toBulk = connect(clients, echo.port(Lane.BULK));
      oneOutstanding(toBare, toControl);
      if (Boolean.getBoolean("quick")) {
        return;
      }
      System.out.printf(
          Locale.ROOT, "at rest, cpu of all threads: %.1f%% of one core%n", restPercent());
      pipelined("control", toBare, toControl, 64);
      pipelined("bulk", toBare, toBulk, 64);
      blocks(toBulk, echo);
      blocksOverLink(echo);
    }
  }

  private static ZMQ.Socket connect(ZContext context, int port) {
    ZMQ.Socket socket = context.createSocket(SocketType.DEALER);
    socket.setHandshakeIvl(300);
    socket.connect("tcp://127.0.0.1:" + port);
    return socket;
  }

  private static void serveBare(ZMQ.Socket door) {
    try {
      while (true) {
        byte[] id = door.recv();
        byte[] header = door.recv();
        byte[] body = door.recv();
        door.send(id, ZMQ.SNDMORE);
        door.send(header, ZMQ.SNDMORE);
        door.send(body);
      }
    } catch (org.zeromq.ZMQException e) {
      door.close();
    }
  }

  private static void oneOutstanding(ZMQ.Socket bare, ZMQ.Socket ours) {
    double[] ratios = new double[ROUNDS];
    double[] bareMicros = new double[ROUNDS];
    double[] oursMicros = new double[ROUNDS];
    for (int round = -WARM_ROUNDS; round < ROUNDS; round++) {
      long[] b = ping(bare);
      long[] o = ping(ours);
      if (round >= 0) {
        bareMicros[round] = b[PINGS / 2] / 1e3;
        oursMicros[round] = o[PINGS / 2] / 1e3;
        ratios[round] = (double) o[PINGS / 2] / b[PINGS / 2];
      }
    }
    long[] bb = ping(bare), oo = ping(ours);
    System.out.printf(
        "p99 bare %d ours %d; p50 %s %s%n",
        bb[PINGS * 99 / 100] / 1000,
        oo[PINGS * 99 / 100] / 1000,
        Arrays.toString(bareMicros),
        Arrays.toString(oursMicros));
    System.out.printf(
        Locale.ROOT,
        "one outstanding, p50: bare %.1f us, transport %.1f us, ratio %.2f (rounds %.2f to %.2f)%n",
        median(bareMicros),
        median(oursMicros),
        median(ratios),
        Arrays.stream(ratios).min().getAsDouble(),
        Arrays.stream(ratios).max().getAsDouble());
  }

  private static long[] ping(ZMQ.Socket socket) {
    Frames frames = new Encoder().encode(Inbox.request(1));
    long[] nanos = new long[PINGS];
    for (int i = 0; i < PINGS; i++) {
      long start = System.nanoTime();
      send(socket, frames);
      socket.recv();
      socket.recv();
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos;
  }

  private static void send(ZMQ.Socket socket, Frames frames) {
    socket.send(frames.header().unsafeArray(), ZMQ.SNDMORE);
    socket.send(frames.body().unsafeArray());
  }

  private static void pipelined(String lane, ZMQ.Socket bare, ZMQ.Socket ours, int outstanding) {
    double[] bareRate = new double[ROUNDS / 2];
    double[] oursRate = new double[ROUNDS / 2];
    for (int round = -1; round < ROUNDS / 2; round++) {
      double b = rate(bare, outstanding);
      double o = rate(ours, outstanding);
      if (round >= 0) {
        bareRate[round] = b;
        oursRate[round] = o;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d outstanding, %s lane: bare %.0f/s, transport %.0f/s%n",
        outstanding,
        lane,
        median(bareRate),
        median(oursRate));
  }

  private static double rate(ZMQ.Socket socket, int outstanding) {
    Frames frames = new Encoder().encode(Inbox.request(1));
    long start = System.nanoTime();
    for (int i = 0; i < outstanding; i++) {
      send(socket, frames);
    }
    for (int i = 0; i < PIPELINED; i++) {
      socket.recv();
      socket.recv();
      if (i + outstanding < PIPELINED) {
        send(socket, frames);
      }
    }
    return PIPELINED * 1e9 / (System.nanoTime() - start);
  }

  private static void blocks(ZMQ.Socket socket, Echo echo) throws InterruptedException {
    Entry blob = Inbox.blob(1 << 20, 1);
    Frames frames = new Encoder().encode(Inbox.store(1, blob));
    double[] rates = new double[4];
    for (int round = 0; round < rates.length; round++) {
      CountDownLatch arrived = echo.expectBytes((long) BLOCKS << 20);
      long start = System.nanoTime();
      for (int i = 0; i < BLOCKS; i++) {
        send(socket, frames, blob);
      }
      arrived.await();
      rates[round] = (double) BLOCKS * (1 << 20) / (System.nanoTime() - start);
    }
    System.out.printf(
        Locale.ROOT,
        "1 MiB blocks one way, verified, from a bare client: %.2f GB/s%n",
        median(rates));
  }

  private static void send(ZMQ.Socket socket, Frames frames, Entry blob) {
    socket.send(frames.header().unsafeArray(), ZMQ.SNDMORE);
    socket.send(frames.body().unsafeArray(), ZMQ.SNDMORE);
    socket.send(blob.bytes().unsafeArray());
  }

  private static void blocksOverLink(Echo echo) throws InterruptedException {
    Entry blob = Inbox.blob(1 << 20, 1);
    try (ZmqTransport client = ZmqTransport.dialOnly(event -> {})) {
      client.dial(1, echo.transport.endpoints().get(0), Lane.BULK);
      double[] rates = new double[4];
      for (int round = 0; round < rates.length; round++) {
        CountDownLatch arrived = echo.expectBytes((long) BLOCKS << 20);
        AtomicLong left = echo.bytesLeft;
        long start = System.nanoTime();
        for (int i = 0; i < BLOCKS; i++) {
          // a window of 32 MiB, as credit would keep it
          while (left.get() > ((long) BLOCKS - i + 32) << 20) {
            Thread.onSpinWait();
            Thread.yield();
          }
          client.send(1, Inbox.store(i, blob));
          client.flush();
        }
        arrived.await();
        rates[round] = (double) BLOCKS * (1 << 20) / (System.nanoTime() - start);
      }
      System.out.printf(
          Locale.ROOT, "1 MiB blocks one way, verified, over a link: %.2f GB/s%n", median(rates));
    }
  }

  private static double restPercent() throws InterruptedException {
    var threads = java.lang.management.ManagementFactory.getThreadMXBean();
    long before = 0;
    for (long id : threads.getAllThreadIds()) {
      before += Math.max(0, threads.getThreadCpuTime(id));
    }
    new CountDownLatch(1).await(2, java.util.concurrent.TimeUnit.SECONDS);
    long after = 0;
    for (long id : threads.getAllThreadIds()) {
      after += Math.max(0, threads.getThreadCpuTime(id));
    }
    return (after - before) / 2e9 * 100;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** A core that answers each request, on a thread of its own behind a queue. */
  private static final class Echo implements AutoCloseable {
    private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(4096);
    private final ZmqTransport transport;
    private final Thread core = new Thread(this::run, "echo-core");
    private final AtomicLong bytesLeft = new AtomicLong();
    private volatile CountDownLatch arrived = new CountDownLatch(1);

    Echo() throws IOException {
      transport =
          ZmqTransport.listen(
              List.of("127.0.0.1"),
              0,
              0,
              event -> {
                try {
                  events.put(event);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      core.setDaemon(true);
      core.start();
    }

    int port(Lane lane) {
      return transport.endpoints().get(0).port(lane);
    }

    CountDownLatch expectBytes(long bytes) {
      bytesLeft.set(bytes);
      arrived = new CountDownLatch(1);
      return arrived;
    }

    private void run() {
      try {
        while (true) {
          Event event = events.poll();
          if (event == null) {
            transport.flush();
            long until = System.nanoTime() + Long.getLong("espin", 0);
            while ((event = events.poll()) == null && System.nanoTime() < until) {
              Thread.yield();
            }
            if (event == null) {
              event = events.take();
            }
          }
          if (event instanceof Event.Arrived came) {
            List<Entry> payload = came.envelope().message().payload();
            if (payload.isEmpty()) {
              transport.send(came.link(), Inbox.answer(came.envelope()));
            } else if (payload.get(0).isGenuine()
                && bytesLeft.addAndGet(-payload.get(0).bytes().size()) == 0) {
              arrived.countDown();
            }
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() throws InterruptedException {
      core.interrupt();
      core.join();
      transport.close();
    }
  }
}
