package org.ringslice.node.runtime;

/** Is told how the connection to a node stands that is asked again and again. */
public interface Connection {
  /** Nobody who subscribes needs more than what is told. */
  Connection UNNOTICED =
      new Connection() {
        @Override
        public void lost(String why) {}

        @Override
        public void back() {}
      };

  /** The node does not answer; it is tried again until it does. */
  void lost(String why);

  /** It answers again. */
  void back();
}
