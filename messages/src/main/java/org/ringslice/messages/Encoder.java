package org.ringslice.messages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/**
 * Writes messages as {@code PROTOCOL.md} says: MessagePack arrays for header and body, payloads
 * beside them. Reuses its buffers, so an encoder belongs to one thread.
 */
public final class Encoder {
  private final MessageBufferPacker out = MessagePack.newDefaultBufferPacker();
  private final ByteBuffer scratch = ByteBuffer.allocate(Id.BYTES);

  /**
   * The frames of a message that keeps to {@link Limits}. Payload frames share the entries' bytes.
   */
  public Frames encode(Envelope envelope) {
    try {
      Bytes header = header(envelope);
      Bytes body = body(envelope.message());
      return new Frames(header, body, payload(envelope.message()));
    } catch (IOException e) {
      throw new UncheckedIOException("a buffer in memory failed", e);
    }
  }

  private Bytes header(Envelope envelope) throws IOException {
    Header header = envelope.header();
    out.clear();
    out.packArrayHeader(7).packInt(Header.VERSION).packInt(envelope.message().typeCode());
    unsigned(header.processingId());
    out.packInt(header.form().ordinal());
    id(header.requestor());
    id(header.target());
    out.packInt(header.hops());
    return Bytes.wrap(out.toByteArray());
  }

