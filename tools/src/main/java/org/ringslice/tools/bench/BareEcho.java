package org.ringslice.tools.bench;

import java.io.OutputStream;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * What a node is measured against: a ROUTER in a process of its own that sends everything back,
 * with nothing around it. Prints its port, and ends when its input does.
 */
final class BareEcho {
  private BareEcho() {}

  public static void main(String[] args) throws Exception {
    try (ZContext context = new ZContext()) {
      ZMQ.Socket router = context.createSocket(SocketType.ROUTER);
      router.setHandshakeIvl(300);
      System.out.println(router.bindToRandomPort("tcp://127.0.0.1"));
      Thread echo = new Thread(() -> echo(router));
      echo.setDaemon(true);
      echo.start();
      System.in.transferTo(OutputStream.nullOutputStream());
      Runtime.getRuntime().halt(0);
    }
  }

  private static void echo(ZMQ.Socket router) {
    while (true) {
      byte[] frame = router.recv();
      router.send(frame, router.hasReceiveMore() ? ZMQ.SNDMORE : 0);
    }
  }
}
