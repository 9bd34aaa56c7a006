package org.ringslice.node.files;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Limits;

/**
 * Grows the manifest of a folder while its entries come by, in their order. A page ends after a
 * name whose hash says so, and when it is full; so one file more or less in a large folder changes
 * the page that it is on and not all that follow (content-defined chunking: Muthitacharoen et al.,
 * "A low-bandwidth network file system", SOSP 2001). Invariant: one page of entries is in memory.
 */
final class FolderPages {
  /** Stores a page that is complete. */
  @FunctionalInterface
  interface Store {
    void store(Entry page) throws IOException;
  }

  /** A smaller page does not end, so that usual folders are one blob. A guess. */
  static final int PAGE_BYTES_MIN = Limits.BLOCK_BYTES_MAX / 4;

  /** With the head of the manifest, it stays a blob. */
  static final int PAGE_BYTES_MAX = Limits.BLOCK_BYTES_MAX - 64;

  /** Past its least size a page ends after one in 2^10 names: after about 70 KiB more. A guess. */
  private static final int END_BITS = 10;

  private final Store store;
  private final List<FolderManifest.Page> pages = new ArrayList<>();
  private List<FolderEntry> entries = new ArrayList<>();
  private int entriesBytes;

  FolderPages(Store store) {
    this.store = store;
  }

  void add(FolderEntry entry) throws IOException {
    int bytes = entry.encodedBytesMax();
    if (entriesBytes + bytes > PAGE_BYTES_MAX) {
      endPage();
    }
    entries.add(entry);
    entriesBytes += bytes;
    if (entriesBytes >= PAGE_BYTES_MIN && endsPage(entry.name())) {
      endPage();
    }
  }

  private static boolean endsPage(Bytes name) {
    // Fibonacci hashing: the upper bits of the product are well mixed
    return (name.hashCode() * 0x9E3779B9) >>> (Integer.SIZE - END_BITS) == 0;
  }

  private void endPage() throws IOException {
    if (pages.size() == FolderManifest.PAGES_MAX) {
      throw new IOException("there are too many names in one folder; spread them over several");
    }
    FolderManifest page = new FolderManifest.Entries(entries);
    Entry blob = Entry.blob(page.toBytes());
    store.store(blob);
    pages.add(new FolderManifest.Page(blob.id(), page.sizeBytes(), page.files()));
    entries = new ArrayList<>();
    entriesBytes = 0;
  }

  /** The manifest of the whole folder, which is not stored yet. */
  FolderManifest top() throws IOException {
    if (pages.isEmpty()) {
      return new FolderManifest.Entries(entries);
    }
    if (!entries.isEmpty()) {
      endPage();
    }
    return new FolderManifest.Pages(pages);
  }
}
