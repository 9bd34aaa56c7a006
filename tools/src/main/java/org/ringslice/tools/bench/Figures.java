package org.ringslice.tools.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.ringslice.messages.Estimate;
import org.ringslice.node.sim.Simulation;

/** Prints what was measured: a line a workload, for people or as JSON. */
final class Figures {
  private final PrintStream out;
  private final boolean json;

  Figures(PrintStream out, boolean json) {
    this.out = out;
    this.json = json;
  }

  void operations(String workload, String params, double perSecond, Sample sample) {
    line(workload, params, "ops_per_s", perSecond, sample.micros(0.5), sample.micros(0.99));
  }

  void operations(String workload, String params, double perSecond) {
    line(workload, params, "ops_per_s", perSecond, Double.NaN, Double.NaN);
  }

  void bytes(String workload, String params, double megabytesPerSecond) {
    line(workload, params, "mb_per_s", megabytesPerSecond, Double.NaN, Double.NaN);
  }

  /** How long something took, in some runs. */
  void times(String workload, String params, int runs, Sample sample) {
    if (json) {
      out.printf(
          Locale.ROOT,
          "{\"workload\":\"%s\",\"params\":\"%s\",\"runs\":%d,\"p50_us\":%.0f,\"p99_us\":%.0f}%n",
          workload,
          params,
          runs,
          sample.micros(0.5),
          sample.micros(0.99));
    } else {
      out.printf(
          Locale.ROOT,
          "%-6s %-62s p50 %6.0f ms   p99 %6.0f ms   of %d%n",
          workload,
          params,
          sample.micros(0.5) / 1e3,
          sample.micros(0.99) / 1e3,
          runs);
    }
  }

  /** What went over the wire, both ways, with ZeroMQ's framing; -1 when it can't be told. */
  void wire(String workload, String params, long sizeBytes) {
    if (json) {
      out.printf(
          Locale.ROOT,
          "{\"workload\":\"%s\",\"params\":\"%s\",\"wire_bytes\":%d}%n",
          workload,
          params,
          sizeBytes);
    } else {
      out.printf(Locale.ROOT, "%-16s %-58s %9.1f kB%n", workload, params, sizeBytes / 1e3);
    }
  }

  void files(String workload, String params, double perSecond) {
    line(workload, params, "files_per_s", perSecond, Double.NaN, Double.NaN);
  }

  /** A share of something. */
  void percent(String workload, String params, double percent) {
    if (json) {
      out.printf(
          Locale.ROOT,
          "{\"workload\":\"%s\",\"params\":\"%s\",\"percent\":%.2f}%n",
          workload,
          params,
          percent);
    } else {
      out.printf(Locale.ROOT, "%-16s %-58s %9.2f %%%n", workload, params, percent);
    }
  }

  /** How two figures of one run compare. */
  void ratio(String workload, String what, double ratio) {
    if (json) {
      out.printf(
          Locale.ROOT,
          "{\"workload\":\"%s\",\"ratio\":\"%s\",\"value\":%.3f}%n",
          workload,
          what,
          ratio);
    } else {
      out.printf(Locale.ROOT, "%-16s %-58s %9.2f%n", workload, what, ratio);
    }
  }

  /** How something spreads over many tries. */
  void spread(String workload, String params, String what, double median, double p99) {
    if (json) {
      out.printf(
          Locale.ROOT,
          "{\"workload\":\"%s\",\"params\":\"%s\",\"of\":\"%s\",\"median\":%.3f,\"p99\":%.3f}%n",
          workload,
          params,
          what,
          median,
          p99);
    } else {
      out.printf(
          Locale.ROOT,
          "%-16s %-46s %s: median %5.2f, p99 %5.2f%n",
          workload,
          params,
          what,
          median,
          p99);
    }
  }

  /** How often look-ups were passed on, beside the figure of the paper. */
  void hops(String params, Simulation.LookedUp lookedUp, double paper) {
    if (json) {
      out.printf(
          Locale.ROOT,
          "{\"workload\":\"hops\",\"params\":\"%s\",\"mean\":%.3f,\"p99\":%d,"
              + "\"paper\":%.3f,\"errors\":%d,\"wrong\":%d}%n",
          params,
          lookedUp.hopsMean(),
          lookedUp.hopsP99(),
          paper,
          lookedUp.errors(),
          lookedUp.wrong());
    } else {
      out.printf(
          Locale.ROOT,
          "%-16s %-46s mean %5.2f   p99 %2d   paper %5.2f%s%n",
          "hops",
          params,
          lookedUp.hopsMean(),
          lookedUp.hopsP99(),
          paper,
          lookedUp.errors() + lookedUp.wrong() == 0
              ? ""
              : "   " + lookedUp.errors() + " errors, " + lookedUp.wrong() + " wrong");
    }
  }

  /** How well something that is known was estimated, once for each seed. */
  void estimates(String workload, String params, long truth, List<Estimate> estimates) {
    double squares = 0;
    int held = 0;
    int exact = 0;
    for (Estimate each : estimates) {
      double off = (double) each.value() / truth - 1;
      squares += off * off;
      held += each.low() <= truth && truth <= each.high() ? 1 : 0;
      exact += each.exact() ? 1 : 0;
    }
    int seeds = estimates.size();
    int guessed = seeds - exact;
    double rms = Math.sqrt(squares / seeds);
    double covered = guessed == 0 ? 1 : (double) (held - exact) / guessed;
    if (json) {
      out.printf(
          Locale.ROOT,
          "{\"workload\":\"%s\",\"params\":\"%s\",\"seeds\":%d,\"rms_error\":%.5f,"
              + "\"exact\":%d,\"held\":%.4f,\"held_of_inexact\":%.4f}%n",
          workload,
          params,
          seeds,
          rms,
          exact,
          (double) held / seeds,
          covered);
    } else {
      String rest =
          guessed == 0
              ? ""
              : String.format(
                  Locale.ROOT,
                  "   interval right in %.1f %%%s",
                  100 * covered,
                  exact == 0 ? "" : " of the others");
      out.printf(
          Locale.ROOT,
          "%-16s %-36s rms error %4.2f %%   exact %5.1f %%%s%n",
          workload,
          params,
          100 * rms,
          100.0 * exact / seeds,
          rest);
    }
  }

  private void line(
      String workload, String params, String unit, double rate, double p50, double p99) {
    boolean timed = !Double.isNaN(p50);
    if (json) {
      String times =
          timed ? String.format(Locale.ROOT, ",\"p50_us\":%.1f,\"p99_us\":%.1f", p50, p99) : "";
      out.printf(
          Locale.ROOT,
          "{\"workload\":\"%s\",\"params\":\"%s\",\"%s\":%.1f%s}%n",
          workload,
          params,
          unit,
          rate,
          times);
    } else {
      String times =
          timed ? String.format(Locale.ROOT, "   p50 %8.1f us   p99 %8.1f us", p50, p99) : "";
      String name = unit.equals("mb_per_s") ? "MB/s" : unit.replace("_per_", "/");
      out.printf(Locale.ROOT, "%-16s %-58s %9.0f %-7s%s%n", workload, params, rate, name, times);
    }
  }
}
