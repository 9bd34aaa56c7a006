package org.ringslice.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.ringslice.messages.Bytes;
import org.ringslice.node.event.Book;

/**
 * The index of a book, saved in a file of its own beside the tables: the mark of the opening of the
 * journal in which it was saved and the sequence of the last line that the index includes, 8 bytes
 * big-endian each, and the index. A help and no more: nothing in it is believed before it is
 * {@linkplain Stocktaking proved}, so it may be lost, old, torn, or of another store.
 */
record SavedIndex(long journal, long sequence, Bytes index) {
  private static final int HEADER_BYTES = 2 * Long.BYTES;

  private static Path file(Path folder, Book book) {
    return folder.resolve(book.name().toLowerCase(Locale.ROOT) + ".compared");
  }

  /** Where versions saved an index that may have rows that are kept from others by now. */
  private static Path formerFile(Path folder, Book book) {
    return folder.resolve(book.name().toLowerCase(Locale.ROOT) + ".index");
  }

  /** What was saved last; null when there is no file. */
  static SavedIndex read(Path folder, Book book) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file(folder, book));
    } catch (NoSuchFileException e) {
      return null;
    } catch (OutOfMemoryError e) {
      throw new IOException("it is larger than any index", e);
    }
    if (bytes.length < HEADER_BYTES) {
      throw new IOException("it is too short");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    Bytes index = Bytes.copyOf(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES);
    return new SavedIndex(in.getLong(), in.getLong(), index);
  }

  /** Takes the place of what was saved before, all at once. */
  void write(Path folder, Book book) throws IOException {
    Path file = file(folder, book);
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      try (FileChannel out =
          FileChannel.open(
              fresh,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).putLong(journal).putLong(sequence);
        write(header.flip(), out);
        write(index.asBuffer(), out);
        out.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Files.deleteIfExists(formerFile(folder, book));
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static void write(ByteBuffer bytes, FileChannel out) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
