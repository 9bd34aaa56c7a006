package org.ringslice.node.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir Path temporary;

  @Test
  void isWhereThePersonSays() {
    Path chosen = temporary.resolve("mine");
    Map<String, String> environment =
        Map.of("RINGSLICE_RUN_DIR", chosen.toString(), "XDG_RUNTIME_DIR", temporary.toString());
    assertEquals(chosen, RunFolder.of(environment, temporary, "ann"));
  }

  @Test
  void isInTheRuntimeFolderOfTheUser() {
    Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", temporary.toString());
    assertEquals(temporary.resolve("ringslice"), RunFolder.of(environment, Path.of("/tmp"), "ann"));
  }

  @Test
  void isInTheTemporaryFolderWhenTheRuntimeFolderIsMissing() {
    Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", temporary.resolve("no").toString());
    assertEquals(temporary.resolve("ringslice-ann"), RunFolder.of(environment, temporary, "ann"));
    assertEquals(temporary.resolve("ringslice-ann"), RunFolder.of(Map.of(), temporary, "ann"));
  }

  @Test
  void isNotInTheRuntimeFolderOfSomebodyElse() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can give a folder away");
    Path theirs = Files.createDirectory(temporary.resolve("theirs"));
    Files.setAttribute(theirs, "unix:uid", 65534);
    Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", theirs.toString());
    assertEquals(temporary.resolve("ringslice-ann"), RunFolder.of(environment, temporary, "ann"));
  }

  @Test
  void writesAnyNameAsOneFileName() {
    assertEquals("lab-2_B", RunFolder.encode("lab-2_B"));
    assertEquals("%2e%2e%2fetc", RunFolder.encode("../etc"));
    assertEquals("b%c3%bcro", RunFolder.encode("büro"));
    assertEquals("%", RunFolder.encode(""));
  }
}
