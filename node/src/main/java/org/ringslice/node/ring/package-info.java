/**
 * The ring and the conversations on it: who is there (view, heartbeats, gossip), who holds what
 * (ring order, holders), and how to ask another node (links, calls). Pure: time comes with each
 * {@link org.ringslice.node.event.Turn}, randomness is injected, maps are ordered. Lives on the
 * node's loop thread.
 */
package org.ringslice.node.ring;
