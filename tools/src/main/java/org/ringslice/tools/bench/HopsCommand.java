package org.ringslice.tools.bench;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench hops}. */
@Command(
    name = "hops",
    description =
        "How often a look-up is passed on where nodes know as few others as they may, for each"
            + " geometry, beside the figures of the papers. Simulated, which takes minutes and 2 GiB"
            + " for 10,000 nodes; or, with --tables, on tables that are as they should be.",
    footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} bench hops --tables --nodes 100,1000,10000"},
    mixinStandardHelpOptions = true)
final class HopsCommand implements Callable<Integer> {
  private static final int NODES_MAX = 100_000;

  @Spec private CommandSpec spec;
  @Mixin private BenchCommand.Output output;

  @Option(
      names = "--nodes",
      split = ",",
      paramLabel = "N",
      defaultValue = "100,1000",
      description = "Sizes of rings. Default: ${DEFAULT-VALUE}.")
  private List<Integer> sizes;

  @Option(
      names = "--tables",
      description = "Simulate nothing: each node knows whom it is to know, and nothing changes.")
  private boolean tables;

  @Option(names = "--seed", paramLabel = "S", description = "Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Override
  public Integer call() {
    if (sizes.stream().anyMatch(nodes -> nodes < 1 || nodes > NODES_MAX)) {
      throw new ParameterException(spec.commandLine(), "--nodes: 1 to " + NODES_MAX);
    }
    new HopsBench(output.figures(), seed, tables).run(sizes);
    return 0;
  }
}
