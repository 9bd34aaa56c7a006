/**
 * What a node holds, on its disk: the only package that names the embedded database.
 *
 * <p>The folder of a store:
 *
 * <pre>
 * index/             a RocksDB of eight column families
 *   index            id -> {@link org.ringslice.node.store.IndexRow}: all but the bytes
 *   values           id -> the bytes of small entries
 *   segments         number -> {@link org.ringslice.node.store.Segment}: what is committed of it
 *   journal          sequence -> {@link org.ringslice.node.store.JournalLine}: changes of the index
 *   watched          id -> {@link org.ringslice.node.store.InfoBytes}: entries that others hold
 *   watched-journal  the changes of these
 *   dropped          the ids of {@link org.ringslice.node.store.DroppedIds}: copies that are gone
 *   damaged          id -> {@link org.ringslice.node.store.IndexRow}: copies that can't be read
 *   contents         id, nature -> size: what manifests tell, {@link
 *                    org.ringslice.node.store.ContentRow}
 *   default          format, number of the last batch, and of each book its
 *                    {@link org.ringslice.node.store.Ledger}
 * blocks/00000001    a segment: the bytes of large entries, nothing between them
 * </pre>
 *
 * <p>The index is the truth. Bytes that it does not refer to do not exist, so a crash at any moment
 * leaves nothing to repair but the tails of files. Large bytes are synced into their segment before
 * the batch that refers to them is, and so hit the disk once (the value log of WiscKey, Lu et al.,
 * FAST 2016).
 *
 * <p>Threads: {@link org.ringslice.node.store.DiskStore} is called by the node's loop and only
 * queues. One {@link org.ringslice.node.store.Writer} owns all that changes; a few {@link
 * org.ringslice.node.store.Reader}s answer the rest, and never wait for a group commit.
 */
package org.ringslice.node.store;
