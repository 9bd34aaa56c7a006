package org.ringslice.tools;

import org.ringslice.node.ring.Self;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is said without a command. */
@picocli.CommandLine.Command(
    name = "ringslice",
    description = "A shared store for the machines of a LAN, with no server and no configuration.",
    versionProvider = Ringslice.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    optionListHeading = "%n",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} node               run a node on this machine, until Ctrl-C",
      "  ${ROOT-COMMAND-NAME} store photo.jpg    store a file, and print its id",
      "  ${ROOT-COMMAND-NAME} get ID -o copy.jpg fetch it again, from any machine of the network",
      "",
      "Commands but 'node' ask a node: that of --node HOST:PORT, else of RINGSLICE_NODE,",
      "else the one that runs in the data folder --dir (~/.ringslice)."
    })
final class Ringslice implements Runnable {
  @Spec CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help; '${ROOT-COMMAND-NAME} help COMMAND' shows that of a command.")
  boolean help;

  @Option(names = "--version", versionHelp = true, description = "Show the version.")
  boolean version;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do, as in '" + CalledAs.name() + " node'");
  }

  /** Read only when asked for, so that no class of the node is loaded for the help. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {Self.SOFTWARE};
    }
  }
}
