package org.ringslice.tools.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench}: a subcommand for each of the figures that the documents quote. */
@Command(
    name = "bench",
    description = "Measures, on nodes of its own on this machine.",
    footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} bench rtt"},
    mixinStandardHelpOptions = true,
    subcommands = {
      BenchCommand.Rtt.class,
      BenchCommand.Store.class,
      BenchCommand.Get.class,
      BenchCommand.File.class,
      BenchCommand.Join.class,
      BenchCommand.Folder.class,
      BenchCommand.Sync.class,
      BenchCommand.Index.class,
      BenchCommand.Watch.class,
      BenchCommand.CatchUp.class,
      BenchCommand.Scrub.class,
      BenchCommand.Codec.class,
      BenchCommand.ListAll.class,
      LoadCommand.class,
      SizeBenchCommand.class,
      HopsCommand.class
    })
public final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** What all have. */
  static final class Output {
    @Option(names = "--json", description = "A JSON object a line.")
    private boolean json;

    Figures figures() {
      return new Figures(System.out, json);
    }
  }

  @Override
  public Integer call() {
    System.err.println(
        "Name what to measure: rtt, store, get, file, folder, join, sync, index, watch, list,"
            + " catch-up, scrub, codec, load, size or hops;"
            + " see '"
            + spec.qualifiedName()
            + " --help'.");
    return 2;
  }

  @Command(
      name = "rtt",
      description = "One small question at a time: GetID and GetItem beside bare JeroMQ.",
      footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} bench rtt --rounds 20"},
      mixinStandardHelpOptions = true)
  static final class Rtt implements Callable<Integer> {
    @Mixin private Output output;

    @Option(
        names = "--rounds",
        defaultValue = "20",
        description = "Of 1000 each. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Override
    public Integer call() throws Exception {
      new RttBench(output.figures(), rounds).run();
      return 0;
    }
  }

  @Command(
      name = "store",
      description = "Durable stores of 1 KiB to two nodes.",
      footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} bench store --count 200000"},
      mixinStandardHelpOptions = true)
  static final class Store implements Callable<Integer> {
    @Mixin private Output output;

    @Option(names = "--count", defaultValue = "200000", description = "Default: ${DEFAULT-VALUE}.")
    private int count;

    @Option(
        names = "--outstanding",
        defaultValue = "64",
        description = "Default: ${DEFAULT-VALUE}.")
    private int outstanding;

    @Override
    public Integer call() throws Exception {
      new StoreBench(output.figures(), count, outstanding).run(false);
      return 0;
    }
  }

  @Command(
      name = "get",
      description = "Reads of items of 1 KiB that were just stored.",
      footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} bench get --count 200000"},
      mixinStandardHelpOptions = true)
  static final class Get implements Callable<Integer> {
    @Mixin private Output output;

    @Option(names = "--count", defaultValue = "200000", description = "Default: ${DEFAULT-VALUE}.")
    private int count;

    @Option(
        names = "--outstanding",
        defaultValue = "64",
        description = "Default: ${DEFAULT-VALUE}.")
    private int outstanding;

    @Override
    public Integer call() throws Exception {
      new StoreBench(output.figures(), count, outstanding).run(true);
      return 0;
    }
  }

  @Command(
      name = "file",
      description = "A large file, stored and fetched, beside rsync over loopback.",
      footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} bench file --size 1024 --rounds 3"},
      mixinStandardHelpOptions = true)
  static final class File implements Callable<Integer> {
    @Mixin private Output output;

    @Option(
        names = "--size",
        defaultValue = "1024",
        description = "In MiB. Default: ${DEFAULT-VALUE}.")
    private int megabytes;

    @Option(names = "--rounds", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Override
    public Integer call() throws Exception {
      new FileBench(output.figures(), megabytes, rounds).run();
      return 0;
    }
  }

  @Command(
      name = "join",
      description = {
        "From the start of a node until all see each other, on this machine and, where network"
            + " namespaces are allowed, between hosts."
      },
      footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} bench join --runs 10 --nodes 3"},
      mixinStandardHelpOptions = true)
  static final class Join implements Callable<Integer> {
    @Mixin private Output output;

    @Option(names = "--runs", defaultValue = "10", description = "Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Option(names = "--nodes", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
    private int nodes;

    @Option(
        names = "--together",
        description = "Start all at once, and not the last when the others know each other.")
    private boolean together;

    @Override
    public Integer call() throws Exception {
      new JoinBench(output.figures(), runs, nodes, together).run();
      return 0;
    }
  }

  @Command(
      name = "folder",
      description = "A folder of small files, stored and fetched, beside cp -r.",
      footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} bench folder --nodes 6 --files 10000"},
      mixinStandardHelpOptions = true)
  static final class Folder implements Callable<Integer> {
    @Mixin private Output output;

    @Option(names = "--nodes", defaultValue = "6", description = "Default: ${DEFAULT-VALUE}.")
    private int nodes;

    @Option(names = "--files", defaultValue = "10000", description = "Default: ${DEFAULT-VALUE}.")
    private int files;

    @Option(
        names = "--size",
        defaultValue = "4096",
        description = "Of a file, in bytes. Default: ${DEFAULT-VALUE}.")
    private int fileBytes;

    @Option(names = "--rounds", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Override
    public Integer call() throws Exception {
      new FolderBench(output.figures(), nodes, files, fileBytes, rounds).run();
      return 0;
    }
  }

  @Command(
      name = "sync",
      description = {
        "Two sets of ids made equal in memory: bytes of the session both ways, round trips, CPU,"
            + " beside other ways and the least that is possible."
      },
      footer = {
        "",
        "Example:",
        "  ${ROOT-COMMAND-NAME} bench sync --entries 10000,100000 --runs 3"
      },
      mixinStandardHelpOptions = true)
  static final class Sync implements Callable<Integer> {
    @Mixin private Output output;

    @Option(
        names = "--entries",
        split = ",",
        defaultValue = "10000,100000,1000000",
        description = "That both have. Default: ${DEFAULT-VALUE}.")
    private int[] entries;

    @Option(
        names = "--runs",
        defaultValue = "3",
        description = "Seeds, of which the means are shown. Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Option(names = "--clustered", description = "All ids begin with the same 16 bytes.")
    private boolean clustered;

    @Override
    public Integer call() {
      new SyncBench(System.out, output.json, runs, clustered).run(entries);
      return 0;
    }
  }

  @Command(
      name = "index",
      description = {
        "A store of many small entries: how long until it is open and its index is there, made of"
            + " the rows, saved, and after a kill; and how fast its rows are listed."
      },
      footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} bench index --entries 1000000"},
      mixinStandardHelpOptions = true)
  static final class Index implements Callable<Integer> {
    @Mixin private Output output;

    @Option(
        names = "--entries",
        defaultValue = "1000000",
        description = "Default: ${DEFAULT-VALUE}.")
    private int entries;

    @Option(
        names = "--lines",
        defaultValue = "60000",
        description = "Stored after the index was saved. Default: ${DEFAULT-VALUE}.")
    private int lines;

    @Option(names = "--runs", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Override
    public Integer call() throws Exception {
      new IndexBench(output.figures(), entries, lines, runs).run();
      return 0;
    }
  }

  @Command(
      name = "catch-up",
      description = {
        "Two nodes as processes, one of which joins with nothing, and then is away while more is"
            + " stored: from its start until both are proved to hold the same, and the bytes on the"
            + " wire."
      },
      footer = {
        "",
        "Example:",
        "  ${ROOT-COMMAND-NAME} bench catch-up --items 1000000 --more 1000"
      },
      mixinStandardHelpOptions = true)
  static final class CatchUp implements Callable<Integer> {
    @Mixin private Output output;

    @Option(
        names = "--items",
        defaultValue = "1000000",
        description = "That both hold. Default: ${DEFAULT-VALUE}.")
    private int items;

    @Option(
        names = "--more",
        defaultValue = "1000",
        description = "That are stored while one is away. Default: ${DEFAULT-VALUE}.")
    private int more;

    @Option(
        names = "--size",
        defaultValue = "100",
        description = "Of an item, in bytes. Default: ${DEFAULT-VALUE}.")
    private int itemBytes;

    @Option(names = "--runs", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Override
    public Integer call() throws Exception {
      new CatchUpBench(output.figures(), items, more, itemBytes, runs).run();
      return 0;
    }
  }

  @Command(
      name = "scrub",
      description = {
        "What it costs a node to read all that it holds once a week: the share of a core while"
            + " nobody asks it anything, and how fast it reads when that is asked for."
      },
      footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} bench scrub --items 20000 --size 65536"},
      mixinStandardHelpOptions = true)
  static final class Scrub implements Callable<Integer> {
    @Mixin private Output output;

    @Option(
        names = "--items",
        defaultValue = "1000000",
        description = "That it holds. Default: ${DEFAULT-VALUE}.")
    private int items;

    @Option(
        names = "--size",
        defaultValue = "100",
        description = "Of an item, in bytes. Default: ${DEFAULT-VALUE}.")
    private int itemBytes;

    @Option(
        names = "--seconds",
        defaultValue = "60",
        description = "For which it is looked at. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Override
    public Integer call() throws Exception {
      new ScrubBench(output.figures(), items, itemBytes, seconds).run();
      return 0;
    }
  }

  @Command(
      name = "codec",
      description = "The messages that are sent most, written to bytes and read from them.",
      footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} bench codec"},
      mixinStandardHelpOptions = true)
  static final class Codec implements Callable<Integer> {
    @Mixin private Output output;

    @Option(names = "--rounds", defaultValue = "7", description = "Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Override
    public Integer call() throws Exception {
      new CodecBench(output.figures(), rounds).run();
      return 0;
    }
  }

  @Command(
      name = "watch",
      description = {
        "How long after its call a store is told to a watcher at another node; and whether each is"
            + " told exactly once when the watcher is killed three times and a holder once."
      },
      footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} bench watch --rate 2000 --seconds 60"},
      mixinStandardHelpOptions = true)
  static final class Watch implements Callable<Integer> {
    @Mixin private Output output;

    @Option(
        names = "--rate",
        defaultValue = "2000",
        description = "Stores a second. Default: ${DEFAULT-VALUE}.")
    private int perSecond;

    @Option(
        names = "--seconds",
        defaultValue = "60",
        description = "With kills; 0 for none of that. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Override
    public Integer call() throws Exception {
      new WatchBench(output.figures(), System.err, perSecond, seconds).run();
      return 0;
    }
  }

  @Command(
      name = "list",
      description = "list all of many small items over three nodes: lines a second, and memory.",
      footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} bench list --items 1000000"},
      mixinStandardHelpOptions = true)
  static final class ListAll implements Callable<Integer> {
    @Mixin private Output output;

    @Option(names = "--items", defaultValue = "1000000", description = "Default: ${DEFAULT-VALUE}.")
    private int items;

    @Override
    public Integer call() throws Exception {
      new ListBench(output.figures(), System.err, items).run();
      return 0;
    }
  }
}
