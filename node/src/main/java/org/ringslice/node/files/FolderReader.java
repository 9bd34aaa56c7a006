package org.ringslice.node.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Id;

/**
 * Reads the entries of one folder, page by page. Each name comes once, whatever the manifest says:
 * within a page and from page to page the names must rise.
 */
final class FolderReader {
  private final Items items;
  private final FolderEntry.Folder entry;
  private final Path path;
  private final Iterator<FolderManifest.Page> pages;
  private Iterator<FolderEntry> entries = List.<FolderEntry>of().iterator();
  private Bytes lastName = Bytes.EMPTY;

  /** The folder that is fetched, which has no entry in another. */
  FolderReader(Items items, Id id, FolderManifest manifest, Path path) {
    this(items, null, id, manifest, path);
  }

  FolderReader(Items items, FolderEntry.Folder entry, FolderManifest manifest, Path path) {
    this(items, entry, entry.id(), manifest, path);
  }

  private FolderReader(
      Items items, FolderEntry.Folder entry, Id id, FolderManifest manifest, Path path) {
    this.items = items;
    this.entry = entry;
    this.path = path;
    if (manifest instanceof FolderManifest.Entries small) {
      entries = small.entries().iterator();
      pages = List.<FolderManifest.Page>of().iterator();
    } else if (manifest instanceof FolderManifest.Pages large) {
      pages = large.pages().iterator();
    } else {
      throw new IllegalArgumentException("item " + id + " is no folder");
    }
  }

  /** Of the folder in the one around it; null of the one that is fetched. */
  FolderEntry.Folder entry() {
    return entry;
  }

  /** Where it is written to. */
  Path path() {
    return path;
  }

  /** Null after the last. */
  FolderEntry next() throws IOException {
    while (!entries.hasNext()) {
      if (!pages.hasNext()) {
        return null;
      }
      entries = read(pages.next());
    }
    FolderEntry next = entries.next();
    lastName = next.name();
    return next;
  }

  private Iterator<FolderEntry> read(FolderManifest.Page page) throws IOException {
    FolderManifest manifest = parse(page.id(), items.get(page.id()));
    boolean told =
        manifest instanceof FolderManifest.Entries
            && manifest.sizeBytes() == page.sizeBytes()
            && manifest.files() == page.files();
    if (!told) {
      throw Items.damaged(page.id(), "is not the page that its folder tells of");
    }
    List<FolderEntry> read = ((FolderManifest.Entries) manifest).entries();
    if (read.isEmpty() || !FolderManifest.isBefore(lastName, read.get(0).name())) {
      throw Items.damaged(page.id(), "has names that are not after those of the page before");
    }
    return read.iterator();
  }

  static FolderManifest parse(Id id, Bytes blob) {
    try {
      return FolderManifest.parse(blob);
    } catch (IllegalArgumentException e) {
      throw Items.damaged(id, "should be a folder and is none");
    }
  }
}
