package org.ringslice.node.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileNameTest {
  @Property(tries = 3000)
  void anyBytesButSlashAndNulComeBack(@ForAll @Size(min = 1, max = 40) byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '/' || bytes[i] == 0) {
        bytes[i] = (byte) 0xff;
      }
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (text.equals(".") || text.equals("..")) {
      return;
    }
    assertArrayEquals(bytes, FileName.bytesOf(FileName.nameOf(bytes)));
    byte[] absolute = ("/" + text).getBytes(StandardCharsets.ISO_8859_1);
    assertArrayEquals(absolute, FileName.bytesOf(FileName.pathOf(absolute)));
  }

  @Test
  void refusesWhatIsNoPlainName() {
    for (String name : List.of("", ".", "..", "/", "/etc", "a/b", "a/", "ü/b", "/ü", "a\0")) {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      assertThrows(InvalidPathException.class, () -> FileName.nameOf(bytes), name);
    }
  }

  @Test
  void showsOnOneLineWhatIsNoText() {
    assertEquals("a b ü", FileName.printable("a b ü".getBytes(StandardCharsets.UTF_8)));
    assertEquals("a%0A%1B", FileName.printable("a\n\u001b".getBytes(StandardCharsets.UTF_8)));
    assertEquals("a%FF", FileName.printable(new byte[] {'a', (byte) 0xff}));
  }

  @Test
  void namesAreTheSameBytesInEachLocale(@TempDir Path folder) throws Exception {
    for (String locale : List.of("C.UTF-8", "POSIX")) {
      ProcessBuilder builder =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Namer.class.getName())
              .directory(Files.createDirectory(folder.resolve(locale)).toFile())
              .redirectError(folder.resolve("err").toFile())
              .redirectOutput(folder.resolve("out").toFile());
      builder.environment().put("LC_ALL", locale);
      Process process = builder.start();
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue(), Files.readString(folder.resolve("err")));
    }
  }

  /** Makes files and links of odd names in its current folder, and finds them again. */
  static final class Namer {
    public static void main(String[] args) throws IOException {
      for (String text :
          List.of("plain", "\u00ff\u00fe", "u\u00cc\u0088", "\u00c3\u00bc", "\n -?*")) {
        byte[] name = text.getBytes(StandardCharsets.ISO_8859_1);
        Path path = Path.of("").resolve(FileName.nameOf(name));
        Files.createSymbolicLink(path, FileName.pathOf(name));
        try (var found = Files.newDirectoryStream(Path.of(""))) {
          Path only = found.iterator().next();
          boolean same =
              java.util.Arrays.equals(name, FileName.bytesOf(only.getFileName()))
                  && java.util.Arrays.equals(name, FileName.bytesOf(Files.readSymbolicLink(only)));
          if (!same) {
            throw new IOException("not what was made: " + FileName.printable(only));
          }
        }
        Files.delete(path);
      }
      if (new File(".").list().length > 0) {
        throw new IOException("something else was made");
      }
    }
  }
}
