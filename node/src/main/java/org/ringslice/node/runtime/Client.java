package org.ringslice.node.runtime;

import java.security.SecureRandom;
import java.util.List;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Id;
import org.ringslice.messages.Role;
import org.ringslice.node.core.ClientCore;
import org.ringslice.node.port.Line;
import org.ringslice.node.port.Transport;
import org.ringslice.node.ring.Self;
import org.ringslice.node.zmq.ZmqTransport;

/**
 * A program's way to a node that runs elsewhere. Connecting does not wait: when nobody answers, the
 * first request says so.
 */
public final class Client implements Access {
  private final Transport transport;
  private final Loop loop;
  private final LocalLine line;

  private Client(Endpoint contact) {
    SecureRandom random = new SecureRandom();
    byte[] id = new byte[Id.BYTES];
    random.nextBytes(id);
    Self self = new Self(Id.of(id), Role.CLIENT, "", 0, 0, random.nextLong(), List.of());
    EventQueue queue = new EventQueue();
    transport = ZmqTransport.dialOnly(queue);
    line = new LocalLine(self.id(), queue);
    EffectRunner effects = new EffectRunner(transport, null, line, EffectRunner.Memory.NONE);
    loop =
        new Loop(
            "ringslice-client",
            new ClientCore(self, contact),
            queue,
            transport,
            effects,
            why -> line.close(),
            sentence -> line.close());
    loop.start();
  }

  /**
   * A client of the node at {@code host:port}, its port for messages.
   *
   * @throws IllegalArgumentException when that is no place of a node, with a sentence for people
   */
  public static Client of(String hostAndPort) {
    return new Client(HostPort.parse(hostAndPort));
  }

  /** A client of the node that listens at an endpoint. */
  public static Client of(Endpoint contact) {
    return new Client(contact);
  }

  @Override
  public Line line() {
    return line;
  }

  @Override
  public void close() {
    loop.stop();
    line.close();
    transport.close();
  }
}
