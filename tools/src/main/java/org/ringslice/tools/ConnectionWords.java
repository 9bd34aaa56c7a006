package org.ringslice.tools;

import org.ringslice.node.runtime.Connection;

/**
 * Tells people why nothing comes.
 *
 * @param what goes on when the node is back, as in {@code watching}
 */
record ConnectionWords(Console console, String what) implements Connection {
  @Override
  public void lost(String why) {
    console.complain(why + "; " + what + " goes on when the node is back");
  }

  @Override
  public void back() {
    console.err().println("The node is back.");
  }
}
