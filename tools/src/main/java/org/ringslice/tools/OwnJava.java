package org.ringslice.tools;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The command of another process of this program: the same Java, the same classes. */
final class OwnJava {
  /** Options of this process that the other is to have, too; the rest is chosen for each. */
  private static final List<String> INHERITED =
      List.of(
          "-Xlog:",
          "-XX:SharedArchiveFile=",
          "-Xshare:",
          "--enable-native-access=",
          "--sun-misc-unsafe-memory-access=");

  private OwnJava() {}

  /** Up to where the name of the command of {@code ringslice} comes. */
  static List<String> command(String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    inherited().forEach(command::add);
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    return command;
  }

  private static Stream<String> inherited() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> INHERITED.stream().anyMatch(argument::startsWith));
  }
}
