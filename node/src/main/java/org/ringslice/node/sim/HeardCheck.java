package org.ringslice.node.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ringslice.messages.Guid;
import org.ringslice.messages.Message;

/**
 * No node got a broadcast twice, or one that nobody sent, or as from somebody else; where that can
 * be asked for, each node that lived when it was sent got it.
 */
final class HeardCheck implements Check {
  private final boolean byEach;

  /**
   * @param byEach whether nodes neither died nor lost messages meanwhile
   */
  HeardCheck(boolean byEach) {
    this.byEach = byEach;
  }

  @Override
  public void look(World world, Findings findings) {
    List<Broadcasts.Sent> sent = world.broadcasts().all();
    findings.expect(!sent.isEmpty(), () -> "nobody has broadcast anything");
    TreeSet<Guid> due = new TreeSet<>();
    sent.stream()
        .filter(one -> byEach && !one.wasBroken(world))
        .forEach(one -> due.add(one.guid()));
    for (Host host : world.living()) {
      TreeMap<Guid, Integer> times = new TreeMap<>();
      TreeMap<Guid, Message.Received> heard = new TreeMap<>();
      for (Message.Received message : inbox(world, host)) {
        times.merge(message.guid(), 1, Integer::sum);
        heard.put(message.guid(), message);
      }
      for (Broadcasts.Sent one : sent) {
        int count = times.getOrDefault(one.guid(), 0);
        boolean isDue = due.contains(one.guid()) && one.wasHeardIn(host);
        findings.expect(
            count <= 1 && (count == 1 || !isDue),
            () -> host + " got the broadcast " + one.guid() + " " + count + " times");
        Message.Received message = heard.remove(one.guid());
        findings.expect(
            message == null || (message.from().equals(one.from()) && message.toAll()),
            () -> host + " got a broadcast as " + message);
      }
      findings.expect(heard.isEmpty(), () -> host + " got what nobody sent: " + heard);
    }
  }

  private static List<Message.Received> inbox(World world, Host host) {
    List<Message.Received> all = new ArrayList<>();
    long session = 0;
    long after = 0;
    while (true) {
      Message answer = world.ask(host, new Message.GetInbox(session, after, false)).orElseThrow();
      if (!(answer instanceof Message.InboxIs page) || page.messages().isEmpty()) {
        return all;
      }
      all.addAll(page.messages());
      session = page.session();
      after = page.next();
    }
  }
}
