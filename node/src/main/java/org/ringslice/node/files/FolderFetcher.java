package org.ringslice.node.files;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;

/**
 * Fetches a folder into an empty one that nobody else uses: walks the manifests depth first, and
 * asks for files before the earlier ones have come. Manifests come from anybody. Invariant: nothing
 * outside of the target is touched. For a name is one plain name; all is made exclusively, so that
 * what is there already, a link above all, is never gone through, not even where the file system
 * takes two names for one; and only what was made so gets a mode and a time. Files get those when
 * they are written, folders when all in them is made; until then they are their owner's alone. What
 * was made is durable in the end.
 */
final class FolderFetcher implements AutoCloseable {
  /** Files on their way: 64 questions at a time were answered 59,900 times a second. */
  static final int STEPS_MAX = 64;

  /** Bytes of them, as far as the manifests say the truth; else {@link #STEPS_MAX} blocks. */
  static final long STEP_BYTES_MAX = 16L << 20;

  /** What is still to be done, in this order. */
  private interface Step {
    void run() throws IOException;
  }

  private final Items items;
  private final Progress progress;
  private final Syncing syncing = new Syncing();
  private final ArrayDeque<FolderReader> open = new ArrayDeque<>();
  private final ArrayDeque<Step> steps = new ArrayDeque<>();
  private long stepBytes;
  private long totalBytes;
  private long totalFiles;
  private long doneBytes;
  private long doneFiles;

  FolderFetcher(Items items, Progress progress) {
    this.items = items;
    this.progress = progress;
  }

  /** Fills the folder; returns the bytes of its files. */
  long fetch(Id id, FolderManifest top, Path target) throws IOException {
    totalBytes = top.sizeBytes();
    totalFiles = top.files();
    progress.reached(0, totalBytes);
    progress.reachedFiles(0, totalFiles);
    open.push(new FolderReader(items, id, top, target));
    while (!open.isEmpty()) {
      FolderReader folder = open.element();
      FolderEntry next = folder.next();
      if (next == null) {
        open.pop();
        add(new EndFolder(folder));
      } else {
        take(next, path(folder, next));
      }
    }
    while (!steps.isEmpty()) {
      runNext();
    }
    syncing.finish();
    return totalBytes;
  }

  private static Path path(FolderReader folder, FolderEntry entry) throws IOException {
    try {
      return folder.path().resolve(FileName.nameOf(entry.name().unsafeArray()));
    } catch (InvalidPathException e) {
      throw new IOException(
          "this system can't have a file of the name "
              + FileName.printable(entry.name().unsafeArray())
              + ": "
              + e.getReason(),
          e);
    }
  }

  private void take(FolderEntry entry, Path path) throws IOException {
    if (entry instanceof FolderEntry.File file) {
      add(new WriteFile(file, path));
    } else if (entry instanceof FolderEntry.Link link) {
      add(new MakeLink(link, path));
    } else if (entry instanceof FolderEntry.Folder folder) {
      enter(folder, path);
    }
  }

  private void enter(FolderEntry.Folder folder, Path path) throws IOException {
    if (open.size() == FolderStorer.DEPTH_MAX) {
      throw Items.damaged(folder.id(), "is deeper in folders than any system has them");
    }
    FolderManifest manifest = FolderReader.parse(folder.id(), items.get(folder.id()));
    if (manifest.sizeBytes() != folder.sizeBytes() || manifest.files() != folder.files()) {
      throw Items.damaged(folder.id(), "is not the folder that the one around it tells of");
    }
    Files.createDirectory(path, Rights.ofComingFolder(path));
    open.push(new FolderReader(items, folder, manifest, path));
  }

  private void add(Step step) throws IOException {
    steps.add(step);
    while (steps.size() >= STEPS_MAX || stepBytes > STEP_BYTES_MAX) {
      runNext();
    }
  }

  private void runNext() throws IOException {
    steps.poll().run();
  }

  /** A file; it is asked for at once, unless it is of several blocks. */
  private final class WriteFile implements Step {
    private final FolderEntry.File file;
    private final Path path;
    private final CompletableFuture<Message.Answer> top;

    WriteFile(FolderEntry.File file, Path path) {
      this.file = file;
      this.path = path;
      this.top = items.ask(file.id());
      stepBytes += topBytes();
    }

    private long topBytes() {
      return Math.min(file.sizeBytes(), Limits.BLOCK_BYTES_MAX);
    }

    @Override
    public void run() throws IOException {
      stepBytes -= topBytes();
      Bytes blob = Items.await(top);
      DurableFile out = new DurableFile(path);
      try {
        long before = doneBytes;
        Progress within = (done, total) -> progress.reached(before + done, totalBytes);
        long size = new FileFetcher(items, within).fetch(file.id(), blob, out);
        if (size != file.sizeBytes()) {
          throw Items.damaged(file.id(), "is not of the size that its folder tells");
        }
        Attributes.set(path, file.mode(), file.mtimeNanos());
        doneBytes += size;
        progress.reachedFiles(++doneFiles, totalFiles);
      } catch (IOException | RuntimeException e) {
        out.close();
        throw e;
      }
      syncing.later(
          () -> {
            try (out) {
              out.finish();
            }
          });
    }
  }

  private static final class MakeLink implements Step {
    private final FolderEntry.Link link;
    private final Path path;

    MakeLink(FolderEntry.Link link, Path path) {
      this.link = link;
      this.path = path;
    }

    @Override
    public void run() throws IOException {
      Files.createSymbolicLink(path, FileName.pathOf(link.target().unsafeArray()));
      Attributes.setTime(path, link.mtimeNanos());
    }
  }

  /** All in a folder is made. */
  private final class EndFolder implements Step {
    private final FolderReader folder;

    EndFolder(FolderReader folder) {
      this.folder = folder;
    }

    @Override
    public void run() throws IOException {
      // opened as long as its mode lets us
      FileChannel channel = openToSync(folder.path());
      if (folder.entry() != null) {
        Attributes.set(folder.path(), folder.entry().mode(), folder.entry().mtimeNanos());
      }
      syncing.later(() -> sync(channel));
    }
  }

  /** Makes the names in a folder durable. */
  static void syncNames(Path folder) throws IOException {
    sync(openToSync(folder));
  }

  /** Null where folders can't be opened, as on Windows, and need not be. */
  private static FileChannel openToSync(Path folder) throws IOException {
    boolean unix = File.separatorChar == '/';
    return unix ? FileChannel.open(folder, StandardOpenOption.READ) : null;
  }

  private static void sync(FileChannel channel) throws IOException {
    if (channel != null) {
      try (channel) {
        channel.force(true);
      }
    }
  }

  /** Ends the work; what it is in the middle of may still go on for a moment. */
  @Override
  public void close() {
    syncing.close();
  }
}
