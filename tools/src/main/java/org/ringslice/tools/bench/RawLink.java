package org.ringslice.tools.bench;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Decoder;
import org.ringslice.messages.Encoder;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Frames;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Identity;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.ProtocolException;
import org.ringslice.messages.Role;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * A connection to a node with nothing between the caller and the socket, so that what is measured
 * is the node and not this side. For one thread.
 */
final class RawLink implements Closeable {
  private static final int RECEIVE_MILLIS_MAX = 20_000;

  private final ZContext context = new ZContext();
  private final ZMQ.Socket socket = context.createSocket(SocketType.DEALER);
  private final Encoder encoder = new Encoder();
  private final Decoder decoder = new Decoder();
  private final Id self = Id.sha256(Bytes.wrap(new byte[] {1}));
  private long nextProcessingId = 1;

  private RawLink(String host, int port) {
    socket.setHandshakeIvl(300);
    socket.setReceiveTimeOut(RECEIVE_MILLIS_MAX);
    socket.connect("tcp://" + host + ":" + port);
  }

  /** Connects to a lane of the node at an endpoint, and says who we are. */
  static RawLink open(Endpoint endpoint, Lane lane) {
    RawLink link = new RawLink(endpoint.host(), endpoint.port(lane));
    link.ask(link.whoAreYou());
    return link;
  }

  /** The question that every connection begins with. */
  Message.GetId whoAreYou() {
    return new Message.GetId(
        new Identity(
            self, Role.CLIENT, "", 0, 0, 1, List.of(), "bench", 1024, Limits.BATCH_BYTES_MAX));
  }

  Message ask(Message.Request request) {
    send(request);
    return receive().message();
  }

  long send(Message.Request request) {
    long processingId = nextProcessingId++;
    Header header = new Header(processingId, Header.Form.REQUEST, self, Id.ZERO, 0);
    Frames frames = encoder.encode(new Envelope(header, request));
    socket.sendMore(frames.header().unsafeArray());
    int last = frames.payload().size() - 1;
    socket.send(frames.body().unsafeArray(), last < 0 ? 0 : ZMQ.SNDMORE);
    for (int i = 0; i <= last; i++) {
      socket.send(frames.payload().get(i).unsafeArray(), i == last ? 0 : ZMQ.SNDMORE);
    }
    return processingId;
  }

  Envelope receive() {
    byte[] header = socket.recv();
    if (header == null) {
      throw new IllegalStateException("the node did not answer in time");
    }
    byte[] body = socket.recv();
    List<Bytes> payload = new ArrayList<>();
    while (socket.hasReceiveMore()) {
      payload.add(Bytes.wrap(socket.recv()));
    }
    try {
      return decoder.decode(new Frames(Bytes.wrap(header), Bytes.wrap(body), payload));
    } catch (ProtocolException e) {
      throw new IllegalStateException("the node answered what is no message", e);
    }
  }

  @Override
  public void close() {
    socket.setLinger(0);
    context.close();
  }
}
