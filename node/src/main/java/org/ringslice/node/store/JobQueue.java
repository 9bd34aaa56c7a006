package org.ringslice.node.store;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.ringslice.node.event.StoreReply;

/**
 * Jobs on their way from the loop to the threads of the store. Putting never waits: past its limits
 * the queue takes the refusal of a job in its place, which is answered in its turn without touching
 * the disk.
 */
final class JobQueue {
  /**
   * Refusals wait for their turn, too; more than so many mean that the core bounds nothing. A
   * guess.
   */
  static final int REFUSALS_MAX = 1 << 16;

  private static final String BEHIND = "the disk is behind; try again";

  private final int jobsMax;
  private final long bytesMax;
  private final LinkedBlockingQueue<Job> jobs = new LinkedBlockingQueue<>();

  // of jobs that are waiting or being done
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicLong takenBytes = new AtomicLong();

  /**
   * @param bytesMax a job that comes alone is taken whatever its size
   */
  JobQueue(int jobsMax, long bytesMax) {
    this.jobsMax = jobsMax;
    this.bytesMax = bytesMax;
  }

  /**
   * Queues a job, or its refusal. Where several threads call it, the limit may be passed by as many
   * jobs.
   *
   * @throws IllegalStateException past {@link #REFUSALS_MAX}
   */
  void put(Job.Asked job) {
    put(job, bytesMax);
  }

  /** The same with a limit of its own for the bytes that are in the queue with it. */
  void put(Job.Asked job, long bytesMax) {
    boolean fits = taken.get() < jobsMax && fits(job.sizeBytes(), bytesMax);
    if (!fits && jobs.size() >= jobsMax + REFUSALS_MAX) {
      throw new IllegalStateException("the store was asked without end, and not waited for");
    }
    Job next = fits ? job : new Job.Refused(job.replied(StoreReply.failed(BEHIND)));
    taken.incrementAndGet();
    takenBytes.addAndGet(next.sizeBytes());
    jobs.add(next);
  }

  /**
   * Queues a job that nobody waits for, unless those in the queue have so many bytes with it; else
   * forgets it. Any thread may call it; where several do, the limit may be passed by as many jobs.
   *
   * @return whether it is queued
   */
  boolean offer(Job job, long bytesMax) {
    boolean fits = fits(job.sizeBytes(), bytesMax);
    if (fits) {
      taken.incrementAndGet();
      takenBytes.addAndGet(job.sizeBytes());
      jobs.add(job);
    }
    return fits;
  }

  /** Queues once more a job that was taken and is not done. Any thread may call it. */
  void again(Job job) {
    jobs.add(job);
  }

  /** Whether there are at most so many bytes in the queue with these. Any thread may ask. */
  boolean fits(long sizeBytes, long bytesMax) {
    return takenBytes.get() == 0 || takenBytes.get() + sizeBytes <= bytesMax;
  }

  /** Tells so many threads that there is nothing more to come. */
  void stop(int threads) {
    for (int i = 0; i < threads; i++) {
      jobs.add(new Job.Stop());
    }
  }

  /** The next job; waits for it. */
  Job take() throws InterruptedException {
    return jobs.take();
  }

  /** The next job; null when there is none for so long. */
  Job poll(long timeoutNanos) throws InterruptedException {
    return jobs.poll(timeoutNanos, TimeUnit.NANOSECONDS);
  }

  /** The next job if it is there and writes at most so many entries and bytes; else null. */
  Job.Write pollWrite(int entriesMax, long bytesMax) {
    if (jobs.peek() instanceof Job.Write write
        && write.count() <= entriesMax
        && write.sizeBytes() <= bytesMax) {
      jobs.poll();
      return write;
    }
    return null;
  }

  /** Makes room for others: the job is done, and is about to be answered. */
  void done(Job job) {
    takenBytes.addAndGet(-job.sizeBytes());
    taken.decrementAndGet();
  }
}
