package org.ringslice.messages;

/**
 * A node that should have an item, or has it though it need not.
 *
 * @param holder whether it is one of the item's holders
 * @param has whether it said that it has the item
 * @param why it has not, for people; else empty
 */
public record Keeper(Id id, boolean holder, boolean has, String why) {}
