package org.ringslice.messages;

/**
 * What a node came to hold because another one left, confirmed by it.
 *
 * @param sizeBytes of the living ones
 */
public record HandedOver(Id node, long entries, long sizeBytes) {}
