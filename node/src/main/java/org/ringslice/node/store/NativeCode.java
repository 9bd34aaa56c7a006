package org.ringslice.node.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

/**
 * Loads RocksDB's native library. By itself RocksDB copies it, 17 MB, to the temporary folder and
 * deletes it when the process ends in peace; a process that is killed leaves it there, each time.
 * So it is copied to a folder of its own, which is deleted as soon as the library is loaded. Where
 * the temporary folder is missing, full, or lets nothing be run, it goes beside the items.
 */
final class NativeCode {
  private NativeCode() {}

  /** Throws {@link IOException} with a sentence for people when no place will do. */
  static synchronized void load(Path beside) throws IOException {
    Set<Path> places = places(beside);
    Throwable first = null;
    for (Path place : places) {
      try {
        loadFrom(Files.createTempDirectory(place, "ringslice-native-"));
        return;
      } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
        first = first == null ? e : first;
      }
    }
    throw new IOException(DiskTrouble.ofLoading(places, first), first);
  }

  private static Set<Path> places(Path beside) {
    Set<Path> places = new LinkedHashSet<>();
    String temporary = System.getenv("TMPDIR");
    if (temporary != null && !temporary.isEmpty()) {
      places.add(Path.of(temporary));
    }
    places.add(Path.of(System.getProperty("java.io.tmpdir")));
    places.add(beside);
    return places;
  }

  private static void loadFrom(Path folder) throws IOException {
    try {
      NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
      RocksDB.loadLibrary();
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      // Windows deletes nothing that is loaded: RocksDB deletes it at the end of the process
    }
  }
}
