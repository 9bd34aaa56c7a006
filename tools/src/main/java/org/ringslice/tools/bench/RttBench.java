package org.ringslice.tools.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Identity;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.node.runtime.Client;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * How long one small question takes, with one outstanding: bare JeroMQ between two processes, GetID
 * and GetItem of 1 KiB from a node, in turn.
 */
final class RttBench {
  private static final int WARM_UP = 20_000;
  private static final int ROUND = 1_000;
  private static final int ITEM_BYTES = 1024;

  private final Figures figures;
  private final int rounds;

  RttBench(Figures figures, int rounds) {
    this.figures = figures;
    this.rounds = rounds;
  }

  void run() throws Exception {
    Process echo = startEcho();
    try (BenchNodes nodes = new BenchNodes(1, 2);
        ZContext context = new ZContext()) {
      Endpoint endpoint = endpoint(nodes.endpoint(0));
      ZMQ.Socket bare = context.createSocket(SocketType.DEALER);
      bare.setHandshakeIvl(300);
      bare.setReceiveTimeOut(20_000);
      BufferedReader port =
          new BufferedReader(new InputStreamReader(echo.getInputStream(), StandardCharsets.UTF_8));
      bare.connect("tcp://127.0.0.1:" + port.readLine());
      try (RawLink control = RawLink.open(endpoint, Lane.CONTROL);
          RawLink bulk = RawLink.open(endpoint, Lane.BULK)) {
        compare(bare, control, bulk);
      }
    } finally {
      echo.destroyForcibly();
    }
  }

  private void compare(ZMQ.Socket bare, RawLink control, RawLink bulk) {
    byte[] bytes = new byte[ITEM_BYTES];
    new Random(1).nextBytes(bytes);
    Entry item = Entry.blob(Bytes.wrap(bytes));
    bulk.ask(new Message.Store(List.of(item), Message.Intent.KEEP));
    Runnable ping = () -> echo(bare, new byte[80], new byte[120]);
    Runnable getId = () -> control.ask(control.whoAreYou());
    Runnable getItem = () -> expectItem(bulk.ask(new Message.GetItem(item.id(), 0)));
    Sample[] samples = {new Sample(), new Sample(), new Sample()};
    Runnable[] workloads = {ping, getId, getItem};
    for (Runnable workload : workloads) {
      measure(workload, WARM_UP, new Sample());
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < workloads.length; i++) {
        measure(workloads[i], ROUND, samples[i]);
      }
    }
    double base = samples[0].micros(0.5);
    report("bare JeroMQ, 200 B there and back", samples[0]);
    report("GetID", samples[1]);
    report("GetItem of 1 KiB", samples[2]);
    figures.ratio("rtt", "GetID / bare JeroMQ, at p50", samples[1].micros(0.5) / base);
    figures.ratio("rtt", "GetItem of 1 KiB / bare JeroMQ, at p50", samples[2].micros(0.5) / base);
  }

  private void report(String params, Sample sample) {
    figures.operations("rtt", params, 1e6 / sample.micros(0.5), sample);
  }

  private static void measure(Runnable workload, int count, Sample sample) {
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      workload.run();
      sample.add(System.nanoTime() - start);
    }
  }

  private static void echo(ZMQ.Socket bare, byte[] first, byte[] second) {
    bare.sendMore(first);
    bare.send(second);
    bare.recv();
    bare.recv();
  }

  private static void expectItem(Message answer) {
    if (!(answer instanceof Message.ItemIs)) {
      throw new IllegalStateException("no item but " + answer);
    }
  }

  private static Process startEcho() throws IOException {
    List<String> command = BenchNodes.java("-Xmx64m");
    command.add(BareEcho.class.getName());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Both ports of the node that listens at {@code host:port}. */
  static Endpoint endpoint(String hostAndPort) {
    try (Client client = Client.of(hostAndPort)) {
      Identity identity = client.identity().join();
      return identity.endpoints().get(0);
    }
  }
}
