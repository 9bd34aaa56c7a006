package org.ringslice.node.folder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.node.event.ForeignArc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code foreign} of a data folder: for how long the node has been no holder of what, so
 * that a restart does not begin anew the time for which it keeps copies of that. Without it they
 * are kept longer, so a damaged one is an empty one.
 */
final class ForeignFile {
  private static final int ARCS_MAX = Limits.ARCS_MAX;

  /** A line has a key, two ids in hex and a number. */
  private static final int BYTES_MAX = ARCS_MAX * 256;

  private static final Logger LOG = LoggerFactory.getLogger(ForeignFile.class);

  private ForeignFile() {}

  static void write(Path dir, List<ForeignArc> arcs) throws IOException {
    KeyValues values = new KeyValues();
    arcs.stream().limit(ARCS_MAX).forEach(arc -> values.add("arc", line(arc)));
    SmallFile.replace(fileIn(dir), values.toBytes(), SmallFile.Outlives.A_LOSS_OF_POWER);
  }

  static List<ForeignArc> read(Path dir) {
    try {
      Optional<byte[]> bytes = SmallFile.read(fileIn(dir), BYTES_MAX);
      return bytes.isEmpty() ? List.of() : parse(KeyValues.parse(bytes.get()));
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn(
          "Copies that belong elsewhere are kept for a day from now on, because {} can't be used"
              + " ({}).",
          fileIn(dir),
          e.getMessage());
      return List.of();
    }
  }

  private static String line(ForeignArc each) {
    return each.arc().from().toHex() + ' ' + each.arc().to().toHex() + ' ' + each.nanos();
  }

  private static List<ForeignArc> parse(KeyValues values) throws DamagedException {
    List<ForeignArc> arcs = new ArrayList<>();
    for (String line : values.all("arc")) {
      String[] words = line.split(" ", -1);
      if (words.length != 3 || arcs.size() == ARCS_MAX) {
        throw new DamagedException("it has an arc that is none, or too many");
      }
      Arc arc = new Arc(Id.fromHex(words[0]), Id.fromHex(words[1]));
      arcs.add(new ForeignArc(arc, Long.parseLong(words[2])));
    }
    return List.copyOf(arcs);
  }

  private static Path fileIn(Path dir) {
    return dir.resolve("foreign");
  }
}
