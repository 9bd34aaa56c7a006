package org.ringslice.node.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Id;

final class FolderWatchTest {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  @TempDir Path temp;
  private Path dir;

  @BeforeEach
  void makeAFolder() throws IOException {
    dir = Files.createDirectories(temp.resolve("node"));
    Files.createDirectories(dir.resolve("items/blocks"));
  }

  /** What takes the folder away. */
  @FunctionalInterface
  private interface Hand {
    void move() throws IOException;
  }

  private String lostBy(Hand hand) throws Exception {
    try (DataFolder folder = DataFolder.open(dir)) {
      CompletableFuture<String> lost = new CompletableFuture<>();
      FolderWatch watch = FolderWatch.start(folder, LOOK_NANOS, lost::complete);
      try {
        hand.move();
        return lost.get(60, TimeUnit.SECONDS);
      } finally {
        watch.close();
        folder.abandon();
      }
    }
  }

  private static void deleteAllIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void noticesThatTheFolderIsDeleted() throws Exception {
    String why = lostBy(() -> deleteAllIn(dir));
    assertTrue(why.contains(" is gone"), why);
    assertFalse(Files.exists(dir));
  }

  @Test
  void noticesThatTheItemsAreDeleted() throws Exception {
    String why = lostBy(() -> deleteAllIn(dir.resolve("items")));
    assertTrue(why.contains(dir.resolve("items") + " is gone"), why);
  }

  @Test
  void noticesThatAnotherFolderTookItsPlaceAndLeavesThatAlone() throws Exception {
    Path endpoint = dir.resolve("endpoint");
    String why =
        lostBy(
            () -> {
              Files.move(dir, temp.resolve("moved"));
              Files.createDirectories(dir.resolve("items/blocks"));
              Files.writeString(endpoint, "somebody else's");
            });
    assertTrue(why.contains(" is another one now") || why.contains(" is gone"), why);
    assertTrue(Files.exists(endpoint));
  }

  @Test
  void saysNothingWhileTheNodeWritesToItsFolder() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    try (DataFolder folder = DataFolder.open(dir)) {
      FolderWatch watch = FolderWatch.start(folder, LOOK_NANOS, told::add);
      for (int i = 1; i < 200; i++) {
        folder.setPorts(i, i);
        folder.setId(Id.ofWords(i, i, i, i));
      }
      assertEquals(List.of(), List.copyOf(told));
      // it has looked all the time
      Files.move(dir, temp.resolve("moved"));
      String why = told.poll(60, TimeUnit.SECONDS);
      watch.close();
      folder.abandon();
      assertNotNull(why);
      assertTrue(why.contains(" is gone"), why);
    }
  }
}
