package org.ringslice.tools.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench load}. */
@Command(
    name = "load",
    description =
        "How much fuller the fullest node is than the mean: places drawn at random, and places"
            + " chosen to even the shares, as a newcomer does. Calculated, without any node.",
    footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} bench load --seeds 100"},
    mixinStandardHelpOptions = true)
final class LoadCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private BenchCommand.Output output;

  @Option(
      names = "--seeds",
      defaultValue = "1000",
      description = "Rings of each size. Default: ${DEFAULT-VALUE}.")
  private int seeds;

  @Option(
      names = "--mask-bits",
      defaultValue = "2",
      description = "2^N copies of each item. Default: ${DEFAULT-VALUE}.")
  private int maskBits;

  @Override
  public Integer call() {
    if (seeds < 1) {
      throw new ParameterException(spec.commandLine(), "--seeds: at least 1");
    }
    new LoadBench(output.figures(), seeds, maskBits).run();
    return 0;
  }
}
