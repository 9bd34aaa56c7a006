package org.ringslice.node.store;

import java.io.IOException;
import java.util.List;
import org.ringslice.messages.EntryInfo;
import org.ringslice.node.event.Book;
import org.ringslice.node.event.Books;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Inventory;
import org.ringslice.node.event.StoreAnswer;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;
import org.ringslice.node.port.EventSink;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread for what takes long: scans of many rows, begun anew so that what they find is as of
 * one moment, the saving of indexes, and the steps of a {@link Compaction}. One at a time, for each
 * takes its share of the disk and of the heap.
 */
final class LongReader implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(LongReader.class);

  private final JobQueue jobs;
  private final Database database;
  private final Books books;
  private final List<StoreRequest.SaveIndex> unsaved;
  private final Damage damage;
  private final Compaction compaction;
  private final CopyReader copies;
  private final EventSink sink;

  /**
   * @param unsaved what it saves before anything else
   * @param copies for this thread alone
   */
  LongReader(
      JobQueue jobs,
      Database database,
      Books books,
      List<StoreRequest.SaveIndex> unsaved,
      Damage damage,
      Compaction compaction,
      CopyReader copies,
      EventSink sink) {
    this.jobs = jobs;
    this.database = database;
    this.books = books;
    this.unsaved = List.copyOf(unsaved);
    this.damage = damage;
    this.compaction = compaction;
    this.copies = copies;
    this.sink = sink;
  }

  @Override
  public void run() {
    try (copies) {
      unsaved.forEach(this::save);
      while (true) {
        Job job = jobs.take();
        if (job instanceof Job.Stop) {
          return;
        } else if (job instanceof Job.Compact step) {
          compaction.read(step, copies);
          jobs.done(step);
        } else {
          Event replied = reply(job);
          jobs.done(job);
          sink.put(replied);
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    } catch (IOException e) {
      LOG.warn("closing files that were read", e);
    }
  }

  private Event reply(Job job) {
    if (job instanceof Job.Saving saving) {
      return saving.replied(save(saving.request()));
    } else if (job instanceof Job.Refused refused) {
      return refused.replied();
    }
    Job.Reading reading = (Job.Reading) job;
    return reading.replied(scan((StoreRequest.Scan) reading.request()));
  }

  private StoreReply<StoreAnswer.Done> save(StoreRequest.SaveIndex save) {
    Inventory opened = save.book() == Book.HELD ? books.held() : books.watched();
    try {
      new SavedIndex(opened.openings().mark(), save.sequence(), save.index())
          .write(database.folder(), save.book());
      return StoreReply.of(new StoreAnswer.Done());
    } catch (IOException e) {
      LOG.warn("an index could not be saved in {}", database.folder(), e);
      return StoreReply.failed(DiskTrouble.ofWriting(database.folder(), e));
    }
  }

  private StoreReply<StoreAnswer.Scanned> scan(StoreRequest.Scan scan) {
    try {
      List<EntryInfo> found = database.read(new RowScan(scan, damage)::all);
      return StoreReply.of(new StoreAnswer.Scanned(found));
    } catch (RocksDBException | IOException | RuntimeException e) {
      String failure = DiskTrouble.ofReading(database.folder(), e);
      LOG.error(failure, e);
      return StoreReply.failed(failure);
    }
  }
}
