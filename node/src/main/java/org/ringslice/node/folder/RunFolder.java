package org.ringslice.node.folder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;

/**
 * The folder in which the nodes of one user on one machine meet, with a sub-folder for each
 * network. It lies where others may write (the system's temporary folder), so that only a real
 * folder of one's own, closed to others, is used.
 */
final class RunFolder {
  private RunFolder() {}

  /**
   * Where it is: as the person says, else where the system keeps such things, else in the temporary
   * folder.
   */
  static Path of(Map<String, String> environment, Path temporary, String user) {
    String chosen = environment.get("RINGSLICE_RUN_DIR");
    if (chosen != null && !chosen.isEmpty()) {
      return Path.of(chosen).toAbsolutePath();
    }
    String runtime = environment.get("XDG_RUNTIME_DIR");
    if (runtime != null && !runtime.isEmpty() && isOwn(Path.of(runtime))) {
      return Path.of(runtime, "ringslice");
    }
    return temporary.resolve("ringslice-" + encode(user)).toAbsolutePath();
  }

  /** It is inherited through su and sudo, and then belongs to another user. */
  private static boolean isOwn(Path folder) {
    try {
      return Files.isDirectory(folder) && Files.getOwner(folder).equals(OwnerOnly.self());
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** The part of the folder that belongs to a network. */
  static Path of(Path folder, String network) {
    return folder.resolve(encode(network));
  }

  /** Makes the folder of a network ready; the exception's message says why it can't be used. */
  static Path prepare(Path folder, String network) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      OwnerOnly.createFolders(folder);
    }
    if (Files.isSymbolicLink(folder)) {
      throw new IOException("it is a symbolic link");
    }
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("it is not a folder");
    }
    if (!Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(OwnerOnly.self())) {
      throw new IOException("it belongs to another user");
    }
    OwnerOnly.tighten(folder);
    Path inner = of(folder, network);
    OwnerOnly.createFolders(inner);
    return inner;
  }

  /**
   * A name as one file name on any system: all but letters, digits, - and _ as % and two hex
   * digits.
   */
  static String encode(String name) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_';
      if (plain) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HexFormat.of().toHexDigits(b));
      }
    }
    return encoded.isEmpty() ? "%" : encoded.toString();
  }
}
