package org.ringslice.node.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Id;

/**
 * The blob that tells what is in a folder: its entries, in the order of the bytes of their names,
 * each name once; or, of a large folder, the pages that they are on. The same tree has the same
 * manifest. A folder's own name, mode and time are in the entry of the folder around it. The bytes
 * come from anybody: what is not exactly what {@link #toBytes} writes is refused.
 */
sealed interface FolderManifest {
  /** What a folder's manifest begins with; a file that does so too is stored under a manifest. */
  Bytes MAGIC = Bytes.wrap(new byte[] {(byte) 0x89, 'R', 'S', 'F', 'D', '\r', '\n', 1});

  /** Pages of one folder: of at least 3,000 entries each but the last; 8192 times 60 bytes. */
  int PAGES_MAX = 8192;

  int ENTRIES = 0;
  int PAGES = 1;

  /** Bytes of all files in the folder, at any depth. */
  long sizeBytes();

  /** Files in the folder, at any depth. */
  long files();

  Bytes toBytes();

  /** All of a small folder, or one page of a large one. */
  record Entries(List<FolderEntry> entries) implements FolderManifest {
    public Entries {
      entries = List.copyOf(entries);
      for (int i = 1; i < entries.size(); i++) {
        check(isBefore(entries.get(i - 1).name(), entries.get(i).name()));
      }
      sum(entries.stream().mapToLong(FolderEntry::sizeBytes).toArray());
      sum(entries.stream().mapToLong(FolderEntry::files).toArray());
    }

    @Override
    public long sizeBytes() {
      return entries.stream().mapToLong(FolderEntry::sizeBytes).sum();
    }

    @Override
    public long files() {
      return entries.stream().mapToLong(FolderEntry::files).sum();
    }

    @Override
    public Bytes toBytes() {
      try (MessageBufferPacker out = begin(ENTRIES, entries.size())) {
        for (FolderEntry entry : entries) {
          entry.writeTo(out);
        }
        return Bytes.wrap(out.toByteArray());
      } catch (IOException e) {
        throw new UncheckedIOException("a buffer in memory failed", e);
      }
    }
  }

  /**
   * A page of a large folder.
   *
   * @param id of an {@link Entries}
   */
  record Page(Id id, long sizeBytes, long files) {
    public Page {
      check(sizeBytes >= 0 && files >= 0);
    }
  }

  /** A large folder: the names of each page are before those of the next. */
  record Pages(List<Page> pages) implements FolderManifest {
    public Pages {
      pages = List.copyOf(pages);
      check(!pages.isEmpty() && pages.size() <= PAGES_MAX);
      sum(pages.stream().mapToLong(Page::sizeBytes).toArray());
      sum(pages.stream().mapToLong(Page::files).toArray());
    }

    @Override
    public long sizeBytes() {
      return pages.stream().mapToLong(Page::sizeBytes).sum();
    }

    @Override
    public long files() {
      return pages.stream().mapToLong(Page::files).sum();
    }

    @Override
    public Bytes toBytes() {
      try (MessageBufferPacker out = begin(PAGES, pages.size())) {
        for (Page page : pages) {
          out.packArrayHeader(3).packBinaryHeader(Id.BYTES).writePayload(page.id().toBytes());
          out.packLong(page.sizeBytes()).packLong(page.files());
        }
        return Bytes.wrap(out.toByteArray());
      } catch (IOException e) {
        throw new UncheckedIOException("a buffer in memory failed", e);
      }
    }
  }

  static boolean looksLikeOne(Bytes blob) {
    int length = MAGIC.size();
    return blob.size() >= length
        && Arrays.equals(blob.unsafeArray(), 0, length, MAGIC.unsafeArray(), 0, length);
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException when the bytes are anything else
   */
  static FolderManifest parse(Bytes blob) {
    check(looksLikeOne(blob));
    try (MessageUnpacker in =
        MessagePack.newDefaultUnpacker(
            blob.unsafeArray(), MAGIC.size(), blob.size() - MAGIC.size())) {
      check(in.unpackArrayHeader() == 2);
      int kind = in.unpackInt();
      check(kind == ENTRIES || kind == PAGES);
      int count = in.unpackArrayHeader();
      FolderManifest manifest = kind == ENTRIES ? readEntries(in, count) : readPages(in, count);
      // there is one way to write it, so that one tree has one id
      check(manifest.toBytes().equals(blob));
      return manifest;
    } catch (IOException | MessagePackException e) {
      throw new IllegalArgumentException("this item begins like a folder and is none", e);
    }
  }

  private static Entries readEntries(MessageUnpacker in, int count) throws IOException {
    // grows with what is really there, whatever the count says
    List<FolderEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(FolderEntry.readFrom(in));
    }
    return new Entries(entries);
  }

  private static Pages readPages(MessageUnpacker in, int count) throws IOException {
    check(count <= PAGES_MAX);
    List<Page> pages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      check(in.unpackArrayHeader() == 3);
      pages.add(new Page(FolderEntry.readId(in), in.unpackLong(), in.unpackLong()));
    }
    return new Pages(pages);
  }

  private static MessageBufferPacker begin(int kind, int count) throws IOException {
    MessageBufferPacker out = MessagePack.newDefaultBufferPacker();
    out.writePayload(MAGIC.unsafeArray());
    out.packArrayHeader(2).packInt(kind).packArrayHeader(count);
    return out;
  }

  /** Whether a name comes strictly before another. */
  static boolean isBefore(Bytes one, Bytes other) {
    return Arrays.compareUnsigned(one.unsafeArray(), other.unsafeArray()) < 0;
  }

  private static void sum(long[] parts) {
    long sum = 0;
    for (long part : parts) {
      sum += part;
      check(sum >= 0);
    }
  }

  private static void check(boolean holds) {
    FolderEntry.check(holds);
  }
}
