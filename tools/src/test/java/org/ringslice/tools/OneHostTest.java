package org.ringslice.tools;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many nodes as processes on one machine. */
class OneHostTest {
  private static final int NODES = 10;

  @TempDir Path folder;

  private final Deque<RealProcess> open = new ArrayDeque<>();

  @AfterEach
  void closeAll() {
    open.forEach(RealProcess::close);
  }

  @Test
  void tenNodesFindEachOtherByTheFilesOfTheirHost() throws Exception {
    for (int i = 0; i < NODES; i++) {
      String dir = folder.resolve("node" + i).toString();
      String[] args = {
        "node", "--json", "--dir", dir, "--bind", "127.0.0.1", "--network", "ten-on-one-host"
      };
      open.push(RealProcess.start(folder, args));
    }
    String[] endpoints = new String[NODES];
    int count = 0;
    for (RealProcess node : open) {
      endpoints[count++] = node.readyEndpoint();
    }
    RealProcess onlooker = RealProcess.onlooker(folder, endpoints);
    open.push(onlooker);
    onlooker.awaitCounts(NODES, NODES);
  }
}
