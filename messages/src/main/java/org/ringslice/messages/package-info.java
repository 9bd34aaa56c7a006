/**
 * The vocabulary of Ringslice: ids and arcs of the ring, entries, and the messages that nodes
 * exchange with their bytes. Everything here is an immutable value; nothing reads a clock, a file,
 * a socket or a random source, and nothing belongs to a thread. {@code PROTOCOL.md} in this module
 * is the specification of the bytes.
 */
package org.ringslice.messages;
