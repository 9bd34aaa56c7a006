package org.ringslice.node.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/**
 * Tells a failure that comes from bytes of the index that are bad or gone, after which it has to be
 * made anew, from one that passes, or that a person has to mend.
 */
final class IndexFault {
  private IndexFault() {}

  /** Of a failure to open. */
  static boolean stopsOpening(Throwable failure) {
    if (failure instanceof UncheckedIOException wrapped) {
      return stopsOpening(wrapped.getCause());
    }
    if (failure instanceof RocksDBException trouble) {
      return isCorruption(trouble) || isGone(trouble);
    }
    if (failure instanceof Tables.FormatException || failure instanceof FileSystemException) {
      return false;
    }
    return failure instanceof IOException && !DiskTrouble.isFull(failure);
  }

  /** Of a failure while it is open: some block is bad. */
  static boolean isCorruption(Throwable failure) {
    if (failure instanceof RocksDBException trouble) {
      return trouble.getStatus() != null && trouble.getStatus().getCode() == Status.Code.Corruption;
    }
    return failure.getCause() != null && isCorruption(failure.getCause());
  }

  /** RocksDB has one code for all that the system says; the words are the system's. */
  private static boolean isGone(RocksDBException trouble) {
    String words = String.valueOf(trouble.getMessage());
    return words.contains("No such file") || words.contains("Input/output error");
  }
}
