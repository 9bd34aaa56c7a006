package org.ringslice.tools;

import java.util.Optional;
import org.ringslice.node.files.StoredFile;

/** What one command stored on fewer than half of the nodes that are to have it, in one sentence. */
final class FewCopies {
  private long count;
  private String worstName;
  private StoredFile worst;

  void note(String name, StoredFile stored) {
    if (2 * stored.copies() >= stored.wanted()) {
      return;
    }
    count++;
    if (worst == null || stored.copies() < worst.copies()) {
      worstName = name;
      worst = stored;
    }
  }

  /** One line, however many there are. */
  Optional<String> warning() {
    if (count == 0) {
      return Optional.empty();
    }
    String others = count == 1 ? "" : " (and " + Words.count(count - 1, "other") + " on so few)";
    return Optional.of(
        "warning: "
            + worstName
            + " is durable on only "
            + worst.copies()
            + " of "
            + Words.count(worst.wanted(), "node")
            + others
            + "; the others get theirs when they answer again, which '"
            + CalledAs.name()
            + " status' tells"
            + "; --min-copies N makes this a failure");
  }
}
