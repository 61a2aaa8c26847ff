import Testing

@testable import Planning

@Suite struct TeamTimesTests {
  private func times(
    _ arrangement: Arrangement, on cluster: Cluster, _ work: TrainingWork = Examples.work,
    recomputed: Int = 0
  ) -> TeamTimes {
    TeamTimes(
      Examples.costs, work,
      TeamPlace(0..<arrangement.ranks, of: arrangement.ranks, arrangement, on: cluster),
      on: cluster, recomputed: recomputed)
  }

  /// Passes of 20 photos take 20 s, the update 2 s, and the second gradient is added in 1.5 s.
  @Test(arguments: [
    // The loader's two seconds are the rank's own core's, or another's.
    (1, 25.5), (2, 23.5),
  ])
  func `a rank's loader has the cores that the rank leaves`(cores: Int, seconds: Double) {
    let step = times(Examples.arrangement(ranks: 1), on: Examples.cluster(cores: cores))
      .step(0, area: 1)
    #expect(abs(step.seconds - seconds) < 1e-9 && step.sending == 0)
  }

  /// Threads halve passes and update, and both cores load.
  @Test func `threads share the work`() {
    let step = times(
      Examples.arrangement(ranks: 1, threads: 2), on: Examples.cluster(cores: 2)
    ).step(0, area: 1)
    #expect(abs(step.seconds - (11 + 1.5 + 1)) < 1e-9)
  }

  /// A pass and half of the update, at 1.2 times their time; half a gradient is added and as much sent and taken as two
  /// gradients have, by cores that copy half as fast together.
  @Test func `ranks of a host share its memory`() {
    let step = times(Examples.arrangement(ranks: 2), on: Examples.cluster(cores: 2))
      .step(0, area: 1)
    #expect(abs(step.sending - 4) < 1e-9)
    #expect(abs(step.seconds - (1.2 * 11 + 1.5 + 4)) < 1e-9)
  }

  @Test func `hosts send over the network`() {
    let step = times(
      Examples.arrangement(hosts: 2, ranks: 1), on: Examples.cluster(hosts: 2, cores: 1)
    ).step(0, area: 1)
    #expect(abs(step.sending - (1 + 3 * 50e-6)) < 1e-9)
    #expect(abs(step.seconds - (11 + 0.75 + step.sending)) < 1e-9)
  }

  @Test func `a loader that is too slow is waited for`() {
    var work = Examples.work
    work.loaderThreads = 1
    var costs = Examples.costs
    costs.decode = 5
    let cluster = Examples.cluster(cores: 8)
    let arrangement = Examples.arrangement(ranks: 1, threads: 2)
    let place = TeamPlace(0..<1, of: 1, arrangement, on: cluster)
    let step = TeamTimes(costs, work, place, on: cluster, recomputed: 0).step(0, area: 1)
    #expect(step.seconds == 100)
  }

  @Test func `smaller photos are passed in the time of their area`() {
    let step = times(Examples.arrangement(ranks: 1), on: Examples.cluster(cores: 2))
      .step(0, area: 0.25)
    #expect(abs(step.seconds - (5 + 2 + 1.5)) < 1e-9)
  }

  /// Half of the blocks: half of 20 photos' forward passes of .2 s.
  @Test func `blocks that are run again take a forward pass`() {
    let step = times(
      Examples.arrangement(ranks: 1), on: Examples.cluster(cores: 2), recomputed: 2
    ).step(0, area: 1)
    #expect(abs(step.seconds - (23.5 + 2)) < 1e-9)
  }

  /// Two steps, a validation of 10 photos in 2 s and a checkpoint in one.
  @Test(arguments: [
    (nil, 4, 4 * 50.0), (nil, 2, 2 * 50.0),
    // An epoch that isn't whole is saved and not validated.
    (3, 4, 50.0 + 23.5 + 1), (2, 4, 50.0), (100, 4, 4 * 50.0),
  ])
  func `epochs end with a validation and a checkpoint`(
    steps: Int?, epochs: Int, seconds: Double
  ) {
    var work = Examples.work
    work.mostSteps = steps
    let training = times(Examples.arrangement(ranks: 1), on: Examples.cluster(cores: 2), work)
      .training(epochs: epochs)
    #expect(abs(training.seconds - seconds) < 1e-9)
  }

  /// Of 40 photos, in 8 s each.
  @Test func `statistics are made anew in the last two epochs`() {
    var work = Examples.work
    work.firstRenewal = 2
    let training = times(Examples.arrangement(ranks: 1), on: Examples.cluster(cores: 2), work)
      .training(epochs: 4)
    #expect(abs(training.seconds - (200 + 2 * 8)) < 1e-9)
  }

  @Test func `a fold's photos are predicted at the end`() {
    var work = Examples.work
    work.predictedPhotos = 20
    let training = times(Examples.arrangement(ranks: 1), on: Examples.cluster(cores: 2), work)
      .training(epochs: 4)
    #expect(abs(training.seconds - (200 + 4)) < 1e-9)
  }
}
