package org.ringslice.node.files;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.ringslice.messages.Entry;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;
import org.ringslice.node.port.Line;
import org.ringslice.node.port.RefusedException;

/**
 * Sends blobs to be kept, in groups: asks which of a group are there already, and sends those that
 * are not. Invariant: at most {@link #GROUPS_IN_FLIGHT} groups of {@link #GROUP_BYTES} are in
 * memory. For one thread.
 */
final class Uploader {
  /** Of the blobs that one question asks about. */
  static final int GROUP_BYTES = 8 << 20;

  /**
   * Groups being asked about or sent: enough that reading, sending and syncing go on at the same
   * time.
   */
  static final int GROUPS_IN_FLIGHT = 3;

  /** Of one Store: a block, or many small blobs, which cost the nodes as much together. */
  static final int STORE_BYTES = Limits.BLOCK_BYTES_MAX;

  private final Line line;
  private final Progress progress;
  private final ArrayDeque<Group> inFlight = new ArrayDeque<>();
  private Group filling;
  private long totalBytes = -1;
  private long doneBytes;
  private long doneFiles;
  private long sentBytes;
  private final CopyCount count;

  Uploader(Line line, Progress progress, CopyDemand demand) {
    this.line = line;
    this.progress = progress;
    this.count = new CopyCount(demand);
    this.filling = new Group();
  }

  /** For the progress; -1 when nobody knows. */
  void expect(long bytes) {
    totalBytes = bytes;
  }

  /** Takes a blob; returns when there is room in memory for the next. */
  void add(Entry blob) throws IOException {
    if (!filling.hasRoomFor(blob)) {
      launch();
    }
    filling.add(blob);
  }

  /** What is counted as done when all that was added up to now is durable. */
  void count(long contentBytes, long files) {
    filling.contentBytes += contentBytes;
    filling.files += files;
  }

  /** Returns when all that was added is durable. */
  void drain() throws IOException {
    launch();
    while (!inFlight.isEmpty()) {
      inFlight.poll().finish();
    }
  }

  /** Stores one blob, without asking first, and returns when it is durable. */
  Receipt store(Entry blob) throws IOException {
    Message.Store store = new Message.Store(List.of(blob), Message.Intent.KEEP);
    Receipt receipt = Answers.await(line.ask(store), Message.Stored.class).receipts().get(0);
    note(receipt);
    return receipt;
  }

  /** Stores one blob, if it is not there, and returns when it is durable. */
  Receipt storeIfAbsent(Entry blob) throws IOException {
    Message.HaveItems question = new Message.HaveItems(List.of(blob.id()), Message.Scope.RING);
    Receipt receipt = Answers.await(line.ask(question), Message.HaveThese.class).receipts().get(0);
    if (receipt.outcome() == Receipt.Outcome.PRESENT) {
      note(receipt);
      return receipt;
    }
    sentBytes += blob.bytes().size();
    return store(blob);
  }

  /** Bytes that were not there. */
  long sentBytes() {
    return sentBytes;
  }

  /**
   * What became of it all, when it has as many copies as were demanded.
   *
   * @param top of the blob that leads to it all
   * @throws TooFewCopiesException when it does not come to have them
   */
  StoredFile finish(Receipt top, long sizeBytes, long files, long faults) throws IOException {
    Answers.await(count.settle(line));
    StoredFile stored =
        new StoredFile(
            top.id(),
            sizeBytes,
            files,
            faults,
            sentBytes,
            count.least().copies(),
            count.wanted(),
            top.holders());
    if (!count.isEnough()) {
      throw count.refusal(stored);
    }
    return stored;
  }

  private void launch() throws IOException {
    if (!inFlight.isEmpty()) {
      inFlight.peekLast().send();
    }
    filling.ask();
    inFlight.add(filling);
    filling = new Group();
    if (inFlight.size() == GROUPS_IN_FLIGHT) {
      inFlight.poll().finish();
    }
  }

  private void note(Receipt receipt) {
    if (receipt.outcome() == Receipt.Outcome.REFUSED) {
      throw new RefusedException(ErrorCode.TOO_FEW_COPIES, receipt.why());
    }
    count.note(receipt);
  }

  /** Some blobs, on their way to be durable. */
  private final class Group {
    private final List<Entry> blobs = new ArrayList<>();
    private final Set<Id> ids = new HashSet<>();
    private final List<CompletableFuture<Message.Answer>> stores = new ArrayList<>();
    private CompletableFuture<Message.Answer> presence;
    private int added;
    private long sizeBytes;
    private long contentBytes;
    private long files;
    private boolean sent;

    boolean hasRoomFor(Entry blob) {
      return added < Limits.BATCH_ENTRIES_MAX && sizeBytes + blob.bytes().size() <= GROUP_BYTES;
    }

    void add(Entry blob) {
      added++;
      sizeBytes += blob.bytes().size();
      // many files of a folder, or blocks of a file, may be the same one
      if (ids.add(blob.id())) {
        blobs.add(blob);
      }
    }

    void ask() {
      sent = blobs.isEmpty();
      if (!sent) {
        List<Id> asked = blobs.stream().map(Entry::id).toList();
        presence = line.ask(new Message.HaveItems(asked, Message.Scope.RING));
      }
    }

    /** Sends what is not there, once it is known what is. */
    void send() throws IOException {
      if (sent) {
        return;
      }
      sent = true;
      List<Receipt> receipts = Answers.await(presence, Message.HaveThese.class).receipts();
      List<Entry> batch = new ArrayList<>();
      long batchBytes = 0;
      for (int i = 0; i < blobs.size(); i++) {
        Entry blob = blobs.get(i);
        if (receipts.get(i).outcome() == Receipt.Outcome.PRESENT) {
          note(receipts.get(i));
          continue;
        }
        if (batchBytes + blob.bytes().size() > STORE_BYTES) {
          send(batch);
          batch = new ArrayList<>();
          batchBytes = 0;
        }
        batch.add(blob);
        batchBytes += blob.bytes().size();
      }
      send(batch);
    }

    private void send(List<Entry> batch) {
      if (!batch.isEmpty()) {
        sentBytes += batch.stream().mapToLong(blob -> blob.bytes().size()).sum();
        stores.add(line.ask(new Message.Store(batch, Message.Intent.KEEP)));
      }
    }

    void finish() throws IOException {
      send();
      for (CompletableFuture<Message.Answer> store : stores) {
        Answers.await(store, Message.Stored.class).receipts().forEach(Uploader.this::note);
      }
      doneBytes += contentBytes;
      doneFiles += files;
      progress.reached(doneBytes, totalBytes);
      if (doneFiles > 0) {
        progress.reachedFiles(doneFiles, -1);
      }
    }
  }
}
