package org.ringslice.tools;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringslice.node.port.RefusedException;
import org.ringslice.node.runtime.Cursor;
import org.ringslice.node.runtime.StartException;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Starts the command that the arguments name. Whatever goes wrong ends here, as one sentence. */
public final class Main {
  static final int DONE = 0;
  static final int COULD_NOT = 1;
  static final int WRONG_USAGE = 2;

  private static final String HELP = "help";

  private static final int HELP_COLUMNS = 100;

  /** How picocli says it. */
  private static final Pattern NO_NUMBER = Pattern.compile(" is not an? (int|long)$");

  private final Console console;

  private Main(Console console) {
    this.console = console;
  }

  public static void main(String[] args) {
    // for the libraries; what is ours names its locale where one has a say
    Locale.setDefault(Locale.ROOT);
    System.exit(run(Console.ofProcess(), Argument.ofProcess(args)));
  }

  /** Runs a command to its end, and returns its exit code. */
  static int run(Console console, String... words) {
    Main main = new Main(console);
    String[] args = withHelp(words);
    try {
      int code = main.commandLine(args).execute(args);
      console.results().flush();
      return code;
    } catch (IOException | RuntimeException | Error e) {
      return main.failed(e, false);
    }
  }

  /** Nothing at all, and {@code help}, ask for the help, of a command where one is named. */
  private static String[] withHelp(String[] words) {
    if (words.length > 0 && !words[0].equals(HELP)) {
      return words;
    }
    boolean isThere = words.length < 2 || Commands.isNamed(words[1]) || words[1].startsWith("-");
    return isThere
        ? Stream.concat(Arrays.stream(words).skip(1), Stream.of("--help")).toArray(String[]::new)
        : new String[] {words[1]};
  }

  private CommandLine commandLine(String[] args) {
    CommandLine line = new CommandLine(new Ringslice());
    line.setCommandName(CalledAs.name());
    String first = args.length == 0 ? "" : args[0];
    for (String name : Commands.isNamed(first) ? List.of(first) : Commands.names()) {
      Object command = Commands.create(name);
      if (command instanceof Command ours) {
        ours.console = console;
      }
      line.addSubcommand(name, command);
    }
    line.registerConverter(Prefix.class, Prefix::parse);
    line.registerConverter(Slice.class, Slice::parse);
    line.registerConverter(Span.class, Span::parse);
    line.registerConverter(Cursor.class, Main::cursor);
    line.registerConverter(Path.class, Argument::path);
    // a file may have such a name
    line.setExpandAtFiles(false);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    line.setUsageHelpWidth(HELP_COLUMNS);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(console.results().writer());
    line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((e, given) -> misused(e));
    line.setExecutionExceptionHandler((e, command, parsed) -> failed(e, isVerbose(command)));
    return line;
  }

  private static Cursor cursor(String text) {
    try {
      return Cursor.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  private static boolean isVerbose(CommandLine line) {
    return line.getCommand() instanceof Command command && command.verbose;
  }

  private int misused(ParameterException e) {
    CommandLine line = e.getCommandLine();
    console.complain(whatIsWrong(e));
    suggestion(e).ifPresent(console.err()::println);
    console.err().println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
    return WRONG_USAGE;
  }

  /** What else was meant, only of what does no harm. */
  private static Optional<String> suggestion(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      return Optional.empty();
    }
    CommandLine line = e.getCommandLine();
    String word = unmatched.getUnmatched().get(0);
    if (unmatched.isUnknownOption()) {
      List<String> options =
          line.getCommandSpec().options().stream().map(OptionSpec::longestName).toList();
      return didYouMean(Suggestions.of(word, Commands.harmlessOf(options)), "");
    }
    return line.getParent() == null
        ? didYouMean(Suggestions.of(word, Commands.harmless()), CalledAs.name() + " ")
        : Optional.empty();
  }

  private static Optional<String> didYouMean(List<String> words, String before) {
    return words.isEmpty()
        ? Optional.empty()
        : Optional.of(
            words.stream()
                .map(before::concat)
                .collect(Collectors.joining(" or ", "Did you mean: ", "?")));
  }

  private static String whatIsWrong(ParameterException e) {
    if (e.getCause() instanceof TypeConversionException) {
      String option = e.getArgSpec() instanceof OptionSpec spec ? spec.longestName() + ": " : "";
      return option + NO_NUMBER.matcher(e.getCause().getMessage()).replaceFirst(" is no number");
    }
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
      String word = "'" + unmatched.getUnmatched().get(0) + "'";
      boolean first = e.getCommandLine().getParent() == null;
      return first ? "there is no command " + word : word + " is one word too many";
    }
    return e.getMessage();
  }

  private int failed(Throwable thrown, boolean verbose) {
    Throwable e = thrown instanceof UncheckedIOException ? thrown.getCause() : thrown;
    if (e instanceof ReaderGoneException) {
      // whoever read the results has enough of them, as `head` does
      return DONE;
    }
    console.complain(sentence(e));
    if (verbose) {
      e.printStackTrace(console.err());
    }
    return COULD_NOT;
  }

  private static String sentence(Throwable e) {
    boolean meantForPeople =
        e instanceof CommandException
            || e instanceof RefusedException
            || e instanceof StartException;
    if (meantForPeople) {
      return e.getMessage();
    }
    if (e instanceof OutOfMemoryError) {
      return "there is not enough memory; allow more with RINGSLICE_JAVA_OPTS=-Xmx1g";
    }
    return e instanceof IOException io
        ? trouble(io)
        : "a fault of Ringslice itself: " + e + "; --verbose shows where";
  }

  /** What an I/O exception says, for people; that of a file is often its name and nothing else. */
  static String trouble(IOException e) {
    if (e instanceof NoSuchFileException missing) {
      return "there is no file " + missing.getFile();
    }
    if (e instanceof AccessDeniedException denied) {
      return "this user may not use " + denied.getFile();
    }
    if (e instanceof FileSystemException file && file.getReason() != null) {
      return file.getFile() + ": " + file.getReason();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
