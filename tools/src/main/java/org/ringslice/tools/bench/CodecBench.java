package org.ringslice.tools.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Decoder;
import org.ringslice.messages.Encoder;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Envelope;
import org.ringslice.messages.Frames;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.messages.PeerState;
import org.ringslice.messages.ProtocolException;
import org.ringslice.messages.Receipt;

/** How long it takes to write and to read the messages that are sent most, all in turn. */
final class CodecBench {
  private static final int ROUND_MESSAGES = 1 << 20;
  private static final int WARM_UP_ROUNDS = 3;

  private final Figures figures;
  private final int rounds;
  private final Random random = new Random(5);

  // what is read is looked at, or the compiler leaves it out
  private long seen;

  CodecBench(Figures figures, int rounds) {
    this.figures = figures;
    this.rounds = rounds;
  }

  void run() throws ProtocolException {
    List<Envelope> messages = messages();
    Encoder encoder = new Encoder();
    Decoder decoder = new Decoder();
    List<Frames> frames = messages.stream().map(encoder::encode).toList();
    Sample written = new Sample();
    Sample read = new Sample();
    for (int round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
      long begin = System.nanoTime();
      for (int i = 0; i < ROUND_MESSAGES; i++) {
        seen += encoder.encode(messages.get(i % messages.size())).body().size();
      }
      long middle = System.nanoTime();
      for (int i = 0; i < ROUND_MESSAGES; i++) {
        seen += decoder.decode(frames.get(i % frames.size())).message().typeCode();
      }
      if (round >= WARM_UP_ROUNDS) {
        written.add(middle - begin);
        read.add(System.nanoTime() - middle);
      }
    }
    if (seen == 0) {
      throw new IllegalStateException("nothing was written");
    }
    print("written", written);
    print("read", read);
  }

  private void print(String what, Sample nanos) {
    double secondsEach = nanos.micros(0.5) / 1e6 / ROUND_MESSAGES;
    figures.operations("codec", "messages " + what + ", all kinds in turn", 1 / secondsEach);
  }

  private List<Envelope> messages() {
    Entry item = Entry.blob(Bytes.wrap(bytes(1024)));
    List<Id> ids = new ArrayList<>();
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ids.add(id());
      Endpoint at = new Endpoint("192.168.7." + (i + 1), 40001, 40002);
      peers.add(new Peer(id(), 3, PeerState.ACTIVE, List.of(at)));
    }
    Receipt stored = new Receipt(item.id(), Receipt.Outcome.STORED, 3, 4, ids, "");
    List<Envelope> all = new ArrayList<>();
    for (Message.Request request :
        List.of(
            new Message.Heartbeat(7, random.nextLong()),
            new Message.GetItem(item.id(), 1),
            new Message.Store(List.of(item), Message.Intent.REPLICATE),
            new Message.HaveItems(ids, Message.Scope.RING),
            new Message.ExchangeView(peers, false))) {
      all.add(new Envelope(header(Header.Form.REQUEST), request));
    }
    for (Message.Answer answer :
        List.of(
            new Message.Alive(7, random.nextLong()),
            new Message.ItemIs(item),
            new Message.Stored(List.of(stored)),
            new Message.HaveThese(List.of(stored)))) {
      all.add(new Envelope(header(Header.Form.ANSWER), answer));
    }
    return all;
  }

  private Header header(Header.Form form) {
    return new Header(random.nextInt(1 << 20), form, id(), id(), 0);
  }

  private Id id() {
    return Id.sha256(Bytes.wrap(bytes(8)));
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
