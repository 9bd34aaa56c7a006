package org.ringslice.messages;

/**
 * A copy that should be there and is not.
 *
 * @param holder who should have it
 * @param why for people
 */
public record MissingCopy(Id item, Id holder, String why) {}
