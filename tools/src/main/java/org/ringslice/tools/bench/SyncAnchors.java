package org.ringslice.tools.bench;

/**
 * What others take for the same, bytes both ways, measured once: rateless IBLT (Yang, Gilad,
 * Alizadeh, SIGCOMM 2024; the authors' riblt in Go with keys and checksums of 8 bytes), range-based
 * reconciliation (negentropy in C++, each side a tree), and a prototype in C++ of grouped BCH
 * sketches. 0 where it was not measured.
 */
record SyncAnchors(
    int common, SyncCase.Shape shape, int differing, long riblt, long negentropy, long prototype) {
  private static final SyncCase.Shape SPREAD = SyncCase.Shape.BOTH;
  private static final SyncCase.Shape HALF = SyncCase.Shape.HALF;
  private static final SyncCase.Shape EMPTY = SyncCase.Shape.EMPTY;

  private static final SyncAnchors[] ALL = {
    new SyncAnchors(10_000, SPREAD, 0, 21, 338, 52),
    new SyncAnchors(10_000, SPREAD, 1, 29, 1098, 58),
    new SyncAnchors(10_000, SPREAD, 2, 47, 1920, 58),
    new SyncAnchors(10_000, SPREAD, 10, 421, 7453, 254),
    new SyncAnchors(10_000, SPREAD, 100, 2941, 43_873, 703),
    new SyncAnchors(10_000, SPREAD, 1000, 27_195, 175_491, 6306),
    new SyncAnchors(10_000, SPREAD, 10_000, 270_867, 559_345, 15_994),
    new SyncAnchors(10_000, HALF, 5000, 153_395, 241_693, 1558),
    new SyncAnchors(10_000, EMPTY, 10_000, 309_437, 434, 53),
    new SyncAnchors(100_000, SPREAD, 0, 21, 344, 52),
    new SyncAnchors(100_000, SPREAD, 1, 29, 1798, 58),
    new SyncAnchors(100_000, SPREAD, 2, 47, 3357, 58),
    new SyncAnchors(100_000, SPREAD, 10, 399, 14_215, 268),
    new SyncAnchors(100_000, SPREAD, 100, 2996, 114_630, 774),
    new SyncAnchors(100_000, SPREAD, 1000, 27_732, 783_211, 5525),
    new SyncAnchors(100_000, SPREAD, 10_000, 273_952, 3_179_085, 43_239),
    new SyncAnchors(100_000, SPREAD, 100_000, 2_701_829, 9_213_497, 159_137),
    new SyncAnchors(100_000, HALF, 50_000, 1_551_039, 1_720_272, 13_757),
    new SyncAnchors(100_000, EMPTY, 100_000, 3_107_379, 446, 53),
    new SyncAnchors(1_000_000, SPREAD, 0, 21, 351, 52),
    new SyncAnchors(1_000_000, SPREAD, 1, 29, 2437, 58),
    new SyncAnchors(1_000_000, SPREAD, 2, 48, 4532, 58),
    new SyncAnchors(1_000_000, SPREAD, 10, 279, 20_674, 262),
    new SyncAnchors(1_000_000, SPREAD, 100, 3024, 168_426, 866),
    new SyncAnchors(1_000_000, SPREAD, 1000, 26_682, 1_393_829, 6816),
    new SyncAnchors(1_000_000, SPREAD, 10_000, 271_608, 10_762_007, 50_251),
    new SyncAnchors(1_000_000, SPREAD, 100_000, 2_704_043, 55_042_211, 409_608),
    new SyncAnchors(1_000_000, HALF, 500_000, 15_526_165, 50_258_554, 135_832),
    new SyncAnchors(1_000_000, EMPTY, 1_000_000, 0, 460, 53),
  };

  static SyncAnchors of(SyncCase each) {
    for (SyncAnchors anchors : ALL) {
      if (anchors.common == each.entries()
          && anchors.shape == each.shape()
          && anchors.differing == each.differing()) {
        return anchors;
      }
    }
    return new SyncAnchors(each.entries(), each.shape(), each.differing(), 0, 0, 0);
  }
}
