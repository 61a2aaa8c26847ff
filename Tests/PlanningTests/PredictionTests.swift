import Testing

@testable import Planning

@Suite struct PredictionTests {
  private let cluster = Examples.cluster(cores: 2)
  private let one = Examples.arrangement(ranks: 1)

  @Test func `a training has all its epochs`() {
    let found = Examples.predicted(one, on: cluster)
    #expect(abs(found.seconds - 203) < 1e-9 && found.epochs == 4 && found.obstacle == nil)
    #expect(found.rankMemoryBytes == 1 && found.hostMemoryBytes == 1)
  }

  /// Epochs of 50 s after a start of 3.
  @Test(arguments: [
    (300.0, 4, nil as Prediction.Obstacle?), (153 / 0.9 + 0.01, 3, nil), (153, 2, nil),
    (60, 1, nil), (58, 0, .time),
  ])
  func `as many epochs as nine tenths of the time allow`(
    limit: Double, epochs: Int, obstacle: Prediction.Obstacle?
  ) {
    let found = Examples.predicted(one, on: cluster, within: limit)
    #expect(found.epochs == epochs && found.obstacle == obstacle)
    #expect(abs(found.seconds - (3 + 50 * Double(max(1, epochs)))) < 1e-9)
  }

  @Test func `what is in the way is told`() {
    #expect(
      Examples.predicted(Examples.arrangement(ranks: 3), on: cluster).obstacle == .ranks(work: 2))
    let short = Examples.memory(11, limit: 10)
    #expect(Examples.predicted(one, on: cluster, memory: short).obstacle == .memory)
    #expect(Examples.predicted(one, on: cluster, disk: 101).obstacle == .disk)
    #expect(Examples.predicted(one, on: cluster, disk: 100).obstacle == nil)
  }

  @Test func `a host has the memory of its ranks`() {
    let found = Examples.predicted(
      Examples.arrangement(ranks: 2), on: cluster, memory: Examples.memory(7))
    #expect(found.hostMemoryBytes == 14)
  }

  /// On one rank each, beside the other: 1.2 (20 + 2) s, and 1.5 s for 1.5 gigabytes at half the speed.
  @Test func `teams train folds side by side`() {
    let found = Examples.predicted(
      Examples.arrangement(ranks: 2, teams: 2), on: cluster, folds: 4)
    let step = 1.2 * 22 + 3 + 2.0
    let fold = 4 * (2 * step + 1.2 * 2 + 0.5 + 1)
    #expect(abs(found.seconds - (3 + 2 * fold)) < 1e-6, "\(found.seconds), not \(3 + 2 * fold)")
    // The third of three begins on one rank, and after the first of four epochs has both.
    let both = Examples.predicted(Examples.arrangement(ranks: 2), on: cluster).seconds - 3
    let joined = Examples.predicted(
      Examples.arrangement(ranks: 2, teams: 2), on: cluster, folds: 3)
    let expected = 3 + fold + fold / 4 + both * 3 / 4
    #expect(abs(joined.seconds - expected) < 1e-6, "\(joined.seconds), not \(expected)")
  }

  @Test func `teams take the next fold when they are free`() {
    let found = Prediction.together(
      [(seconds: 10, sending: 1), (seconds: 20, sending: 2)], folds: 5)
    #expect(found.seconds == 40 && found.sending == 4)
    #expect(Prediction.together([(10, 1)], folds: 1).seconds == 10)
  }

  @Test func `a team on two hosts is seen as one`() {
    let arrangement = Examples.arrangement(hosts: 2, ranks: 2)
    let cluster = Examples.cluster(hosts: 2, cores: 4)
    let whole = TeamPlace(0..<4, of: 4, arrangement, on: cluster)
    #expect(whole.hosts == 2 && whole.ownOnHost == 2 && whole.cores == 2)
    let half = TeamPlace(2..<4, of: 4, arrangement, on: cluster)
    #expect(half.hosts == 1 && half.ownOnHost == 2 && half.otherBusyCores == 1)
    let across = TeamPlace(1..<3, of: 4, arrangement, on: cluster)
    #expect(across.hosts == 2 && across.ownOnHost == 1)
  }

  @Test func `other micro-batches have to save more than a twentieth`() {
    func found(_ microBatch: Int, start: Double) -> Prediction {
      var costs = Examples.costs
      costs.start = start
      return Prediction(
        Examples.arrangement(ranks: 1, microBatch: microBatch), on: cluster, folds: nil, costs,
        Examples.work, Examples.memory(1), within: nil, diskBytes: 0, freeDiskBytes: nil)
    }
    let isOwn = { (one: Arrangement) in one.microBatch == 10 }
    let equal = [found(20, start: 0), found(10, start: 9)]
    #expect(Prediction.ranked(equal, isOwn: isOwn).map(\.arrangement.microBatch) == [10, 20])
    let faster = [found(10, start: 11), found(20, start: 0)]
    #expect(Prediction.ranked(faster, isOwn: isOwn).map(\.arrangement.microBatch) == [20, 10])
  }

  @Test func `more epochs come before less time`() {
    let few = Examples.predicted(one, on: cluster, within: 100)
    let all = Examples.predicted(one, on: cluster)
    let none = Examples.predicted(one, on: cluster, within: 1)
    #expect(Prediction.ranked([few, none, all], isOwn: { _ in true }) == [all, few])
  }
}
