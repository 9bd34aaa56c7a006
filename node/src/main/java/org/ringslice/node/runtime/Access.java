package org.ringslice.node.runtime;

import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Guid;
import org.ringslice.messages.Id;
import org.ringslice.messages.Identity;
import org.ringslice.messages.KnownPeer;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.messages.Receipt;
import org.ringslice.messages.Role;
import org.ringslice.node.files.CopyCount;
import org.ringslice.node.files.CopyDemand;
import org.ringslice.node.files.SharedFiles;
import org.ringslice.node.files.StoredFile;
import org.ringslice.node.files.TooFewCopiesException;
import org.ringslice.node.port.Line;
import org.ringslice.node.port.RefusedException;

/**
 * What a program can do with the shared store, by way of a node in its own process ({@link Node})
 * or elsewhere ({@link Client}). May be used by any thread. Futures fail with {@link
 * RefusedException}, whose message says what happened and what to do; they complete on the loop
 * thread, so what hangs on them must not block.
 */
public interface Access extends Closeable {

  /** The way of all requests. */
  Line line();

  /** Stores and fetches files of any size. */
  default SharedFiles files() {
    return new SharedFiles(line());
  }

  /** Who the node is that is asked. */
  default CompletableFuture<Identity> identity() {
    Identity nobody =
        new Identity(Id.ZERO, Role.CLIENT, "", 0, 0, 0, List.of(), "", 1, Limits.BATCH_BYTES_MAX);
    return line()
        .ask(new Message.GetId(nobody))
        .thenApply(answer -> ((Message.IdIs) answer).answerer());
  }

  /**
   * Stores a blob, of at most {@link Limits#BLOCK_BYTES_MAX} bytes. The receipt comes when it is
   * durable, and tells on how many of how many nodes.
   */
  default CompletableFuture<Receipt> store(byte[] blob) {
    if (blob.length > Limits.BLOCK_BYTES_MAX) {
      String sentence =
          "a blob of "
              + blob.length
              + " bytes; at most "
              + Limits.BLOCK_BYTES_MAX
              + ": store it as a file";
      return CompletableFuture.failedFuture(new RefusedException(ErrorCode.TOO_LARGE, sentence));
    }
    Entry entry = Entry.blob(Bytes.wrap(blob.clone()));
    return line()
        .ask(new Message.Store(List.of(entry), Message.Intent.KEEP))
        .thenApply(answer -> ((Message.Stored) answer).receipts().get(0))
        .thenApply(Access::acknowledged);
  }

  /**
   * As {@link #store(byte[])}, of who needs so many copies: fails with {@link
   * TooFewCopiesException} when it is durable and has not as many.
   */
  default CompletableFuture<Receipt> store(byte[] blob, CopyDemand demand) {
    CopyCount count = new CopyCount(demand);
    return store(blob)
        .thenCompose(
            receipt -> {
              count.note(receipt);
              return count.settle(line());
            })
        .thenApply(
            none -> {
              if (!count.isEnough()) {
                throw count.refusal(StoredFile.of(count.least(), blob.length));
              }
              return count.least();
            });
  }

  private static Receipt acknowledged(Receipt receipt) {
    if (receipt.outcome() == Receipt.Outcome.REFUSED) {
      throw new RefusedException(ErrorCode.TOO_FEW_COPIES, receipt.why());
    }
    return receipt;
  }

  /** Fetches a blob, from whoever has it, and verifies it. */
  default CompletableFuture<byte[]> get(Id id) {
    return line()
        .ask(new Message.GetItem(id, 0))
        .thenApply(answer -> ((Message.ItemIs) answer).item().bytes().toArray());
  }

  /**
   * All nodes that the asked one knows, itself and the gone ones too, and how it came to know them.
   */
  default CompletableFuture<List<KnownPeer>> view() {
    return line()
        .ask(new Message.GetView())
        .thenApply(answer -> ((Message.ViewShows) answer).peers());
  }

  /**
   * The nodes strictly before or after a point, nearest first; the one at the point itself comes
   * last.
   *
   * @param count in [1, {@link Limits#PEERS_MAX}]
   */
  default CompletableFuture<List<Peer>> peers(Direction direction, Id at, int count) {
    return line()
        .ask(new Message.GetPeers(direction, at, count, false))
        .thenApply(answer -> ((Message.PeersAre) answer).peers());
  }

