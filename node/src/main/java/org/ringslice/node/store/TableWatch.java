package org.ringslice.node.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that somebody else wrote to a table of the index: the database never changes one that is
 * finished, and answers from its cache for as long as it likes. One that did not change between two
 * looks is taken for finished. For one thread.
 */
final class TableWatch {
  private static final Logger LOG = LoggerFactory.getLogger(TableWatch.class);

  private Map<Path, Stamp> before = Map.of();

  private record Stamp(Object file, long sizeBytes, FileTime modified, boolean finished) {
    boolean is(Stamp other) {
      return sizeBytes == other.sizeBytes
          && modified.equals(other.modified)
          && String.valueOf(file).equals(String.valueOf(other.file));
    }
  }

  /** Whether a finished table has changed since the last look. */
  boolean look(Path index) throws IOException {
    Map<Path, Stamp> now = new HashMap<>();
    boolean changed = false;
    for (Path table : TableFile.in(index)) {
      try {
        Stamp then = before.get(table);
        Stamp found = stamp(table, false);
        boolean isSame = then != null && then.is(found);
        changed |= then != null && then.finished() && !isSame;
        now.put(table, isSame ? stamp(then) : found);
      } catch (NoSuchFileException e) {
        LOG.debug("the database is done with {}", table, e);
      }
    }
    before = now;
    return changed;
  }

  private static Stamp stamp(Path table, boolean finished) throws IOException {
    BasicFileAttributes now = Files.readAttributes(table, BasicFileAttributes.class);
    return new Stamp(now.fileKey(), now.size(), now.lastModifiedTime(), finished);
  }

  private static Stamp stamp(Stamp then) {
    return new Stamp(then.file(), then.sizeBytes(), then.modified(), true);
  }
}
