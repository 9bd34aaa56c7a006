package org.ringslice.node.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;

/**
 * Files and folders that nobody but their owner can read or write, where the file system knows of
 * that.
 */
final class OwnerOnly {
  private static final String FOLDER = "rwx------";
  private static final String FILE = "rw-------";
  private static final Path OWN_PROCESS = Path.of("/proc/self");

  private OwnerOnly() {}

  static FileAttribute<?>[] fileAttributes(Path near) {
    return attributes(near, FILE);
  }

  /** Makes a folder and those above it that are missing; one that exists stays as it is. */
  static void createFolders(Path folder) throws IOException {
    // createDirectories refuses a link to a folder on Java 17
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, attributes(folder, FOLDER));
    }
  }

  /** Takes the rights of all others away from a folder of our own. */
  static void tighten(Path folder) throws IOException {
    if (isPosix(folder)) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(FOLDER));
    }
  }

  /**
   * Who this process is to the file system: who owns it, where Linux tells, for there may be no
   * room for a file; else the owner of a file that it makes.
   */
  static UserPrincipal self() throws IOException {
    if (Files.isDirectory(OWN_PROCESS)) {
      return Files.getOwner(OWN_PROCESS);
    }
    Path made = Files.createTempFile("ringslice", null);
    try {
      return Files.getOwner(made);
    } finally {
      Files.delete(made);
    }
  }

  private static FileAttribute<?>[] attributes(Path near, String permissions) {
    return isPosix(near)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        != null;
  }
}
