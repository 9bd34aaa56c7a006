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
  private final List<String> troubles = new ArrayList<>();

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
      troubles.add(host + " stopped by itself: " + why);
    }
  }

  /** A node told its program what can't be. */
  void erred(Host host, String how) {
    note(host, how);
    troubles.add(host + ": " + how);
  }

  private void note(Host host, String sentence) {
    reports.add(new Note(agenda.nowNanos(), host, sentence));
    if (reports.size() > REPORTS_MAX) {
      reports.poll();
    }
  }

  /** Nodes that stopped by themselves or said what can't be, each with how, since the last call. */
  List<String> takeTroubles() {
    List<String> taken = List.copyOf(troubles);
    troubles.clear();
    return taken;
  }

  /** The latest reports, the oldest first. */
  List<String> reports() {
    return reports.stream().map(Note::toString).toList();
  }
}
