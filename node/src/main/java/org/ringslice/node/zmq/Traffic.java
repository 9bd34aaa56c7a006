package org.ringslice.node.zmq;

/**
 * What has gone over one lane since its start.
 *
 * @param messagesIn messages that could be read, whatever became of them
 * @param messagesOut messages handed to ZeroMQ
 * @param bytesIn bytes of all frames of {@code messagesIn}, without ZeroMQ's own
 * @param bytesOut bytes of all frames of {@code messagesOut}
 * @param dropped messages not passed on: no message of ours, or on a link that was closed here
 * @param unreadable messages passed on as {@link org.ringslice.messages.Message.Unreadable}
 * @param broken connections that others opened and that ended without one message of ours, or were
 *     closed for breaking a limit
 * @param refused connections closed here because there were too many
 * @param linksIn links that others dialled and that are up now
 * @param linksOut links dialled from here and not ended yet
 */
public record Traffic(
    long messagesIn,
    long messagesOut,
    long bytesIn,
    long bytesOut,
    long dropped,
    long unreadable,
    long broken,
    long refused,
    int linksIn,
    int linksOut) {}