  /**
   * The way of a look-up to the owner of a point, and the nodes round that point, those that join
   * or leave among them.
   */
  default CompletableFuture<Message.PlaceIs> route(Id at) {
    return line()
        .ask(new Message.GetPlace(at, Limits.AROUND_MAX, true))
        .thenApply(Message.PlaceIs.class::cast);
  }

  /**
   * The items strictly before or after a point, nearest first, across the whole ring; one at the
   * point itself comes last.
   *
   * @param count in [1, {@link Limits#ITEMS_MAX}]
   */
  default CompletableFuture<List<EntryInfo>> items(Direction direction, Id at, int count) {
    return line()
        .ask(new Message.GetItems(direction, at, count, at, Message.Scope.RING))
        .thenApply(answer -> ((Message.ItemsAre) answer).items());
  }

  /**
   * The items strictly before or after a point, nearest first, up to another point, which is
   * included; and what they are, as far as those who hold them know: a node of an earlier version
   * knows nothing.
   *
   * @param count in [1, {@link Limits#ITEMS_MAX}]
   * @param until the same as {@code at} for the whole ring
   */
  default CompletableFuture<Message.ThingsAre> things(
      Direction direction, Id at, int count, Id until, Message.Scope scope) {
    return line()
        .ask(new Message.GetThings(direction, at, count, until, scope))
        .thenApply(Message.ThingsAre.class::cast)
        .exceptionallyCompose(
            failure ->
                isUnknown(failure)
                    ? line()
                        .ask(new Message.GetItems(direction, at, count, until, scope))
                        .thenApply(answer -> ((Message.ItemsAre) answer).items())
                        .thenApply(items -> new Message.ThingsAre(items, List.of()))
                    : CompletableFuture.failedFuture(failure));
  }

  private static boolean isUnknown(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof RefusedException refused && refused.code() == ErrorCode.UNKNOWN_TYPE;
  }

  /**
   * How many living items an arc has, and how many bytes: of what the asked node holds itself, or
   * across the whole ring, each item once. Part after part of the arc, clockwise, which add up; one
   * part takes some seconds at most.
   *
   * @param scope not SETTLED, which nodes ask each other
   */
  default CompletableFuture<List<Message.CountIs>> count(Arc arc, Message.Scope scope) {
    return new RingParts<>(
            line(),
            part -> new Message.GetCount(part, scope),
            Message.CountIs.class,
            Message.CountIs::until)
        .ask(arc);
  }

  /**
   * Where to begin to watch a slice now: whatever is stored in it after this is told from there on.
   * Takes a moment when nobody has watched it at the asked node; a node that is lost meanwhile is
   * waited for.
   *
   * @param slice at most {@link Limits#WATCHED_ARCS_MAX} arcs
   */
  default CompletableFuture<Cursor> cursor(List<Arc> slice) {
    return new SliceWatch(line(), slice, Optional.empty()).begin();
  }

  /**
   * What is added to a slice and removed from it, across all nodes, each change once; see {@link
   * SliceWatch}.
   *
   * @param slice at most {@link Limits#WATCHED_ARCS_MAX} arcs
   * @param since to go on from where an earlier watch of this slice at this node has come to; empty
   *     for from now on
   */
  default Flow.Publisher<SliceChange> watch(List<Arc> slice, Optional<Cursor> since) {
    return new SliceWatch(line(), slice, since);
  }

  /**
   * Brings a general message to one node. Returns the guid of the message when it is there; that is
   * no word of anybody having read it.
   *
   * @param text at most {@link Limits#TEXT_BYTES_MAX} bytes in UTF-8
   */
  default CompletableFuture<Guid> tell(Id node, String text) {
    Guid guid = Guids.draw();
    return say(new Message.GetMessage(guid, node, text), guid, text);
  }

