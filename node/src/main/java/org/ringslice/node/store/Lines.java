package org.ringslice.node.store;

import java.util.ArrayList;
import java.util.List;
import org.ringslice.node.event.Change;

/** The changes of a group, by the job that each belongs to; in the order of the journal. */
final class Lines {
  private final List<List<Change>> ofJobs = new ArrayList<>();

  void add(int job, Change change) {
    while (ofJobs.size() <= job) {
      ofJobs.add(new ArrayList<>());
    }
    ofJobs.get(job).add(change);
  }

  List<Change> of(int job) {
    return job < ofJobs.size() ? ofJobs.get(job) : List.of();
  }
}
