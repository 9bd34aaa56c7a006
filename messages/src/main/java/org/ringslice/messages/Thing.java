package org.ringslice.messages;

/**
 * What one of some items is.
 *
 * @param place of the item among those items, from 0
 * @param size bytes of all that it stands for
 */
public record Thing(int place, Nature nature, long size) {}
