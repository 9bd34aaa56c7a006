/**
 * What a node keeps on its disk beside its items: the data folder with the node's identity, and the
 * folder in which the nodes of one machine meet. Plain small files, each replaced as a whole, so
 * that a kill at any moment leaves the old one or the new one. Files are read as if a stranger had
 * written them: bounded, checked, and never trusted to be there.
 *
 * <p>Uses the JDK, {@code messages}, {@code event} and {@code port}. {@link
 * org.ringslice.node.folder.DataFolder} and what it leans on log nothing when a client command asks
 * {@link org.ringslice.node.folder.DataFolder#running}, so that no logging library is loaded for
 * it.
 */
package org.ringslice.node.folder;
