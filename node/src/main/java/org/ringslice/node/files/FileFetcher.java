package org.ringslice.node.files;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;

/**
 * Fetches one file: its blocks in parallel, written in their order. Invariant: at most {@link
 * #BLOCKS_IN_FLIGHT} blocks are in memory or on their way.
 */
final class FileFetcher {
  /** As many as the credit of one holder lets through at once. */
  static final int BLOCKS_IN_FLIGHT = 16;

  private record Awaited(Manifest.Part part, CompletableFuture<Message.Answer> answer) {}

  private final Items items;
  private final Progress progress;
  private final ArrayDeque<Awaited> inFlight = new ArrayDeque<>();
  private long totalBytes;
  private long doneBytes;

  FileFetcher(Items items, Progress progress) {
    this.items = items;
    this.progress = progress;
  }

  /**
   * Returns the size of the file in bytes.
   *
   * @param top the blob with the id
   */
  long fetch(Id id, Bytes top, OutputStream out) throws IOException {
    if (FolderManifest.looksLikeOne(top)) {
      throw new IOException(
          "item " + id + " is a folder; name a new or an empty folder for it with -o PATH");
    }
    if (!Manifest.looksLikeOne(top)) {
      totalBytes = top.size();
      write(top, out);
      return totalBytes;
    }
    Manifest manifest = parse(id, top);
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
      inFlight.add(new Awaited(part, items.ask(part.id())));
    }
  }

  private Manifest child(Manifest parent, Manifest.Part part) throws IOException {
    Manifest child = parse(part.id(), items.get(part.id()));
    if (child.depth() != parent.depth() - 1 || child.size() != part.size()) {
      throw Items.damaged(part.id(), "is not the part that its parent tells of");
    }
    return child;
  }

  private void writeNext(OutputStream out) throws IOException {
    Awaited next = inFlight.poll();
    Bytes block = Items.await(next.answer());
    if (block.size() != next.part().size()) {
      throw Items.damaged(next.part().id(), "is not of the size that the manifest tells");
    }
    write(block, out);
  }

  private void write(Bytes block, OutputStream out) throws IOException {
    out.write(block.unsafeArray());
    doneBytes += block.size();
    progress.reached(doneBytes, totalBytes);
  }

  private static Manifest parse(Id id, Bytes blob) {
    try {
      return Manifest.parse(blob);
    } catch (IllegalArgumentException e) {
      throw Items.damaged(id, "begins like a manifest and is none; fetch it as a single item");
    }
  }
}
