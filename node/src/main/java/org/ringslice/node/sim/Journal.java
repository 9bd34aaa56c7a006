package org.ringslice.node.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ringslice.node.event.Effect;

/** What the nodes reported: the latest of it, for whoever has to find out why a check failed. */
final class Journal {
  /** Reports kept; past that the oldest is forgotten. */
  static final int REPORTS_MAX = 1_000;

  private record Note(long atNanos, Host host, String sentence) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%10.3f s  %s: %s", atNanos / 1e9, host, sentence);
    }
  }

  private final Agenda agenda;
  private final ArrayDeque<Note> reports = new ArrayDeque<>();
  private final List<String> aborts = new ArrayList<>();

  Journal(Agenda agenda) {
    this.agenda = agenda;
  }

  void reported(Host host, Effect.Report report) {
    if (report.level() != Effect.Report.Level.DETAIL) {
      note(host, report.sentence());
    }
  }

  /** A node could not go on. */
  void aborted(Host host, String why) {
    note(host, "stopped: " + why);
    if (!host.isToStop()) {
      aborts.add(host + " stopped by itself: " + why);
    }
  }

  private void note(Host host, String sentence) {
    reports.add(new Note(agenda.nowNanos(), host, sentence));
    if (reports.size() > REPORTS_MAX) {
      reports.poll();
    }
  }

  /** Nodes that stopped by themselves, each with its reason, since the last call. */
  List<String> takeAborts() {
    List<String> taken = List.copyOf(aborts);
    aborts.clear();
    return taken;
  }

  /** The latest reports, the oldest first. */
  List<String> reports() {
    return reports.stream().map(Note::toString).toList();
  }
}
