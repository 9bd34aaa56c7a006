package org.ringslice.node.sim;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Content;
import org.ringslice.messages.Encoder;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Frames;
import org.ringslice.messages.Id;
import org.ringslice.messages.Receipt;
import org.ringslice.node.event.Change;
import org.ringslice.node.event.DiskHealth;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;

/**
 * What tells one event from any other, put into a digest: the number of its kind, and all that it
 * bears; of entries what they are known by, for their bytes are those of their ids. What has a
 * length of its own is preceded by it, so that no two sequences of events give the same bytes.
 */
final class Imprint implements Event.Visitor<Frames> {
  private static final int BUFFER_BYTES = 1 << 12;
  private static final int INFO_BYTES = Id.BYTES + 2 * Long.BYTES + Integer.BYTES;

  private final MessageDigest digest;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private final Encoder encoder = new Encoder();

  Imprint(MessageDigest digest) {
    this.digest = digest;
  }

  /**
   * Puts in an event, with where and when it happened.
   *
   * @param frames of the message that arrived over the network, else null
   */
  void put(long atNanos, int host, Event event, Frames frames) {
    word(atNanos);
    number(host);
    event.accept(this, frames);
  }

  /** Has the digest take what it was not given yet. */
  void flush() {
    digest.update(buffer.array(), 0, buffer.position());
    buffer.clear();
  }

  // ---- the kinds of events; what is not put in here is nothing that they bear

  @Override
  public void started(Event.Started event, Frames frames) {
    number(1);
  }

  @Override
  public void arrived(Event.Arrived arrived, Frames frames) {
    number(2);
    word(arrived.link());
    number(arrived.lane().ordinal());
    // what the program around a node asks of it has come over no network
    message(frames == null ? encoder.encode(arrived.envelope()) : frames);
  }

  @Override
  public void linkLost(Event.LinkLost lost, Frames frames) {
    number(3);
    word(lost.link());
    text(lost.why());
  }

  @Override
  public void sighted(Event.Sighted sighted, Frames frames) {
    number(4);
    endpoint(sighted.endpoint());
    number(sighted.how().ordinal());
  }

  @Override
  public void listens(Event.Listens listens, Frames frames) {
    number(5);
    number(listens.endpoints().size());
    listens.endpoints().forEach(this::endpoint);
  }

  @Override
  public void keeps(Event.Keeps keeps, Frames frames) {
    number(6);
    number(keeps.arcs().size());
    for (Arc arc : keeps.arcs()) {
      id(arc.from());
      id(arc.to());
    }
  }

  @Override
  public void timerFired(Event.TimerFired event, Frames frames) {
    number(7);
  }

  @Override
  public void storeDone(Event.StoreDone done, Frames frames) {
    number(8);
    word(done.ticket());
    StoreReply<?> reply = done.reply();
    if (reply.hasFailed()) {
      number(0);
      text(reply.failure().get());
    } else {
      answer(reply.get());
    }
    changes(reply.changes());
  }

  @Override
  public void amended(Event.Amended amended, Frames frames) {
    number(9);
    changes(amended.changes());
  }

  @Override
  public void roomShort(Event.RoomShort room, Frames frames) {
    number(10);
    number(room.isShort() ? 1 : 0);
  }

  @Override
  public void examined(Event.Examined examined, Frames frames) {
    number(11);
    DiskHealth health = examined.health();
    word(health.damaged());
    ids(health.first());
    word(health.unverifiedBytes());
    number(health.uncleanStop() ? 1 : 0);
  }

  @Override
  public void broken(Event.Broken broken, Frames frames) {
    number(12);
    text(broken.why());
  }

  @Override
  public void stopping(Event.Stopping event, Frames frames) {
    number(13);
  }

  /** By numbers from 1 on: 0 is a failure. */
  private void answer(StoreAnswer answer) {
    if (answer instanceof StoreAnswer.Done) {
      number(1);
    } else if (answer instanceof StoreAnswer.Kept kept) {
      number(2);
      number(kept.outcomes().size());
      for (Receipt.Outcome outcome : kept.outcomes()) {
        number(outcome.ordinal());
      }
    } else if (answer instanceof StoreAnswer.Loaded loaded) {
      number(3);
      number(loaded.entry().isPresent() ? 1 : 0);
      loaded.entry().ifPresent(entry -> info(entry.info()));
    } else if (answer instanceof StoreAnswer.LoadedAll loaded) {
      number(4);
      number(loaded.entries().size());
      loaded.entries().forEach(entry -> info(entry.info()));
    } else if (answer instanceof StoreAnswer.Looked looked) {
      number(5);
      bytes(looked.present().toByteArray());
    } else if (answer instanceof StoreAnswer.Scanned scanned) {
      number(6);
      number(scanned.items().size());
      scanned.items().forEach(this::info);
    } else if (answer instanceof StoreAnswer.Described described) {
      number(7);
      number(described.contents().size());
      described.contents().forEach(this::content);
    } else if (answer instanceof StoreAnswer.JournalRead read) {
      number(8);
      word(read.forgotten());
      changes(read.lines());
    } else {
      number(9);
      ids(((StoreAnswer.DroppedRead) answer).ids());
    }
  }

  // ---- what they bear

  private void message(Frames frames) {
    bytes(frames.header().unsafeArray());
    bytes(frames.body().unsafeArray());
    number(frames.payload().size());
    for (Bytes payload : frames.payload()) {
      bytes(payload.unsafeArray());
    }
  }

  private void changes(List<Change> changes) {
    number(changes.size());
    for (Change change : changes) {
      word(change.sequence());
      number((change.before().isPresent() ? 1 : 0) + (change.after().isPresent() ? 2 : 0));
      change.before().ifPresent(this::info);
      change.after().ifPresent(this::info);
    }
  }

  private void info(EntryInfo info) {
    room(INFO_BYTES);
    idIntoRoom(info.id());
    buffer.putInt(info.kind().ordinal() << 1 | (info.alive() ? 1 : 0));
    buffer.putLong(info.stamp()).putLong(info.size());
  }

  private void content(Content content) {
    id(content.id());
    number(content.nature().ordinal());
    word(content.size());
  }

  private void endpoint(Endpoint endpoint) {
    text(endpoint.host());
    number(endpoint.controlPort());
    number(endpoint.bulkPort());
  }

  private void ids(List<Id> ids) {
    number(ids.size());
    ids.forEach(this::id);
  }

  private void id(Id id) {
    room(Id.BYTES);
    idIntoRoom(id);
  }

  private void idIntoRoom(Id id) {
    buffer.putLong(id.word(0)).putLong(id.word(1)).putLong(id.word(2)).putLong(id.word(3));
  }

  private void text(String text) {
    bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private void bytes(byte[] bytes) {
    number(bytes.length);
    if (bytes.length > buffer.remaining()) {
      flush();
      digest.update(bytes);
    } else {
      buffer.put(bytes);
    }
  }

  private void word(long value) {
    room(Long.BYTES);
    buffer.putLong(value);
  }

  private void number(int value) {
    room(Integer.BYTES);
    buffer.putInt(value);
  }

  private void room(int sizeBytes) {
    if (buffer.remaining() < sizeBytes) {
      flush();
    }
  }
}
