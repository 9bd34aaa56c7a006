package org.ringslice.node.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Id;
import org.ringslice.node.port.Line;

/**
 * Stores and fetches files and folders. Memory is bounded whatever their size. The methods block
 * until the work is done, and may be called by any thread but the loop's.
 */
public final class SharedFiles {
  private final Line line;

  public SharedFiles(Line line) {
    this.line = line;
  }

  /**
   * Stores a file or a folder, and returns when all of it is durable. What can't be read in a
   * folder, or is no file, folder or link, is left out, and the progress is told; see {@link
   * StoredFile#faults}. Links in it are kept as links. Modes and times are kept, but not those of
   * the folder itself.
   *
   * @throws IOException when it can't be read, or, being a file, changes while it is read
   * @throws org.ringslice.node.port.RefusedException when the ring does not take it
   */
  public StoredFile store(Path path, Progress progress) throws IOException {
    return store(path, progress, CopyDemand.NONE);
  }

  /**
   * As {@link #store(Path, Progress)}, of who needs so many copies of each part of it.
   *
   * @throws TooFewCopiesException when all of it is durable, and has not as many copies
   */
  public StoredFile store(Path path, Progress progress, CopyDemand demand) throws IOException {
    return Files.isDirectory(path)
        ? new FolderStorer(line, progress, demand).store(path)
        : storeFile(path, progress, demand);
  }

  private StoredFile storeFile(Path file, Progress progress, CopyDemand demand) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      long size = Files.size(file);
      FileStorer storer = new FileStorer(line, size, progress, demand);
      try {
        return checkUnchanged(file, size, storer.store(in));
      } catch (TooFewCopiesException e) {
        // what was reached is of no use to anybody when it is not the file
        checkUnchanged(file, size, e.stored());
        throw e;
      }
    }
  }

  private static StoredFile checkUnchanged(Path file, long sizeBytes, StoredFile stored)
      throws IOException {
    if (stored.sizeBytes() != sizeBytes) {
      throw new IOException(
          file + " changed while it was read; store it again when nobody writes to it");
    }
    return stored;
  }

  /** Stores what a stream gives until its end, as a file. The stream is not closed. */
  public StoredFile store(InputStream in, Progress progress) throws IOException {
    return store(in, progress, CopyDemand.NONE);
  }

  /**
   * As {@link #store(InputStream, Progress)}, of who needs so many copies of each part of it.
   *
   * @throws TooFewCopiesException when all of it is durable, and has not as many copies
   */
  public StoredFile store(InputStream in, Progress progress, CopyDemand demand) throws IOException {
    return new FileStorer(line, -1, progress, demand).store(in);
  }

  /**
   * Fetches a file, every byte verified, to a stream. What was written before a failure is the
   * beginning of the file. Returns its size in bytes.
   *
   * @throws IOException when the stream does not take it, or it is a folder
   * @throws org.ringslice.node.port.RefusedException when a part of it is not to be had
   */
  public long fetch(Id id, OutputStream out, Progress progress) throws IOException {
    Items items = new Items(line);
    return new FileFetcher(items, progress).fetch(id, items.get(id), out);
  }

  /**
   * Fetches a file or a folder to a path. There is the whole of it there in the end, durable, or
   * what was there before: it is written beside it, under another name, and renamed. A file takes
   * the place of another, and its mode; a folder goes where nothing is, or an empty folder. Returns
   * the bytes of the file, or of all files in the folder.
   */
  public long fetch(Id id, Path target, Progress progress) throws IOException {
    Items items = new Items(line);
    try (Arrival arrival = new Arrival(target)) {
      Bytes top = items.get(id);
      return FolderManifest.looksLikeOne(top)
          ? fetchFolder(id, FolderReader.parse(id, top), arrival, progress)
          : fetchFile(id, top, arrival, progress);
    }
  }

  private long fetchFile(Id id, Bytes top, Arrival arrival, Progress progress) throws IOException {
    arrival.checkTakesFile();
    try (DurableFile file = arrival.newFile()) {
      long sizeBytes = new FileFetcher(new Items(line), progress).fetch(id, top, file);
      arrival.open();
      file.finish();
      arrival.moveInPlace();
      return sizeBytes;
    }
  }

  private long fetchFolder(Id id, FolderManifest top, Arrival arrival, Progress progress)
      throws IOException {
    arrival.checkTakesFolder(top.sizeBytes());
    arrival.makeFolder();
    try (FolderFetcher fetcher = new FolderFetcher(new Items(line), progress)) {
      long sizeBytes = fetcher.fetch(id, top, arrival.part());
      arrival.open();
      arrival.moveInPlace();
      return sizeBytes;
    }
  }
}
