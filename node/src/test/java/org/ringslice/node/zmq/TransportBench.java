package org.ringslice.node.zmq;

import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.channels.ClosedSelectorException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.ringslice.messages.Encoder;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Frames;
import org.ringslice.messages.Lane;
import org.ringslice.node.event.Event;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * What the transport costs on loopback: a bare JeroMQ client asks, in turns, a bare JeroMQ server
 * and a {@link ZmqTransport} behind which a thread takes events from a queue and answers. Not a
 * test; run it by its main.
 */
public final class TransportBench {
  private static final int ROUNDS = 14;
  private static final int WARM_ROUNDS = 4;
  private static final int PINGS = 1500;
  private static final int PIPELINED = 100_000;
  private static final int BLOCKS = 1500;
  private static final int LINKS = 300;

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
      System.out.printf(
          Locale.ROOT, "at rest, cpu of all threads: %.1f%% of one core%n", restPercent());
      pipelined("control", toBare, toControl, 64);
      pipelined("bulk", toBare, toBulk, 64);
      blocks(toBulk, echo);
      blocksOverLink(echo);
      ends();
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
    } catch (ZMQException | ClosedSelectorException e) {
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

  @SuppressWarnings("ThreadPriorityCheck") // the sender keeps its window without waiting
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

  /** From an end to the word of it. */
  private static void ends() throws IOException {
    double[] refused = new double[LINKS];
    double[] toDialler = new double[LINKS];
    double[] toDialled = new double[LINKS];
    double[] dialled = new double[LINKS];
    Inbox inbox = new Inbox();
    try (ZmqContext context = new ZmqContext();
        ZmqTransport client = ZmqTransport.dialOnly(context, inbox)) {
      for (int i = 0; i < LINKS; i++) {
        ZmqTransport server = ZmqTransport.listen(context, List.of("127.0.0.1"), 0, 0, inbox);
        Endpoint endpoint = server.endpoints().get(0);
        dialled[i] = open(client, 3L * i + 1, endpoint, inbox);
        long start = System.nanoTime();
        client.close(3L * i + 1);
        client.flush();
        inbox.next(Event.LinkLost.class);
        toDialled[i] = microsSince(start);
        open(client, 3L * i + 2, endpoint, inbox);
        start = System.nanoTime();
        server.close();
        inbox.next(Event.LinkLost.class);
        toDialler[i] = microsSince(start);
        start = System.nanoTime();
        client.dial(3L * i + 3, endpoint, Lane.CONTROL);
        client.flush();
        inbox.next(Event.LinkLost.class);
        refused[i] = microsSince(start);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "p50 from dial to first message %.0f us; from the end to LinkLost: dialled side %.0f us,"
            + " dialling side %.0f us (with the other side's close), refused dial %.0f us%n",
        median(dialled),
        median(toDialled),
        median(toDialler),
        median(refused));
    System.out.printf(
        Locale.ROOT,
        "worst: %.0f, %.0f, %.0f, %.0f us%n",
        max(dialled),
        max(toDialled),
        max(toDialler),
        max(refused));
  }

  private static double open(ZmqTransport client, long link, Endpoint endpoint, Inbox inbox) {
    long start = System.nanoTime();
    client.dial(link, endpoint, Lane.CONTROL);
    client.send(link, Inbox.request(1));
    client.flush();
    inbox.next(Event.Arrived.class);
    return microsSince(start);
  }

  private static double microsSince(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e3;
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().getAsDouble();
  }

  private static double restPercent() throws InterruptedException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long before = 0;
    for (long id : threads.getAllThreadIds()) {
      before += Math.max(0, threads.getThreadCpuTime(id));
    }
    new CountDownLatch(1).await(2, TimeUnit.SECONDS);
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
  private static final class Echo implements Closeable {
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
            event = events.take();
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
    public void close() {
      core.interrupt();
      transport.close();
    }
  }
}
