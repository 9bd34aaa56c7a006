/**
 * Two sets of entries on an arc of the ring made equal, for hardly more bytes than they differ by,
 * with a proof at the end. Pure: everything is a value or a computation on values; no clock,
 * thread, file, socket or random source is used, and nothing of a running node is known here.
 * Nothing is safe for use by several threads at once.
 *
 * <p>Who does what:
 *
 * <ul>
 *   <li>{@link org.ringslice.sync.Index} has count and fingerprint of any arc, in 9 bytes an entry,
 *       and is kept up at each change; ids are asked of the store where they are needed.
 *   <li>{@link org.ringslice.sync.Session} is one side of a comparison: messages and ids in, {@link
 *       org.ringslice.sync.Step}s out. The side that starts asks, the other answers, in turn.
 *   <li>A {@code Round} of it compares summaries under a fresh salt; a {@code Search} finds the
 *       differences, with one side the {@code Giver} of sketches and the other the {@code Finder},
 *       by a {@code Plan}; the {@code Proof} shows that none is left.
 *   <li>{@code PinSketch} finds few differences among many entries, in small groups; {@code
 *       ErasureSketch} finds which half of its entries the other side lacks; {@code TugOfWar} tells
 *       beforehand how many they are.
 *   <li>{@code Dialogue}, {@code SyncCodec} and {@code Bits} are the words and their bytes.
 * </ul>
 *
 * <p>What always holds:
 *
 * <ul>
 *   <li>"Proved" means that sums of freshly salted 64-bit digests of full ids were the same. Equal
 *       fingerprints, short ids and sketches only ever lead to a proof; who crafts ids to collide
 *       under the key of the network costs two rounds.
 *   <li>Each message is answered, and a session ends: after 8 rounds, with a sentence.
 *   <li>A message that is lost, late or comes twice does no harm; one that makes no sense ends the
 *       session with a sentence.
 *   <li>Memory is within 30 bytes an entry of the arc while it is compared, and no length that a
 *       peer states is allocated before it is checked.
 * </ul>
 *
 * <p>The papers: Dodis, Ostrovsky, Reyzin, Smith, Fuzzy extractors, 2008 (sketches of power sums);
 * Gong et al., Space- and computationally-efficient set reconciliation via parity bitmap sketch,
 * VLDB 2020 (many small groups, and how to size them); Alon, Matias, Szegedy, 1996 (the estimate);
 * Massey 1969 and Berlekamp 1970 (decoding); Seidel, Aragon, 1996 (the index); Aumasson, Bernstein,
 * SipHash, 2012 (digests). Others' ways and figures are in the benchmark {@code bench sync}.
 *
 * <p>A store in memory with a peer that is a method call away; a host on a network sends what it is
 * told to, and answers a request with what comes of it:
 *
 * <pre>{@code
 * final class Shelf {
 *   final NavigableMap<Id, EntryInfo> entries = new TreeMap<>();
 *   final Index index = new Index(new EntryDigest(1, 2));
 *   final Session session =
 *       new Session(index, Arc.wholeRing(Id.MAX), new SecureRandom()::nextLong);
 *   Shelf peer;
 *   boolean proved;
 *
 *   void store(EntryInfo entry) {
 *     if (entries.putIfAbsent(entry.id(), entry) == null) {
 *       index.add(entry);
 *       index.crowded().ifPresent(leaf -> index.split(leaf, read(List.of(leaf))));
 *     }
 *   }
 *
 *   List<EntryInfo> read(List<Arc> arcs) {
 *     return entries.values().stream()
 *         .filter(entry -> arcs.stream().anyMatch(arc -> arc.contains(entry.id())))
 *         .collect(Collectors.toList());
 *   }
 *
 *   void act(List<Step> steps) {
 *     for (Step step : steps) {
 *       if (step instanceof Step.NeedIds need) {
 *         act(session.supply(read(need.arcs())));
 *       } else if (step instanceof Step.Push push) {
 *         push.entries().forEach(peer::store);
 *       } else if (step instanceof Step.Send send) {
 *         peer.act(peer.session.receive(send.body()));
 *       } else if (step instanceof Step.Done done) {
 *         proved = done.proved();
 *       }
 *     }
 *   }
 * }
 * }</pre>
 */
package org.ringslice.sync;
