package org.ringslice.tools.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench size}. */
@Command(
    name = "size",
    description =
        "How far the estimated number of nodes is off, and how often its 95 %% interval holds the"
            + " truth, when only the answers to some calls are known. Calculated, without any node.",
    footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} bench size --seeds 1000"},
    mixinStandardHelpOptions = true)
final class SizeBenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private BenchCommand.Output output;

  @Option(
      names = "--seeds",
      defaultValue = "1000",
      description = "Rings of each size. Default: ${DEFAULT-VALUE}.")
  private int seeds;

  @Option(
      names = "--random-points",
      description = "Ask about points that are all random, and not in equal steps as nodes do.")
  private boolean randomPoints;

  @Override
  public Integer call() {
    if (seeds < 1) {
      throw new ParameterException(spec.commandLine(), "--seeds: at least 1");
    }
    new SizeBench(output.figures(), seeds, randomPoints).run();
    return 0;
  }
}
