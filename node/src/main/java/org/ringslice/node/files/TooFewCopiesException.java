package org.ringslice.node.files;

import java.util.stream.Collectors;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Receipt;
import org.ringslice.node.port.RefusedException;

/**
 * What was stored is durable, though on fewer nodes than were demanded. It stays where it is; to
 * store it again brings it to who lacks it, and sends nothing twice.
 */
public final class TooFewCopiesException extends RefusedException {
  private static final long serialVersionUID = 1L;

  private final transient StoredFile stored;

  TooFewCopiesException(Receipt least, int wanted, CopyDemand demand, StoredFile stored) {
    super(ErrorCode.TOO_FEW_COPIES, sentence(least, wanted, demand));
    this.stored = stored;
  }

  /** What was reached. */
  public StoredFile stored() {
    return stored;
  }

  private static String sentence(Receipt least, int wanted, CopyDemand demand) {
    String reached =
        "durable on "
            + least.copies()
            + " of "
            + wanted
            + (wanted == 1 ? " node" : " nodes")
            + least.holders().stream()
                .map(Id::toString)
                .collect(Collectors.joining(", ", " (", ")"))
            + ", and "
            + demand.min()
            + " copies were asked for";
    if (wanted < demand.min()) {
      return reached
          + ": the ring keeps "
          + wanted
          + " of an item as it stands, one on each node and at most 2^N by its mask bits; start"
          + " more nodes, and store it again";
    }
    long seconds = demand.patience().toSeconds();
    return reached
        + (seconds > 0 ? ", which " + seconds + " s more did not bring" : "")
        + "; 'status' tells which node lacks its copy and why; store it again when that is mended";
  }
}
