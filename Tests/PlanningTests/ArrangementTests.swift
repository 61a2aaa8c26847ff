import Testing

@testable import Planning

@Suite struct ArrangementTests {
  private func places(_ arrangements: [Arrangement]) -> [[Int]] {
    arrangements.map { [$0.hosts, $0.ranksPerHost, $0.threads, $0.teams] }
  }

  @Test func `powers of two, and all there are`() {
    let all = Arrangement.all(
      on: Examples.cluster(hosts: 3, cores: 6), microBatches: [16], folds: nil, threads: nil)
    let ranks = [[1, 6], [2, 3], [4, 1], [6, 1]]
    #expect(places(all) == [1, 2, 3].flatMap { host in ranks.map { [host] + $0 + [1] } })
  }

  @Test func `threads that the recipe sets stay`() {
    let all = Arrangement.all(
      on: Examples.cluster(cores: 8), microBatches: [16], folds: nil, threads: 4)
    #expect(places(all) == [[1, 1, 4, 1], [1, 2, 4, 1]])
  }

  @Test func `as few folds at a time as are done in as many rounds`() {
    let all = Arrangement.all(
      on: Examples.cluster(cores: 4), microBatches: [16], folds: 5, threads: nil)
    #expect(
      places(all) == [
        [1, 1, 4, 1], [1, 2, 2, 1], [1, 2, 2, 2], [1, 4, 1, 1], [1, 4, 1, 2], [1, 4, 1, 3],
      ])
  }

  @Test func `each micro-batch has all places`() {
    let all = Arrangement.all(
      on: Examples.cluster(cores: 1), microBatches: [16, 8], folds: nil, threads: nil)
    #expect(all.map(\.microBatch) == [16, 8])
  }
}
