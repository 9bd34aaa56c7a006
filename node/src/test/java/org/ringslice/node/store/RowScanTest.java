package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;
import org.ringslice.node.event.StoreRequest;

final class RowScanTest {
  @TempDir Path folder;

  private final Random random = new Random(7);

  /** The writer forgets it when it has committed that, and a scan may be of the moment before. */
  @Test
  void aRowThatIsGivenUpMeanwhileIsNotToldAsLiving() throws Exception {
    Entry sound = Samples.blob(random, Samples.LARGE_BYTES);
    Entry damaged = Samples.blob(random, Samples.LARGE_BYTES);
    keep(sound, damaged);
    Database database = new Database(folder, BlockLog.SEGMENT_BYTES, Asked.KEY);
    try {
      Damage damage = new Damage();
      IndexRow row = database.read(tables -> tables.row(damaged.id()));
      damage.note(row);
      RowScan scan =
          new RowScan(StoreRequest.Scan.living(Arc.wholeRing(Id.ZERO), Direction.NEXT, 9), damage);
      damage.forget(row);

      assertEquals(List.of(sound.info()), database.read(scan::all));
    } finally {
      database.close(0);
    }
  }

  private void keep(Entry... entries) throws IOException {
    try (Asked asked = new Asked(folder)) {
      asked.kept(entries);
    }
  }
}
