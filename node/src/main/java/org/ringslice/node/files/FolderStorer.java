package org.ringslice.node.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Receipt;
import org.ringslice.node.port.Line;

/**
 * Stores a folder: walks it depth first, each folder in the order of its names, and uploads its
 * files and then its manifest. The manifest of the whole comes last, when all else is durable.
 * Links are kept and never followed. What can't be read is told of and left out, and the rest goes
 * on. Memory: the names of the folders on the way to where the walk is, a page of entries each, and
 * what the {@link Uploader} holds.
 */
final class FolderStorer {
  /** No path of Linux, which has 4096 bytes, is deeper. */
  static final int DEPTH_MAX = 2048;

  private record Child(Bytes name, Path path) {}

  /** A folder that the walk is in. */
  private final class Open {
    private final Child child;
    private final Attributes attributes;
    private final Iterator<Child> children;
    private final FolderPages pages = new FolderPages(uploader::add);

    Open(Child child, Attributes attributes, List<Child> children) {
      this.child = child;
      this.attributes = attributes;
      this.children = children.iterator();
    }
  }

  private final Uploader uploader;
  private final FileCutter cutter;
  private final Progress progress;
  private final ArrayDeque<Open> open = new ArrayDeque<>();
  private long faults;

  FolderStorer(Line line, Progress progress, CopyDemand demand) {
    this.uploader = new Uploader(line, progress, demand);
    this.cutter = new FileCutter(uploader);
    this.progress = progress;
  }

  /**
   * Returns when all of it is durable.
   *
   * @throws IOException when the folder itself can't be read
   */
  StoredFile store(Path folder) throws IOException {
    // the folder that is named may itself be reached by a link, as a file may
    open.push(new Open(new Child(Bytes.EMPTY, folder), null, list(folder)));
    while (true) {
      Open top = open.element();
      if (top.children.hasNext()) {
        visitOrTell(top.children.next(), top);
        continue;
      }
      FolderManifest manifest = top.pages.top();
      Entry blob = Entry.blob(manifest.toBytes());
      open.pop();
      if (open.isEmpty()) {
        return finish(blob, manifest);
      }
      uploader.add(blob);
      open.element().pages.add(top.attributes.folder(top.child.name(), manifest, blob.id()));
    }
  }

  private StoredFile finish(Entry blob, FolderManifest manifest) throws IOException {
    uploader.drain();
    Receipt receipt = uploader.storeIfAbsent(blob);
    return uploader.finish(receipt, manifest.sizeBytes(), manifest.files(), faults);
  }

  private void visitOrTell(Child child, Open parent) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("the transfer was interrupted");
    }
    try {
      visit(child, parent);
    } catch (UnreadableException e) {
      faults++;
      progress.note(FileName.printable(child.path()) + " is left out: " + e.getMessage());
    }
  }

  private void visit(Child child, Open parent) throws IOException {
    Attributes attributes = read(() -> Attributes.of(child.path()));
    if (attributes.basic().isRegularFile()) {
      parent.pages.add(storeFile(child, attributes));
    } else if (attributes.basic().isSymbolicLink()) {
      parent.pages.add(attributes.link(child.name(), read(() -> target(child.path()))));
    } else if (!attributes.basic().isDirectory()) {
      progress.note(
          FileName.printable(child.path())
              + " is left out: it is no file, folder or link, but a pipe, socket or device");
    } else if (open.size() == DEPTH_MAX) {
      throw new UnreadableException(
          new IOException("there are more than " + DEPTH_MAX + " folders around it"));
    } else {
      open.push(new Open(child, attributes, read(() -> list(child.path()))));
    }
  }

  private FolderEntry storeFile(Child child, Attributes before) throws IOException {
    FileCutter.Top top;
    try (InputStream in = new Source(child.path())) {
      top = cutter.cut(in);
    }
    uploader.add(top.blob());
    uploader.count(0, 1);
    if (!before.isStillThatOf(child.path(), top.sizeBytes())) {
      faults++;
      progress.note(
          FileName.printable(child.path())
              + " changed while it was read, and what was read is stored; store it again when"
              + " nobody writes to it");
    }
    return before.file(child.name(), top);
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  private static <T> T read(Reading<T> reading) throws UnreadableException {
    try {
      return reading.read();
    } catch (IOException e) {
      throw new UnreadableException(e);
    }
  }

  /** As Java writes it when it makes a link: no doubled slashes, and none at the end. */
  private static Bytes target(Path link) throws IOException {
    byte[] raw = FileName.bytesOf(Files.readSymbolicLink(link));
    int end = raw.length;
    while (end > 1 && raw[end - 1] == '/') {
      end--;
    }
    ByteArrayOutputStream plain = new ByteArrayOutputStream(end);
    for (int i = 0; i < end; i++) {
      if (i == 0 || raw[i] != '/' || raw[i - 1] != '/') {
        plain.write(raw[i]);
      }
    }
    return Bytes.wrap(plain.toByteArray());
  }

  /** In the order of the bytes of the names. */
  private static List<Child> list(Path folder) throws IOException {
    List<Child> children = new ArrayList<>();
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
      for (Path path : paths) {
        children.add(new Child(Bytes.wrap(FileName.bytesOf(path.getFileName())), path));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    children.sort(
        Comparator.comparing(child -> child.name().unsafeArray(), Arrays::compareUnsigned));
    return children;
  }
}
