package org.ringslice.node.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

/**
 * Loads RocksDB's native library. By itself RocksDB copies it, 17 MB, to the temporary folder and
 * deletes it when the process ends in peace; a process that is killed leaves it there, each time.
 * So it is copied to a folder of its own, which is deleted as soon as the library is loaded.
 */
final class NativeCode {
  private NativeCode() {}

  static synchronized void load() throws IOException {
    Path folder = Files.createTempDirectory("ringslice-native-");
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
