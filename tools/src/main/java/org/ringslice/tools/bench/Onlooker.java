package org.ringslice.tools.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.ringslice.messages.KnownPeer;
import org.ringslice.messages.PeerState;
import org.ringslice.node.runtime.Client;

/**
 * A process that watches how many nodes some nodes know: for each {@code HOST:PORT} among its
 * arguments, or on a line of its input, it prints {@code HOST:PORT COUNT} whenever the count of
 * active nodes has changed in what that node knows; 0 when it does not answer. Ends with its input.
 */
public final class Onlooker {
  /** Between two questions to a node: what it costs is small beside a start of the JVM. */
  private static final long LOOK_MILLIS = 5;

  /** After a failure, before the next try. */
  private static final long RETRY_MILLIS = 100;

  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);

  private Onlooker() {}

  /** Runs until the end of the input. */
  public static void main(String[] endpoints) throws IOException {
    Onlooker onlooker = new Onlooker();
    List.of(endpoints).forEach(endpoint -> onlooker.new Look(endpoint).connect());
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    in.lines().forEach(endpoint -> onlooker.new Look(endpoint).connect());
    Runtime.getRuntime().halt(0);
  }

  private final class Look {
    private final String endpoint;
    private Client client;
    private long known = -1;

    Look(String endpoint) {
      this.endpoint = endpoint;
    }

    void connect() {
      client = Client.of(endpoint);
      look();
    }

    private void look() {
      CompletableFuture<?> unused =
          client.view().whenCompleteAsync((view, failure) -> looked(view), clock);
    }

    /**
     * @param view null when the node did not answer
     */
    private void looked(List<KnownPeer> view) {
      if (view != null) {
        tell(view.stream().filter(Look::isActive).count());
        later(this::look, LOOK_MILLIS);
      } else {
        tell(0);
        client.close();
        later(this::connect, RETRY_MILLIS);
      }
    }

    private void later(Runnable what, long millis) {
      Future<?> unused = clock.schedule(what, millis, TimeUnit.MILLISECONDS);
    }

    private static boolean isActive(KnownPeer known) {
      return known.peer().state() == PeerState.ACTIVE;
    }

    private void tell(long count) {
      if (count != known) {
        known = count;
        System.out.println(endpoint + " " + count);
      }
    }
  }
}