  /**
   * Has a general message brought to all nodes, the asked one too: to each once, to nearly all
   * where nodes die meanwhile. For nothing that must be certain. Returns the guid of the message
   * when the asked node passes it on.
   *
   * @param text at most {@link Limits#TEXT_BYTES_MAX} bytes in UTF-8
   */
  default CompletableFuture<Guid> broadcast(String text) {
    Guid guid = Guids.draw();
    return say(new Message.Broadcast(guid, Arc.wholeRing(Id.ZERO), text), guid, text);
  }

  private CompletableFuture<Guid> say(Message.Request message, Guid guid, String text) {
    int size = text.getBytes(StandardCharsets.UTF_8).length;
    if (size > Limits.TEXT_BYTES_MAX) {
      String sentence =
          "a message of "
              + size
              + " bytes; at most "
              + Limits.TEXT_BYTES_MAX
              + ": store it as an item, and send its id";
      return CompletableFuture.failedFuture(new RefusedException(ErrorCode.TOO_LARGE, sentence));
    }
    return line().ask(message).thenApply(answer -> guid);
  }

  /**
   * The general messages that came to the asked node after one, as many as an answer takes, of
   * those that it still keeps; none when there are none.
   *
   * @param session of the last answer, or 0
   * @param after {@code next} of the last answer, or 0
   */
  default CompletableFuture<Message.InboxIs> inbox(long session, long after) {
    return line()
        .ask(new Message.GetInbox(session, after, false))
        .thenApply(Message.InboxIs.class::cast);
  }

  /** The general messages that come to the asked node; see {@link MessageWatch}. */
  default Flow.Publisher<Message.Received> messages() {
    return new MessageWatch(line());
  }

  /**
   * Whether everything has all its copies: each node of the ring holds what it has against the
   * other holders, now. Part after part of the ring, clockwise: up to 512 nodes are one part. On a
   * ring that holds much a part takes a while (a minute at most); a node that did not answer by
   * then has that said in its {@code why}.
   */
  default CompletableFuture<List<Message.StatusIs>> status() {
    return new RingParts<>(
            line(), Message.GetStatus::ofNodes, Message.StatusIs.class, Message.StatusIs::until)
        .ask();
  }

  /**
   * How far {@link #status} can be believed: which copies each node found damaged, how much it did
   * not verify yet, and which items were held lately and are held by nobody now. Part after part of
   * the ring, as there; nodes of an older version are not told of. Fails with {@link
   * ErrorCode#UNKNOWN_TYPE} when the asked one is of such a version.
   */
  default CompletableFuture<List<Message.HealthIs>> health() {
    return new RingParts<>(
            line(),
            nodes -> new Message.GetHealth(Optional.of(nodes)),
            Message.HealthIs.class,
            Message.HealthIs::until)
        .ask();
  }

  /**
   * How many nodes and items the ring has: exactly while the asked node knows every node, else an
   * estimate with its 95 % interval.
   */
  default CompletableFuture<Message.SizeIs> size() {
    return size(0);
  }

  /**
   * As {@link #size()}.
   *
   * @param calls how many points of the ring are asked about where an estimate is needed, in [0,
   *     {@link Limits#SIZE_CALLS_MAX}]: the error falls with its root; 0 leaves it to the node
   */
  default CompletableFuture<Message.SizeIs> size(int calls) {
    return line().ask(new Message.GetSize(calls)).thenApply(Message.SizeIs.class::cast);
  }

  /** Where an item should be, and where it is, after asking every node of the ring for it. */
  default CompletableFuture<Message.Explained> explain(Id item) {
    return line().ask(new Message.Explain(item)).thenApply(Message.Explained.class::cast);
  }

  /**
   * Has the asked node leave: it hands over what it holds and has it confirmed by those who come to
   * hold it. Completes when it has left, or after a second with how far it has come; then ask
   * again.
   *
   * @param now whether to stop at once, and hand nothing over
   */
  default CompletableFuture<Message.LeaveIs> leave(boolean now) {
    return line().ask(new Message.Leave(now)).thenApply(Message.LeaveIs.class::cast);
  }

  /** What the asked node routes by, and whom it is connected to. */
  default CompletableFuture<Message.TableIs> table() {
    return line().ask(new Message.GetTable()).thenApply(Message.TableIs.class::cast);
  }

  @Override
  void close();
}
