package org.ringslice.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ringslice.messages.Estimate;

/**
 * The ring in characters: a circle with the nodes' letters on it, or a strip when there are too
 * many for one, and below it a line for each node.
 */
final class RingPicture {
  /**
   * Nodes of a circle; more would push each other far from their places, and there are 26 letters.
   */
  static final int CIRCLE_NODES_MAX = 24;

  private static final int BAR_MIN = 8;
  private static final int BAR_MAX = 30;

  /** What a line has beside its bar, with numbers and sizes of usual lengths. */
  private static final int LINE_WITHOUT_BAR = 62;

  private static final String EIGHTHS = " ▏▎▍▌▋▊▉█";

  private final List<RingNode> nodes;
  private final Estimate size;
  private final Screen screen;

  /**
   * @param size how many nodes the ring has, of which these are all, or those that are known
   */
  RingPicture(List<RingNode> nodes, Estimate size, Screen screen) {
    this.nodes = nodes;
    this.size = size;
    this.screen = screen;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.addAll(
        isCircle() ? new RingCircle(nodes, screen).lines() : new RingStrip(nodes, screen).lines());
    lines.add("");
    if (!size.exact()) {
      lines.add("The asked node knows " + nodes.size() + " nodes of " + ofHowMany() + ":");
      lines.add("those near it, and some far off, of which it can't tell what they own.");
      lines.add("");
    }
    if (nodes.stream().allMatch(node -> node.status() == null)) {
      lines.addAll(shortTable());
    } else {
      lines.addAll(table());
      nodes.stream()
          .filter(node -> !node.why().isEmpty())
          .forEach(node -> lines.add("node " + node.id() + " did not tell all: " + node.why()));
    }
    lines.add("* the node that was asked");
    return lines;
  }

  private String ofHowMany() {
    return size.high() == Long.MAX_VALUE ? "many more" : SizeCommand.words(size);
  }

  /** Of many nodes each owns little. */
  private static String percent(double share, int nodes) {
    return String.format(
        Locale.ROOT, nodes > CIRCLE_NODES_MAX ? "%.2f %%" : "%.1f %%", 100 * share);
  }

  private boolean isCircle() {
    return nodes.size() <= CIRCLE_NODES_MAX;
  }

  private List<String> table() {
    long fullest = nodes.stream().mapToLong(RingNode::sizeBytes).max().orElse(0);
    Columns columns = new Columns("rllrrrll");
    columns.row("", "", "node", "owns", "items", "size", "", "");
    for (int i = 0; i < nodes.size(); i++) {
      RingNode node = nodes.get(i);
      columns.row(
          name(i),
          asked(node),
          node.id().toString(),
          owns(node),
          String.format(Locale.ROOT, "%,d", node.items()),
          Sizes.of(node.sizeBytes()),
          bar(fullest == 0 ? 0 : (double) node.sizeBytes() / fullest),
          Words.of(node.state()));
    }
    return columns.lines();
  }

  /** Without what the nodes hold. */
  private List<String> shortTable() {
    Columns columns = new Columns("rllrl");
    columns.row("", "", "node", "owns", "");
    for (int i = 0; i < nodes.size(); i++) {
      RingNode node = nodes.get(i);
      columns.row(name(i), asked(node), node.id().toString(), owns(node), Words.of(node.state()));
    }
    return columns.lines();
  }

  private String name(int place) {
    return isCircle() ? Character.toString(RingCircle.name(place)) : Integer.toString(place + 1);
  }

  private static String asked(RingNode node) {
    return node.asked() ? "*" : "";
  }

  private String owns(RingNode node) {
    return node.share().map(share -> percent(share, nodes.size())).orElse("?");
  }

  /** A bar of which this part, in [0, 1], is full. */
  private String bar(double part) {
    int width = Math.max(BAR_MIN, Math.min(screen.columns() - LINE_WITHOUT_BAR, BAR_MAX));
    if (!screen.rich()) {
      int full = (int) Math.round(part * width);
      return "#".repeat(full) + ".".repeat(width - full);
    }
    int eighths = (int) Math.round(part * width * 8);
    String rest = eighths % 8 == 0 ? "" : EIGHTHS.substring(eighths % 8, eighths % 8 + 1);
    String bar = "█".repeat(eighths / 8) + rest;
    return bar + " ".repeat(width - bar.length());
  }
}
