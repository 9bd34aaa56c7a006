package org.ringslice.node.files;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.port.Line;
import org.ringslice.node.port.RefusedException;

/**
 * Fetches one file: its blocks in parallel, written in their order. Invariant: at most {@link
 * #BLOCKS_IN_FLIGHT} blocks are in memory or on their way.
 */
final class FileFetcher {
  /** As many as the credit of one holder lets through at once. */
  static final int BLOCKS_IN_FLIGHT = 16;

  private record Awaited(Manifest.Part part, CompletableFuture<Message.Answer> answer) {}

  private final Line line;
  private final Progress progress;
  private final ArrayDeque<Awaited> inFlight = new ArrayDeque<>();
  private long totalBytes;
  private long doneBytes;

  FileFetcher(Line line, Progress progress) {
    this.line = line;
    this.progress = progress;
  }

  /** Returns the size of the file in bytes. */
  long fetch(Id id, OutputStream out) throws IOException {
    Bytes blob = await(ask(id));
    if (!Manifest.looksLikeOne(blob)) {
      totalBytes = blob.size();
      write(blob, out);
      return totalBytes;
    }
    Manifest manifest = parse(id, blob);
    totalBytes = manifest.size();
    fetchParts(manifest, out);
    while (!inFlight.isEmpty()) {
      writeNext(out);
    }
    return totalBytes;
  }

  private void fetchParts(Manifest manifest, OutputStream out) throws IOException {
    for (Manifest.Part part : manifest.parts()) {
      if (manifest.depth() > 0) {
        fetchParts(child(manifest, part), out);
        continue;
      }
      if (inFlight.size() == BLOCKS_IN_FLIGHT) {
        writeNext(out);
      }
      inFlight.add(new Awaited(part, ask(part.id())));
    }
  }

  private Manifest child(Manifest parent, Manifest.Part part) throws IOException {
    Manifest child = parse(part.id(), await(ask(part.id())));
    if (child.depth() != parent.depth() - 1 || child.size() != part.size()) {
      throw damaged(part.id(), "is not the part that its parent tells of");
    }
    return child;
  }

  private void writeNext(OutputStream out) throws IOException {
    Awaited next = inFlight.poll();
    Bytes block = await(next.answer());
    if (block.size() != next.part().size()) {
      throw damaged(next.part().id(), "is not of the size that the manifest tells");
    }
    write(block, out);
  }

  private void write(Bytes block, OutputStream out) throws IOException {
    out.write(block.unsafeArray());
    doneBytes += block.size();
    progress.reached(doneBytes, totalBytes);
  }

  private CompletableFuture<Message.Answer> ask(Id id) {
    return line.ask(new Message.GetItem(id, 0));
  }

  private static Bytes await(CompletableFuture<Message.Answer> answer) throws IOException {
    Entry item = Answers.await(answer, Message.ItemIs.class).item();
    // what came from another node was verified on its way; what was held here is now
    if (!item.isGenuine()) {
      throw damaged(item.id(), "is damaged on the disk of the node that holds it");
    }
    return item.bytes();
  }

  private static Manifest parse(Id id, Bytes blob) {
    try {
      return Manifest.parse(blob);
    } catch (IllegalArgumentException e) {
      throw damaged(id, "begins like a manifest and is none; fetch it as a single item");
    }
  }

  private static RefusedException damaged(Id id, String what) {
    return new RefusedException(ErrorCode.NOT_GENUINE, "item " + id + " " + what);
  }
}
