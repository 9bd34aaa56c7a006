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
 * index.building/    an index that is made anew; index.rebuilt/ when it is whole, index.damaged/ the
 *                    one whose place it takes ({@link org.ringslice.node.store.IndexFolder})
 * blocks/00000001    a segment: the bytes of large entries, before each of them its
 *                    {@link org.ringslice.node.store.BlockHeader}; of formats 1 and 2 the bytes alone
 * blocks.unnamed/    segments of these formats of which no row was left when the index was made anew
 * </pre>
 *
 * <p>The index is the truth. Bytes that it does not refer to do not exist, so a crash at any moment
 * leaves nothing to repair but the tails of files; blocks that lie there whole are {@linkplain
 * org.ringslice.node.store.Orphans taken} when the store is opened. Large bytes are synced into
 * their segment before the batch that refers to them is, and so hit the disk once (the value log of
 * WiscKey, Lu et al., FAST 2016).
 *
 * <p>A fault on disk costs what it touches. A segment that is short or gone costs the entries whose
 * bytes are missing; who reads them finds that. An index of which a file or a block is bad or gone
 * is {@linkplain org.ringslice.node.store.Rebuild made anew} from all that can be read: logs,
 * tables one by one, and the blocks, which name themselves.
 *
 * <p>Threads: {@link org.ringslice.node.store.DiskStore} is called by the node's loop and only
 * queues. One {@link org.ringslice.node.store.Writer} owns all that changes; a few {@link
 * org.ringslice.node.store.Reader}s answer the rest, and never wait for a group commit.
 */
package org.ringslice.node.store;
