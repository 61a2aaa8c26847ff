import Testing

@testable import DataParallel

@Suite struct TeamPlanTests {
  @Test(arguments: [
    // One rank has no choice.
    (folds: 5, ranks: [1], microBatches: 8, teams: 1),
    // 2 × 2 folds with nothing to exchange, rather than 4 folds at .95 of the speed.
    (folds: 4, ranks: [2], microBatches: 8, teams: 2),
    // The fifth is for both teams together.
    (folds: 5, ranks: [2], microBatches: 8, teams: 2),
    // On two hosts the third would be for both, at .86 of the speed of each by itself.
    (folds: 3, ranks: [1, 1], microBatches: 8, teams: 2),
    // Not more than one rank has work for a fold, so a fifth would leave two of three idle.
    (folds: 5, ranks: [3], microBatches: 1, teams: 3),
    (folds: 5, ranks: [5], microBatches: 8, teams: 5),
    // A team on each host.
    (folds: 4, ranks: [4, 4], microBatches: 4, teams: 4),
    // More ranks than a step has micro-batches.
    (folds: 6, ranks: [8], microBatches: 2, teams: 6),
    (folds: 5, ranks: [3, 3], microBatches: 3, teams: 5),
    (folds: 3, ranks: [8], microBatches: 1, teams: 3),
    // The last fold: four of the eight ranks.
    (folds: 1, ranks: [8], microBatches: 4, teams: 1),
  ])
  func `the number of teams that is done first`(
    folds: Int, ranks: [Int], microBatches: Int, teams: Int
  ) {
    #expect(
      TeamPlan.teams(forFolds: folds, ranks: ranks, microBatches: microBatches) == teams)
  }

  @Test func `no team has more ranks than micro-batches; the rest have nothing to do`() {
    #expect(TeamPlan.parts(of: 8, teams: 1, microBatches: 4) == [0..<4])
    #expect(TeamPlan.parts(of: 5, teams: 2, microBatches: 8) == [0..<2, 2..<5])
    #expect(TeamPlan.parts(of: 9, teams: 3, microBatches: 2) == [0..<2, 2..<4, 4..<6])
  }
}
