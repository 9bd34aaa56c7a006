package org.ringslice.node.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Event;
import org.ringslice.node.port.EventSink;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that reads. It sees what is committed when it begins with a job, so every write that was
 * answered before the job was asked for. What it serves it has verified: bytes that are not those
 * that were stored are damage, not an item.
 */
final class Reader implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Reader.class);

  private final JobQueue jobs;
  private final Database database;
  private final Damage damage;
  private final EventSink sink;

  Reader(JobQueue jobs, Database database, Damage damage, EventSink sink) {
    this.jobs = jobs;
    this.database = database;
    this.damage = damage;
    this.sink = sink;
  }

  @Override
  public void run() {
    try (SegmentReader segments = new SegmentReader(Database.blocks(database.folder()))) {
      while (true) {
        Job job = jobs.take();
        if (job instanceof Job.Stop) {
          return;
        }
        Event answer = answer(job, segments);
        jobs.done(job);
        sink.put(answer);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    } catch (IOException e) {
      LOG.warn("closing files that were read", e);
    }
  }

  private Event answer(Job job, SegmentReader segments) {
    try {
      if (job instanceof Job.Load load) {
        return load(load, segments);
      } else if (job instanceof Job.Look look) {
        return database.read(tables -> look(look, tables));
      } else if (job instanceof Job.Scan scan) {
        return database.read(tables -> scan(scan, tables));
      }
      return job.failed("");
    } catch (RocksDBException | IOException | RuntimeException e) {
      String failure = DiskTrouble.ofReading(database.folder(), e);
      LOG.error(failure, e);
      return job.failed(failure);
    }
  }

  private Event load(Job.Load job, SegmentReader segments) throws RocksDBException, IOException {
    IndexRow row = database.read(tables -> tables.row(job.id()));
    while (row != null && row.info().alive()) {
      try {
        Entry entry = row.entryOf(bytes(row, segments));
        damage.forget(row);
        return new Event.Loaded(job.ticket(), Optional.of(entry), Optional.empty());
      } catch (RocksDBException | IOException e) {
        IndexRow now = database.read(tables -> tables.row(job.id()));
        if (row.equals(now)) {
          damage.note(row);
          String failure = DiskTrouble.damagedItem(database.folder(), job.id());
          LOG.error(failure, e);
          return job.failed(failure);
        }
        row = now; // the writer replaced it meanwhile, and took its bytes away
      }
    }
    return new Event.Loaded(job.ticket(), Optional.empty(), Optional.empty());
  }

  private Bytes bytes(IndexRow row, SegmentReader segments) throws RocksDBException, IOException {
    if (row.where() == IndexRow.Where.SEGMENT) {
      return segments.read(row);
    }
    byte[] value = database.read(tables -> tables.value(row.info().id()));
    if (value == null) {
      throw new IOException("its bytes are gone");
    }
    return Bytes.wrap(value);
  }

  private Event look(Job.Look job, Tables tables) throws RocksDBException, IOException {
    BitSet present = new BitSet(job.ids().size());
    for (int i = 0; i < job.ids().size(); i++) {
      present.set(i, isServed(tables.row(job.ids().get(i))));
    }
    return new Event.Looked(job.ticket(), present, Optional.empty());
  }

  private boolean isServed(IndexRow row) {
    return row != null && row.info().alive() && !damage.has(row);
  }

  private Event scan(Job.Scan job, Tables tables) throws RocksDBException, IOException {
    List<EntryInfo> found = new ArrayList<>(Math.min(job.count(), 256));
    try (RocksIterator rows = tables.rows()) {
      for (Interval interval : Interval.of(job.arc(), job.direction())) {
        collect(rows, interval, job, found);
      }
      rows.status();
    }
    return new Event.Scanned(job.ticket(), found, Optional.empty());
  }

  private void collect(RocksIterator rows, Interval interval, Job.Scan job, List<EntryInfo> found)
      throws IOException {
    boolean up = job.direction() == Direction.NEXT;
    if (up) {
      rows.seek(interval.least().toBytes());
    } else {
      rows.seekForPrev(interval.greatest().toBytes());
    }
    while (rows.isValid() && found.size() < job.count()) {
      Id id = Id.of(rows.key());
      if (!interval.contains(id)) {
        return;
      }
      IndexRow row = IndexRow.decode(id, rows.value());
      if (isServed(row)) {
        found.add(row.info());
      }
      if (up) {
        rows.next();
      } else {
        rows.prev();
      }
    }
  }

  /**
   * A part of an arc that does not wrap, both ends included, as the keys of the index are ordered.
   */
  private record Interval(Id least, Id greatest) {
    boolean contains(Id id) {
      return least.compareTo(id) <= 0 && id.compareTo(greatest) <= 0;
    }

    /** The parts of an arc in the order of the direction. */
    static List<Interval> of(Arc arc, Direction direction) {
      if (!arc.wraps()) {
        return List.of(new Interval(arc.from().next(), arc.to()));
      }
      Interval low = new Interval(Id.ZERO, arc.to());
      if (arc.from().equals(Id.MAX)) {
        return List.of(low);
      }
      Interval high = new Interval(arc.from().next(), Id.MAX);
      return direction == Direction.NEXT ? List.of(high, low) : List.of(low, high);
    }
  }
}
