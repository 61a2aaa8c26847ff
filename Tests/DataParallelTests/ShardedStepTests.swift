import Testing
import WorkerRun

/// The step protocol on a model of uneven random gradients; `Tests/Worker/StepsCommand.swift`.
@Suite struct ShardedStepTests {
  /// Leaves of each step: whole, ragged, and shorter than there are ranks.
  static let leaves = ["8", "7", "13", "5", "1", "3", "8"]
  /// One rank, one thread, no faults: what all others are compared with.
  static let alone = Result { try WorkerRun.run(["steps", "1", "none"] + leaves, ranks: 1) }

  @Test(arguments: [2, 3, 4, 5, 8], [1, 3])
  func `the same bits for any number of ranks and threads`(ranks: Int, threads: Int) throws {
    let run = try WorkerRun.run(["steps", "\(threads)", "none"] + Self.leaves, ranks: ranks)
    #expect(run.exitCode == 0, "\(run.errors)")
    let alone = try Self.alone.get()
    #expect(alone.lines.count == Self.leaves.count + 1)
    #expect(run.lines == alone.lines)
  }

  @Test func `the gradients tell orders apart: leaves in another order give other bits`() throws {
    let run = try WorkerRun.run(["steps", "1", "other-order"] + Self.leaves, ranks: 3)
    let alone = try Self.alone.get()
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(weights(run.lines[0]) != weights(alone.lines[0]))
  }

  @Test(arguments: [("nan 3", "wide.weight"), ("inf-loss 6", "loss")], [1, 3])
  func `a number that isn't finite on one rank is seen by all, named, and not applied`(
    fault: (argument: String, name: String), ranks: Int
  ) throws {
    let run = try WorkerRun.run(["steps", "1", fault.argument, "8", "7", "8"], ranks: ranks)
    try #require(run.lines.count == 4, "\(run.errors)")
    #expect(run.lines[1].contains("nonFinite: Optional(\"\(fault.name)\")"))
    #expect(weights(run.lines[1]) == weights(run.lines[0]))
    #expect(run.lines[2].contains("nonFinite: nil"))
    #expect(weights(run.lines[2]) != weights(run.lines[0]))
  }

  @Test(arguments: [1, 3])
  func `a step without weight is skipped by all`(ranks: Int) throws {
    let run = try WorkerRun.run(["steps", "1", "no-weight", "8", "7"], ranks: ranks)
    try #require(run.lines.count == 3, "\(run.errors)")
    #expect(run.lines[1].contains("weight: 0.0"))
    #expect(weights(run.lines[1]) == weights(run.lines[0]))
  }

  @Test(arguments: [0, 2])
  func `one rank's wish to stop is known to all in the same step`(rank: Int) throws {
    let run = try WorkerRun.run(["steps", "1", "stop \(rank)", "8", "7", "8"], ranks: 3)
    try #require(run.lines.count == 4, "\(run.errors)")
    #expect(run.lines.map { $0.contains("stopRequested: true") } == [false, true, false, false])
    #expect(run.lines[1].contains("checkpointDue: false"))
    #expect(weights(run.lines[1]) == weights(try Self.alone.get().lines[1]))
  }

  @Test func `rank 0's clock alone decides on checkpoints`() throws {
    let run = try WorkerRun.run(["steps", "1", "checkpoint", "8", "7"], ranks: 3)
    try #require(run.lines.count == 3, "\(run.errors)")
    #expect(run.lines[0].contains("checkpointDue: false"))
    #expect(run.lines[1].contains("checkpointDue: true"))
  }

  private func weights(_ line: String) -> Substring? { line.split(separator: " ").last }
}
