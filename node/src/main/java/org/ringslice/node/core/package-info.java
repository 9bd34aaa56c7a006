/**
 * The cores: one event in, effects out. {@link org.ringslice.node.core.NodeCore} is a node; {@link
 * org.ringslice.node.core.ClientCore} is someone who only asks, made of the same parts. Pure;
 * whoever drives a core calls it from one thread, or in virtual time.
 */
package org.ringslice.node.core;
