package org.ringslice.node.files;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Who may use a file or folder that comes. While it comes its owner alone: whom it is for is not
 * known before it is whole, and who has opened it once reads all that comes after. Then those who
 * could use what it replaces; where there was nothing, those whom the umask lets.
 */
final class Rights {
  private static final Set<PosixFilePermission> OWNERS_FILE =
      PosixFilePermissions.fromString("rw-------");

  private static final Set<PosixFilePermission> OWNERS_FOLDER =
      PosixFilePermissions.fromString("rwx------");

  private static final FileAttribute<?>[] NONE = {};

  /** Nothing where the file system knows of no rights. */
  private final Optional<PosixFileAttributes> wanted;

  /** Whether owner and group are wanted, too. */
  private final boolean replaces;

  private Rights(Optional<PosixFileAttributes> wanted, boolean replaces) {
    this.wanted = wanted;
    this.replaces = replaces;
  }

  /** To make a file by. */
  static FileAttribute<?>[] ofComingFile(Path file) {
    return of(file, OWNERS_FILE);
  }

  /** To make a folder by. */
  static FileAttribute<?>[] ofComingFolder(Path folder) {
    return of(folder, OWNERS_FOLDER);
  }

  private static FileAttribute<?>[] of(Path path, Set<PosixFilePermission> permissions) {
    return hasThem(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : NONE;
  }

  private static boolean hasThem(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** Those of what is there. */
  static Rights ofReplaced(Path target) throws IOException {
    return new Rights(read(target), true);
  }

  /**
   * Those of what is made without a word about rights. Java does not tell the umask, and a folder
   * may have its own idea of it; so one is made, and deleted.
   *
   * @param probe where nothing is
   */
  static Rights ofNew(Path probe, boolean folder) throws IOException {
    Path made = folder ? Files.createDirectory(probe) : Files.createFile(probe);
    try {
      return new Rights(read(made), false);
    } finally {
      Files.delete(made);
    }
  }

  private static Optional<PosixFileAttributes> read(Path path) throws IOException {
    return hasThem(path)
        ? Optional.of(
            Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS))
        : Optional.empty();
  }

  /** Gives them to what is whole. Owner and group as far as this user may give them away. */
  void give(Path path) throws IOException {
    if (wanted.isEmpty()) {
      return;
    }
    PosixFileAttributeView view =
        Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (replaces) {
      giveAway(view, wanted.get());
    }
    // after the owner: with another owner the system takes some of them back
    Files.setPosixFilePermissions(path, wanted.get().permissions());
  }

  private static void giveAway(PosixFileAttributeView view, PosixFileAttributes wanted)
      throws IOException {
    PosixFileAttributes now = view.readAttributes();
    try {
      if (!now.group().equals(wanted.group())) {
        view.setGroup(wanted.group());
      }
      if (!now.owner().equals(wanted.owner())) {
        view.setOwner(wanted.owner());
      }
    } catch (FileSystemException e) {
      // this user may not
    }
  }
}
