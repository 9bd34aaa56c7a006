package org.ringslice.tools;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.ringslice.messages.Endpoint;
import org.ringslice.node.folder.DataFolder;
import org.ringslice.node.folder.Running;
import org.ringslice.node.port.RefusedException;
import org.ringslice.node.runtime.Access;
import org.ringslice.node.runtime.Client;
import picocli.CommandLine.Option;

/** A command that asks a node which runs elsewhere. */
abstract class ClientCommand extends Command {
  private static final String NODE_VARIABLE = "RINGSLICE_NODE";

  @Option(
      names = "--node",
      paramLabel = "HOST:PORT",
      description = "The node to ask; default: that of RINGSLICE_NODE, else that of --dir.")
  String node;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "The data folder whose node to ask; default: ~/.ringslice.")
  Path dir;

  @Override
  public final Integer call() throws Exception {
    Logs.ofClient(verbose);
    checkUsage();
    try (Client client = connect()) {
      return run(client);
    } catch (RefusedException e) {
      throw e.getMessage().startsWith("nobody answers")
          ? new CommandException(e.getMessage() + "; is a node running there?")
          : e;
    }
  }

  /** Throws a {@link #misuse} where what was given does not go together. */
  void checkUsage() {}

  /** Does the work, and returns the exit code. */
  abstract int run(Access access) throws IOException;

  private Client connect() {
    String variable = console.environment().getOrDefault(NODE_VARIABLE, "");
    if (node != null) {
      return client(node, "--node: ");
    } else if (dir == null && !variable.isEmpty()) {
      return client(variable, NODE_VARIABLE + ": ");
    }
    return Client.of(runningHere());
  }

  private Client client(String place, String origin) {
    try {
      return Client.of(place);
    } catch (IllegalArgumentException e) {
      throw misuse(origin + e.getMessage());
    }
  }

  private Endpoint runningHere() {
    Path folder = dir == null ? NodeCommand.defaultDir() : dir;
    Running running =
        DataFolder.running(folder)
            .orElseThrow(
                () ->
                    new CommandException(
                        "no node runs in "
                            + folder
                            + "; start one with '"
                            + CalledAs.name()
                            + " node"
                            + (dir == null ? "" : " --dir " + dir)
                            + "', or name another with --node HOST:PORT"));
    return running.endpoints().get(0);
  }

  /** Waits for an answer. */
  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RefusedException refused) {
        throw refused;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted");
    }
  }
}
