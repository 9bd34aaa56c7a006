package org.ringslice.node.store;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Where the database of a store is, and how one that was made anew takes its place: it grows in
 * {@code index.building}, is called {@code index.rebuilt} when it is whole, and then {@code index},
 * which is {@code index.damaged} until it is deleted. Whatever of that a crash leaves, {@link
 * #settle} goes on with it.
 */
final class IndexFolder {
  private static final String CURRENT = "CURRENT";

  private IndexFolder() {}

  static Path of(Path store) {
    return store.resolve("index");
  }

  static Path building(Path store) {
    return store.resolve("index.building");
  }

  private static Path rebuilt(Path store) {
    return store.resolve("index.rebuilt");
  }

  private static Path damaged(Path store) {
    return store.resolve("index.damaged");
  }

  /** What tells a folder from another of its name; null where there is none, or nothing tells. */
  static Object key(Path folder) throws IOException {
    try {
      return Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Puts what is being built at the place of the index. */
  static void install(Path store) throws IOException {
    rename(building(store), rebuilt(store));
    settle(store);
  }

  /** Finishes or forgets what was begun before a crash. */
  static void settle(Path store) throws IOException {
    delete(building(store));
    if (Files.exists(rebuilt(store))) {
      if (Files.exists(of(store))) {
        delete(damaged(store));
        rename(of(store), damaged(store));
      }
      rename(rebuilt(store), of(store));
    }
    if (Files.exists(of(store))) {
      delete(damaged(store));
    }
  }

  /**
   * Whether the database would open, and yet lack what it had: it begins anew when it does not find
   * its file CURRENT, and passes over all that follows a damaged record of its log.
   */
  static boolean lacksSomething(Path store) throws IOException {
    Path index = of(store);
    if (Files.exists(index.resolve(CURRENT))) {
      return WriteAheadLog.areDamaged(index);
    }
    return has(index, TableFile.SUFFIX)
        || has(index, WriteAheadLog.SUFFIX)
        || !SegmentNames.in(Database.blocks(store)).isEmpty();
  }

  private static boolean has(Path index, String suffix) throws IOException {
    if (!Files.isDirectory(index)) {
      return false;
    }
    try (var files = Files.newDirectoryStream(index, "*" + suffix)) {
      return files.iterator().hasNext();
    }
  }

  /** Of all files of a folder. */
  static long sizeBytes(Path folder) throws IOException {
    long sizeBytes = 0;
    if (Files.isDirectory(folder)) {
      try (var files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          sizeBytes += Files.size(file);
        }
      }
    }
    return sizeBytes;
  }

  private static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    BlockLog.syncNames(to.toAbsolutePath().getParent());
  }

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path left, IOException failure)
              throws IOException {
            Files.delete(left);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