  private static List<Bytes> payload(Message message) {
    List<Entry> entries = message.payload();
    if (entries.isEmpty()) {
      return List.of();
    }
    List<Bytes> frames = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      if (entry.alive()) {
        frames.add(entry.bytes());
      }
    }
    return frames;
  }

  private Bytes body(Message message) throws IOException {
    out.clear();
    if (message instanceof Message.GetId get) {
      out.packArrayHeader(1);
      identity(get.asker());
    } else if (message instanceof Message.IdIs is) {
      out.packArrayHeader(1);
      identity(is.answerer());
    } else if (message instanceof Message.GetPeers get) {
      out.packArrayHeader(3);
      id(get.at());
      out.packInt(get.count()).packBoolean(get.traced());
    } else if (message instanceof Message.PeersAre are) {
      out.packArrayHeader(2);
      peers(are.peers());
      route(are.route());
    } else if (message instanceof Message.GetPlace get) {
      out.packArrayHeader(3);
      id(get.at());
      out.packInt(get.around()).packBoolean(get.traced());
    } else if (message instanceof Message.PlaceIs is) {
      out.packArrayHeader(2);
      peers(is.peers());
      route(is.route());
    } else if (message instanceof Message.GetItems get) {
      out.packArrayHeader(4);
      id(get.at());
      out.packInt(get.count());
      id(get.until());
      out.packInt(get.scope().ordinal());
    } else if (message instanceof Message.ItemsAre are) {
      out.packArrayHeader(1);
      infos(are.items());
    } else if (message instanceof Message.GetThings get) {
      out.packArrayHeader(5).packInt(get.direction().ordinal());
      id(get.at());
      out.packInt(get.count());
      id(get.until());
      out.packInt(get.scope().ordinal());
    } else if (message instanceof Message.ThingsAre are) {
      out.packArrayHeader(2);
      infos(are.items());
      things(are.things());
    } else if (message instanceof Message.GetItem get) {
      out.packArrayHeader(2);
      id(get.id());
      out.packInt(get.mask());
    } else if (message instanceof Message.ItemIs is) {
      out.packArrayHeader(1);
      info(is.item().info());
    } else if (message instanceof Message.Store store) {
      out.packArrayHeader(2).packInt(store.intent().ordinal());
      out.packArrayHeader(store.entries().size());
      for (Entry entry : store.entries()) {
        info(entry.info());
      }
    } else if (message instanceof Message.Stored stored) {
      out.packArrayHeader(1);
      receipts(stored.receipts());
    } else if (message instanceof Message.HaveItems have) {
      out.packArrayHeader(2).packInt(have.scope().ordinal());
      ids(have.ids());
    } else if (message instanceof Message.HaveThese have) {
      out.packArrayHeader(1);
      receipts(have.receipts());
    } else if (message instanceof Message.Heartbeat beat) {
      vitals(beat.incarnation(), beat.viewDigest());
    } else if (message instanceof Message.Alive alive) {
      vitals(alive.incarnation(), alive.viewDigest());
    } else if (message instanceof Message.ExchangeView exchange) {
      out.packArrayHeader(2).packBoolean(exchange.whole());
      peers(exchange.peers());
    } else if (message instanceof Message.ViewIs is) {
      out.packArrayHeader(2).packBoolean(is.whole());
      peers(is.peers());
    } else if (message instanceof Message.GetView) {
      out.packArrayHeader(0);
    } else if (message instanceof Message.ViewShows shows) {
      out.packArrayHeader(1);
      knownPeers(shows.peers());
    } else if (message instanceof Message.GetStatus get) {
      out.packArrayHeader(2);
      ids(get.holders());
      arcs(get.nodes().stream().toList());
    } else if (message instanceof Message.StatusIs is) {
      out.packArrayHeader(3);
      statuses(is.nodes());
      missing(is.missing());
      id(is.until());
    } else if (message instanceof Message.GetHealth get) {
      out.packArrayHeader(1);
      arcs(get.nodes().stream().toList());
    } else if (message instanceof Message.HealthIs is) {
      out.packArrayHeader(2);
      healths(is.nodes());
      id(is.until());
    } else if (message instanceof Message.Explain explain) {
      out.packArrayHeader(1);
      id(explain.id());
    } else if (message instanceof Message.Explained explained) {
      out.packArrayHeader(2);
      ids(explained.owners());
      keepers(explained.keepers());
    } else if (message instanceof Message.GetTable) {
      out.packArrayHeader(0);
    } else if (message instanceof Message.TableIs is) {
      out.packArrayHeader(3);
      routes(is.routes());
      out.packInt(is.guests()).packInt(is.serving());
    } else if (message instanceof Message.GetSize get) {
      out.packArrayHeader(1).packInt(get.calls());
    } else if (message instanceof Message.SizeIs is) {
      out.packArrayHeader(2);
      estimate(is.nodes());
      estimate(is.items());
    } else if (message instanceof Message.GetSummaries get) {
      out.packArrayHeader(1);
      arcs(get.arcs());
    } else if (message instanceof Message.SummariesAre are) {
      out.packArrayHeader(1);
      extents(are.extents());
    } else if (message instanceof Message.Slice slice) {
      out.packArrayHeader(6);
      unsigned(slice.session());
      out.packInt(slice.step());
      arc(slice.arc());
      out.packInt(slice.giving().ordinal());
      bytes(slice.says());
      entries(slice.entries());
    } else if (message instanceof Message.SliceIs is) {
      out.packArrayHeader(5).packInt(is.progress().ordinal());
      unsigned(is.toGoBytes());
      bytes(is.says());
      infos(is.infos());
      entries(is.entries());
    } else if (message instanceof Message.Watch watch) {
      out.packArrayHeader(4);
      arcs(watch.arcs());
      unsigned(watch.journal());
      unsigned(watch.after());
      out.packInt(watch.scope().ordinal());
    } else if (message instanceof Message.Signals signals) {
      out.packArrayHeader(4);
      unsigned(signals.journal());
      unsigned(signals.next());
      out.packBoolean(signals.ready());
      changes(signals.changes());
    } else if (message instanceof Message.KeepArcs keep) {
      out.packArrayHeader(1);
      arcs(keep.arcs());
    } else if (message instanceof Message.ArcsKept) {
      out.packArrayHeader(0);
    } else if (message instanceof Message.GetMessage get) {
      out.packArrayHeader(3);
      guid(get.guid());
      id(get.to());
      text(get.text(), Limits.TEXT_BYTES_MAX);
    } else if (message instanceof Message.Broadcast broadcast) {
      out.packArrayHeader(3);
      guid(broadcast.guid());
      arc(broadcast.arc());
      text(broadcast.text(), Limits.TEXT_BYTES_MAX);
    } else if (message instanceof Message.GotMessage || message instanceof Message.Heard) {
      out.packArrayHeader(0);
    } else if (message instanceof Message.GetInbox get) {
      out.packArrayHeader(3);
      unsigned(get.session());
      unsigned(get.after());
      out.packBoolean(get.waits());
    } else if (message instanceof Message.InboxIs is) {
      out.packArrayHeader(3);
      unsigned(is.session());
      unsigned(is.next());
      received(is.messages());
    } else if (message instanceof Message.Leave leave) {
      out.packArrayHeader(1).packBoolean(leave.now());
    } else if (message instanceof Message.LeaveIs is) {
      out.packArrayHeader(4).packBoolean(is.left());
      unsigned(is.toGo());
      text(is.why(), Limits.SENTENCE_BYTES_MAX);
      handedOver(is.handedOver());
    } else if (message instanceof Message.Failure failure) {
      out.packArrayHeader(4).packInt(failure.code().code());
      text(failure.sentence(), Limits.SENTENCE_BYTES_MAX);
      out.packBoolean(failure.retry());
      peers(failure.peers());
    } else {
      throw new IllegalArgumentException("never sent: " + message);
    }
    return Bytes.wrap(out.toByteArray());
  }

  private void vitals(long incarnation, long viewDigest) throws IOException {
    out.packArrayHeader(2);
    unsigned(incarnation);
    unsigned(viewDigest);
  }

  private void estimate(Estimate estimate) throws IOException {
    out.packArrayHeader(4);
    unsigned(estimate.value());
    unsigned(estimate.low());
    unsigned(estimate.high());
    out.packBoolean(estimate.exact());
  }

  private void identity(Identity who) throws IOException {
    out.packArrayHeader(10);
    id(who.id());
    out.packInt(who.role().code());
    text(who.network(), Limits.NETWORK_BYTES_MAX);
    out.packInt(who.maskBits());
    unsigned(who.incarnation());
    unsigned(who.session());
    endpoints(who.endpoints());
    text(who.software(), Limits.NETWORK_BYTES_MAX);
    out.packInt(who.creditRequests()).packInt(who.creditBytes());
  }

  private void peers(List<Peer> peers) throws IOException {
    out.packArrayHeader(peers.size());
    for (Peer peer : peers) {
      peer(peer);
    }
  }

  private void peer(Peer peer) throws IOException {
    out.packArrayHeader(4);
    id(peer.id());
    unsigned(peer.incarnation());
    out.packInt(peer.state().code());
    endpoints(peer.endpoints());
  }

  private void knownPeers(List<KnownPeer> peers) throws IOException {
    out.packArrayHeader(peers.size());
    for (KnownPeer known : peers) {
      out.packArrayHeader(2);
      peer(known.peer());
      out.packInt(known.how().code());
    }
  }

  private void endpoints(List<Endpoint> endpoints) throws IOException {
    out.packArrayHeader(endpoints.size());
    for (Endpoint endpoint : endpoints) {
      out.packArrayHeader(3);
      text(endpoint.host(), Limits.HOST_BYTES_MAX);
      out.packInt(endpoint.controlPort()).packInt(endpoint.bulkPort());
    }
  }

  private void route(List<Message.Hop> route) throws IOException {
    out.packArrayHeader(route.size());
    for (Message.Hop hop : route) {
      out.packArrayHeader(2);
      id(hop.id());
      out.packInt(hop.micros());
    }
  }

  private void things(List<Thing> things) throws IOException {
    out.packArrayHeader(things.size());
    for (Thing thing : things) {
      out.packArrayHeader(3).packInt(thing.place()).packInt(thing.nature().code());
      out.packLong(thing.size());
    }
  }

  private void infos(List<EntryInfo> infos) throws IOException {
    out.packArrayHeader(infos.size());
    for (EntryInfo info : infos) {
      info(info);
    }
  }

  private void info(EntryInfo info) throws IOException {
    out.packArrayHeader(5);
    id(info.id());
    out.packInt(info.kind().code());
    unsigned(info.stamp());
    out.packBoolean(info.alive()).packInt(info.size());
  }

  private void receipts(List<Receipt> receipts) throws IOException {
    out.packArrayHeader(receipts.size());
    for (Receipt receipt : receipts) {
      out.packArrayHeader(6);
      id(receipt.id());
      out.packInt(receipt.outcome().ordinal()).packInt(receipt.copies()).packInt(receipt.wanted());
      ids(receipt.holders());
      text(receipt.why(), Limits.SENTENCE_BYTES_MAX);
    }
  }

  private void statuses(List<NodeStatus> nodes) throws IOException {
    out.packArrayHeader(nodes.size());
    for (NodeStatus node : nodes) {
      out.packArrayHeader(8);
      id(node.id());
      unsigned(node.items());
      unsigned(node.sizeBytes());
      unsigned(node.counted());
      unsigned(node.missing());
      unsigned(node.toGoBytes());
      unsigned(node.viewDigest());
      text(node.why(), Limits.SENTENCE_BYTES_MAX);
    }
  }

  private void healths(List<NodeHealth> nodes) throws IOException {
    out.packArrayHeader(nodes.size());
    for (NodeHealth node : nodes) {
      out.packArrayHeader(8);
      id(node.id());
      unsigned(node.damaged());
      ids(node.firstDamaged());
      unsigned(node.unverifiedBytes());
      out.packBoolean(node.uncleanStop());
      unsigned(node.lost());
      ids(node.firstLost());
      text(node.why(), Limits.SENTENCE_BYTES_MAX);
    }
  }

  private void handedOver(List<HandedOver> handedOver) throws IOException {
    out.packArrayHeader(handedOver.size());
    for (HandedOver each : handedOver) {
      out.packArrayHeader(3);
      id(each.node());
      unsigned(each.entries());
      unsigned(each.sizeBytes());
    }
  }

  private void missing(List<MissingCopy> missing) throws IOException {
    out.packArrayHeader(missing.size());
    for (MissingCopy copy : missing) {
      out.packArrayHeader(3);
      id(copy.item());
      id(copy.holder());
      text(copy.why(), Limits.SENTENCE_BYTES_MAX);
    }
  }

  private void keepers(List<Keeper> keepers) throws IOException {
    out.packArrayHeader(keepers.size());
    for (Keeper keeper : keepers) {
      out.packArrayHeader(4);
      id(keeper.id());
      out.packBoolean(keeper.holder()).packBoolean(keeper.has());
      text(keeper.why(), Limits.SENTENCE_BYTES_MAX);
    }
  }

  private void routes(List<Route> routes) throws IOException {
    out.packArrayHeader(routes.size());
    for (Route route : routes) {
      out.packArrayHeader(5).packInt(route.relation().code());
      peer(route.peer());
      out.packInt(route.control().code()).packInt(route.bulk().code()).packInt(route.pending());
    }
  }

  private void arcs(List<Arc> arcs) throws IOException {
    out.packArrayHeader(arcs.size());
    for (Arc arc : arcs) {
      arc(arc);
    }
  }

  private void arc(Arc arc) throws IOException {
    out.packArrayHeader(2);
    id(arc.from());
    id(arc.to());
  }

  private void extents(List<Message.Extent> extents) throws IOException {
    out.packArrayHeader(extents.size());
    for (Message.Extent extent : extents) {
      out.packArrayHeader(2).packInt(extent.count());
      unsigned(extent.fingerprint());
    }
  }

  /** Of a living blob that was never deleted the frame says all but its length. */
  private void entries(List<Entry> entries) throws IOException {
    out.packArrayHeader(entries.size());
    for (Entry entry : entries) {
      if (entry.isPlainBlob()) {
        out.packInt(entry.bytes().size());
      } else {
        info(entry.info());
      }
    }
  }

  private void bytes(Bytes bytes) throws IOException {
    out.packBinaryHeader(bytes.size()).writePayload(bytes.unsafeArray());
  }

  private void changes(List<Message.Signal> changes) throws IOException {
    out.packArrayHeader(changes.size());
    for (Message.Signal change : changes) {
      out.packArrayHeader(2);
      unsigned(change.sequence());
      info(change.entry());
    }
  }

  private void received(List<Message.Received> messages) throws IOException {
    out.packArrayHeader(messages.size());
    for (Message.Received message : messages) {
      out.packArrayHeader(5);
      unsigned(message.sequence());
      guid(message.guid());
      id(message.from());
      out.packBoolean(message.toAll());
      text(message.text(), Limits.TEXT_BYTES_MAX);
    }
  }

  private void guid(Guid guid) throws IOException {
    guid.writeTo(scratch);
    out.packBinaryHeader(Guid.BYTES).writePayload(scratch.array(), 0, Guid.BYTES);
  }

  private void ids(List<Id> ids) throws IOException {
    out.packArrayHeader(ids.size());
    for (Id id : ids) {
      id(id);
    }
  }

  private void id(Id id) throws IOException {
    id.writeTo(scratch);
    out.packBinaryHeader(Id.BYTES).writePayload(scratch.array());
  }

  private void unsigned(long value) throws IOException {
    if (value >= 0) {
      out.packLong(value);
    } else {
      // by hand, as the packer's own way leads through a BigInteger
      scratch.put(0, MessagePack.Code.UINT64).putLong(1, value);
      out.writePayload(scratch.array(), 0, 1 + Long.BYTES);
    }
  }

  private void text(String text, int bytesMax) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int length = utf8.length;
    if (length > bytesMax) {
      length = bytesMax;
      // never cut inside a character (RFC 3629: continuation bytes are 10xxxxxx)
      while (length > 0 && (utf8[length] & 0xC0) == 0x80) {
        length--;
      }
    }
    out.packRawStringHeader(length).writePayload(utf8, 0, length);
  }
}
