import Testing

@testable import DataParallel

@Suite struct LaunchPlanTests {
  @Test(arguments: [
    (microBatches: 8, cores: 2, threads: nil, fit: [2, 1]),
    (microBatches: 8, cores: 6, threads: nil, fit: [2, 3]),
    (microBatches: 8, cores: 64, threads: nil, fit: [8, 8]),
    (microBatches: 8, cores: 16, threads: 8, fit: [2, 8]),
  ])
  func `ranks and threads of a training`(microBatches: Int, cores: Int, threads: Int?, fit: [Int]) {
    let (ranks, threads) = LaunchPlan.fit(
      microBatches: microBatches, cores: cores, threads: threads)
    #expect([ranks, threads] == fit)
  }

  @Test(arguments: [
    (folds: 5, teams: nil, cores: 1, fit: [1, 1]),
    // Two rounds, and the fifth on both cores.
    (folds: 5, teams: nil, cores: 2, fit: [2, 1]),
    (folds: 5, teams: nil, cores: 5, fit: [5, 1]),
    // Five teams of eight ranks, a thread each.
    (folds: 5, teams: nil, cores: 40, fit: [40, 1]),
    (folds: 5, teams: 2, cores: 40, fit: [8, 5]),
    (folds: 5, teams: 3, cores: 2, fit: [3, 1]),
    // No more teams than folds.
    (folds: 5, teams: 8, cores: 40, fit: [40, 1]),
  ])
  func `ranks and threads of folds side by side`(folds: Int, teams: Int?, cores: Int, fit: [Int]) {
    let (ranks, threads) = LaunchPlan.fit(
      folds: folds, teams: teams, microBatches: 8, cores: cores, threads: nil)
    #expect([ranks, threads] == fit)
  }
}
