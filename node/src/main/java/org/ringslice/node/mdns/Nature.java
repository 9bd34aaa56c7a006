package org.ringslice.node.mdns;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What an interface is, as far as the system tells: Linux does, in {@code /sys/class/net}.
 *
 * @param told whether it does; nothing else is known where not
 * @param enslaved a port of a bridge or a part of a bond: what comes to it is the other's
 * @param hardware a cable or an antenna is behind it: it is one itself, or a bridge, a bond or a
 *     VLAN over one
 * @param ports of a bridge the names of its ports; of anything else none
 */
record Nature(boolean told, boolean enslaved, boolean hardware, List<String> ports) {
  static final Nature UNTOLD = new Nature(false, false, false, List.of());

  private static final Path INTERFACES = Path.of("/sys/class/net");

  /** A VLAN over a bridge over a bond over a card, and one more. */
  private static final int LAYERS_MAX = 5;

  /** The flag of an interface without neighbours, from Linux's {@code if.h}. */
  private static final int NOARP = 0x80;

  /**
   * @param index by which the system knows it: the folder may be that of another network namespace
   */
  static Nature of(String name, int index) {
    return of(INTERFACES, name, index);
  }

  static Nature of(Path interfaces, String name, int index) {
    Path folder = interfaces.resolve(name);
    try {
      if (!text(folder.resolve("ifindex")).equals(Integer.toString(index))) {
        return UNTOLD;
      }
      return new Nature(
          true, isEnslaved(folder), isHardware(interfaces, name, LAYERS_MAX), ports(folder));
    } catch (IOException | RuntimeException e) {
      // another system, a container that does not show it, or an interface that has just gone
      return UNTOLD;
    }
  }

  /** What is put into a VRF has a master as well, and keeps its addresses to itself. */
  private static boolean isEnslaved(Path folder) throws IOException {
    if (Files.exists(folder.resolve("brport")) || Files.exists(folder.resolve("bonding_slave"))) {
      return true;
    }
    Path flags = folder.resolve("master").resolve("flags");
    return Files.exists(flags) && (Integer.decode(text(flags)) & NOARP) == 0;
  }

  private static boolean isHardware(Path interfaces, String name, int layers) throws IOException {
    Path folder = interfaces.resolve(name);
    if (Files.exists(folder.resolve("device"))) {
      return true;
    }
    if (layers == 0) {
      return false;
    }
    for (String lower : names(folder, "lower_*")) {
      if (isHardware(interfaces, lower.substring("lower_".length()), layers - 1)) {
        return true;
      }
    }
    return false;
  }

  private static List<String> ports(Path folder) throws IOException {
    Path ports = folder.resolve("brif");
    return Files.isDirectory(ports) ? names(ports, "*") : List.of();
  }

  private static List<String> names(Path folder, String glob) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> content = Files.newDirectoryStream(folder, glob)) {
      content.forEach(each -> names.add(each.getFileName().toString()));
    }
    return names;
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file).strip();
  }
}
