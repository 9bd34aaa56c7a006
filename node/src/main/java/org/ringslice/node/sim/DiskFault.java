package org.ringslice.node.sim;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A kind of what disks do, by the name of its verb in a {@link Scenario}. */
public enum DiskFault {
  ROT,
  TORN,
  ROLLBACK;

  private String verb() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads {@code rot,torn}.
   *
   * @throws IllegalArgumentException when one is not the name of any
   */
  public static Set<DiskFault> parse(String names) {
    EnumSet<DiskFault> faults = EnumSet.noneOf(DiskFault.class);
    for (String name : names.split(",", -1)) {
      faults.add(
          Arrays.stream(values())
              .filter(fault -> fault.verb().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "no fault of disks is called '" + name + "'; there are " + all())));
    }
    return faults;
  }

  private static String all() {
    return text(EnumSet.allOf(DiskFault.class));
  }

  /** Such that {@link #parse} reads it. */
  static String text(Set<DiskFault> faults) {
    return faults.stream().sorted().map(DiskFault::verb).collect(Collectors.joining(","));
  }
}
