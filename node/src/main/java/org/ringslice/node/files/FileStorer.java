package org.ringslice.node.files;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;
import org.ringslice.node.port.Line;
import org.ringslice.node.port.RefusedException;

/**
 * Stores one file: reads it block by block, asks for a group of blocks whether they are there
 * already, sends those that are not, and in the end the manifest. Invariant: at most {@link
 * #GROUPS_IN_FLIGHT} groups of {@link #GROUP_BLOCKS} blocks are in memory.
 */
final class FileStorer {
  /** Blocks that one question asks about. */
  static final int GROUP_BLOCKS = 8;

  /**
   * Groups being asked about or sent: enough that reading, sending and syncing go on at the same
   * time.
   */
  static final int GROUPS_IN_FLIGHT = 3;

  /** Some blocks, on their way to be durable. */
  private final class Group {
    private final List<Entry> blocks;
    private final long sizeBytes;
    private final CompletableFuture<Message.Answer> presence;
    private final List<CompletableFuture<Message.Answer>> stores = new ArrayList<>();
    private boolean sent;

    Group(List<Entry> blocks) {
      this.blocks = blocks;
      this.sizeBytes = blocks.stream().mapToLong(block -> block.bytes().size()).sum();
      this.presence =
          line.ask(
              new Message.HaveItems(blocks.stream().map(Entry::id).toList(), Message.Scope.RING));
    }

    /** Sends what is not there, once it is known what is. */
    void send() throws IOException {
      if (sent) {
        return;
      }
      sent = true;
      List<Receipt> receipts = Answers.await(presence, Message.HaveThese.class).receipts();
      for (int i = 0; i < blocks.size(); i++) {
        if (receipts.get(i).outcome() == Receipt.Outcome.PRESENT) {
          note(receipts.get(i));
        } else {
          sentBytes += blocks.get(i).bytes().size();
          stores.add(line.ask(new Message.Store(List.of(blocks.get(i)), Message.Intent.KEEP)));
        }
      }
    }

    void finish() throws IOException {
      send();
      for (CompletableFuture<Message.Answer> store : stores) {
        note(Answers.await(store, Message.Stored.class).receipts().get(0));
      }
      doneBytes += sizeBytes;
      progress.reached(doneBytes, totalBytes);
    }
  }

  private final Line line;
  private final long totalBytes;
  private final Progress progress;
  private final ManifestTree tree = new ManifestTree(this::storeOne);
  private final ArrayDeque<Group> inFlight = new ArrayDeque<>();
  private long doneBytes;
  private long sentBytes;
  private int copies = Integer.MAX_VALUE;
  private int wanted;

  FileStorer(Line line, long totalBytes, Progress progress) {
    this.line = line;
    this.totalBytes = totalBytes;
    this.progress = progress;
  }

  StoredFile store(InputStream in) throws IOException {
    Bytes first = readBlock(in);
    Bytes second = first.size() == Limits.BLOCK_BYTES_MAX ? readBlock(in) : Bytes.EMPTY;
    if (second.size() == 0 && !Manifest.looksLikeOne(first)) {
      return storeTop(Entry.blob(first), first.size());
    }
    storeBlocks(first, second, in);
    Manifest top = tree.top();
    return storeTop(Entry.blob(top.toBytes()), top.size());
  }

  private static Bytes readBlock(InputStream in) throws IOException {
    return Bytes.wrap(in.readNBytes(Limits.BLOCK_BYTES_MAX));
  }

  private void storeBlocks(Bytes first, Bytes second, InputStream in) throws IOException {
    List<Entry> group = new ArrayList<>();
    Bytes bytes = first;
    Bytes following = second;
    while (bytes.size() > 0) {
      Entry block = Entry.blob(bytes);
      tree.add(new Manifest.Part(block.id(), bytes.size()));
      group.add(block);
      if (group.size() == GROUP_BLOCKS) {
        launch(group);
        group = new ArrayList<>();
      }
      bytes = following;
      following = bytes.size() == Limits.BLOCK_BYTES_MAX ? readBlock(in) : Bytes.EMPTY;
    }
    if (!group.isEmpty()) {
      launch(group);
    }
    while (!inFlight.isEmpty()) {
      inFlight.poll().finish();
    }
  }

  private void launch(List<Entry> blocks) throws IOException {
    if (!inFlight.isEmpty()) {
      inFlight.peekLast().send();
    }
    inFlight.add(new Group(blocks));
    if (inFlight.size() == GROUPS_IN_FLIGHT) {
      inFlight.poll().finish();
    }
  }

  private StoredFile storeTop(Entry top, long sizeBytes) throws IOException {
    Receipt receipt = storeOne(top);
    progress.reached(sizeBytes, sizeBytes);
    return new StoredFile(top.id(), sizeBytes, sentBytes, copies, wanted, receipt.holders());
  }

  private Receipt storeOne(Entry entry) throws IOException {
    Message.Store store = new Message.Store(List.of(entry), Message.Intent.KEEP);
    Receipt receipt = Answers.await(line.ask(store), Message.Stored.class).receipts().get(0);
    note(receipt);
    return receipt;
  }

  private void note(Receipt receipt) {
    if (receipt.outcome() == Receipt.Outcome.REFUSED) {
      throw new RefusedException(ErrorCode.TOO_FEW_COPIES, receipt.why());
    }
    copies = Math.min(copies, receipt.copies());
    wanted = Math.max(wanted, receipt.wanted());
  }
}
