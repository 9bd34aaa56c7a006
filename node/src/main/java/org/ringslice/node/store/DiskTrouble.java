package org.ringslice.node.store;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringslice.messages.Id;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/**
 * The sentences for people about a store that does not work: what happened, where, and what to do.
 */
final class DiskTrouble {
  private DiskTrouble() {}

  static String noRoom(Path folder) {
    return "no room on the disk that holds "
        + folder
        + ": free some space; the node goes on by itself";
  }

  static String ofWriting(Path folder, Exception cause) {
    return isFull(cause)
        ? noRoom(folder)
        : "the disk that holds "
            + folder
            + " failed: "
            + reason(cause)
            + "; the node tries again with what it stores next";
  }

  static String ofReading(Path folder, Exception cause) {
    return "the store in " + folder + " can't be read: " + reason(cause);
  }

  static String damagedItem(Path folder, Id id) {
    return "item "
        + id.toHex()
        + " is damaged on the disk that holds "
        + folder
        + ": get it from another holder, or store it again";
  }

  static String shortSegment(Path folder, Segment segment, long sizeBytes) {
    return Segment.file(folder, segment.number())
        + (sizeBytes == 0 ? " is missing or empty: " : " has only " + sizeBytes + " bytes: ")
        + (segment.endBytes() - sizeBytes)
        + " bytes of it are lost; the items that lay there are given up and come back from other"
        + " nodes that hold them, and all others are there";
  }

  static String rebuilt(Path folder, String reason, Rebuild.Outcome outcome) {
    return "the index of the store in "
        + folder
        + " was damaged ("
        + reason
        + ") and was made anew from all that could be read: "
        + outcome.living()
        + " items were found, of which "
        + outcome.unreadable()
        + " could not be read; what is missing comes back from other nodes that hold it";
  }

  static String changedByRebuild(Path folder) {
    return "the index of the store in "
        + folder
        + " was damaged while the node ran, and was made anew with other items than before: start"
        + " the node again, and it fetches from the others what is missing";
  }

  static String indexTaken(Path folder) {
    return "the index of the store in "
        + folder
        + " was deleted, moved or replaced while the node runs, so the node stops: what it stores"
        + " would be lost. Bring it back if you can, then start the node again; what is missing of"
        + " it is made anew";
  }

  static String ofOpening(Path folder, Exception cause) {
    String reason = reason(cause);
    if (isFull(cause)) {
      return "no room on the disk that holds " + folder + ": free some space and start again";
    }
    if (cause instanceof FileAlreadyExistsException) {
      return folder + " is not a folder: choose another for the store";
    }
    if (cause instanceof Tables.FormatException || reason.contains("families not opened")) {
      return "the store in "
          + folder
          + " can't be used: "
          + reason
          + "; use the version that wrote it";
    }
    // RocksDB has no code for either; both come as IOError with the words of the system
    if (reason.contains("/LOCK: Resource temporarily") || reason.contains("lock hold by")) {
      return "the store in " + folder + " is in use: stop the other node, or choose another folder";
    }
    if (cause instanceof AccessDeniedException
        || reason.contains("Permission denied")
        || reason.contains("Read-only file system")) {
      return "the folder " + folder + " can't be written to: change that, or choose another";
    }
    return "the store in "
        + folder
        + " can't be opened: "
        + reason
        + "; look after the disk, and start again";
  }

  static String ofLoading(Set<Path> places, Throwable cause) {
    return "the database's library can't be loaded from "
        + places.stream().map(Path::toString).collect(Collectors.joining(" or "))
        + ": "
        + reason(cause)
        + "; set TMPDIR to a folder with 20 MB of room, not mounted with noexec";
  }

  static boolean isFull(Throwable cause) {
    if (cause instanceof RocksDBException failure
        && failure.getStatus() != null
        && failure.getStatus().getSubCode() == Status.SubCode.NoSpace) {
      return true;
    }
    return reason(cause).contains("No space left");
  }

  private static String reason(Throwable cause) {
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
