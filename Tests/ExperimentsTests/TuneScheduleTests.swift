import Foundation
import Support
import Testing

@testable import Experiments

/// Beside about twenty lines of Python for the paper's rule: Tests/Golden/tune.py.
@Suite struct TuneScheduleTests {
  struct Golden: Decodable {
    struct Case: Decodable {
      let seed, trials, winner: Int
      let atOnce: Int
      let baseline: Bool
      let jobs: [[Int]]

      enum CodingKeys: String, CodingKey {
        case seed, trials, winner, baseline, jobs
        case atOnce = "at_once"
      }
    }
    let scores: [[Double]]
    let cases: [Case]

    func score(_ seed: Int, _ job: TuneSchedule.Job) -> Double? {
      scores.first {
        $0[0] == Double(seed) && $0[1] == Double(job.trial)
          && $0[2] == Double(TuneScheduleTests.rungs[job.rung])
      }?[3]
    }
  }

  static let rungs = [1, 3, 9]
  private let golden: Golden

  init() throws {
    golden = try JSONDecoder().decode(Golden.self, from: Data(Golden.bytes))
  }

  /// The jobs of a case with so many workers, which are done in an order that is drawn.
  private func jobs(of one: Golden.Case, workers: Int, draw seed: UInt64) throws -> [[Int]] {
    var schedule = TuneSchedule(
      rungs: Self.rungs.count, trials: one.trials, reduction: 3, atOnce: one.atOnce,
      hasBaseline: one.baseline)
    var (waiting, running) = ([TuneSchedule.Job](), [TuneSchedule.Job]())
    var draw = seed
    func decide() -> Bool {
      while true {
        switch schedule.next() {
        case .job(let job): waiting.append(job)
        case .waiting: return false
        case .done: return true
        }
      }
    }
    while true {
      let isDone = decide()
      while running.count < workers, !waiting.isEmpty { running.append(waiting.removeFirst()) }
      if running.isEmpty {
        #expect(isDone)
        return schedule.jobs.map { [$0.trial, $0.rung] }
      }
      #expect(running.count + waiting.count <= one.atOnce)
      draw = draw &* 6_364_136_223_846_793_005 &+ 1
      let job = running.remove(at: Int(draw >> 33) % running.count)
      schedule.record(job, merit: try #require(golden.score(one.seed, job)))
    }
  }

  @Test(arguments: [1, 2, 3, 8])
  func `the paper's jobs and winner, whoever is done first`(workers: Int) throws {
    #expect(golden.cases.count == 20)
    for one in golden.cases {
      for draw in 0..<UInt64(workers == 1 ? 1 : 5) {
        let jobs = try jobs(of: one, workers: workers, draw: draw)
        #expect(jobs == one.jobs, "seed \(one.seed), \(one.atOnce) at once, \(workers) workers")
        let top = jobs.filter { $0[1] == 2 }.map { $0[0] }
        let winner = try top.max { a, b in
          let (one, other) = (
            try #require(golden.score(one.seed, .init(trial: a, rung: 2))),
            try #require(golden.score(one.seed, .init(trial: b, rung: 2)))
          )
          return one < other
        }
        #expect(winner == one.winner)
      }
    }
  }

  @Test func `several at once decide otherwise than one, or the test would show nothing`() {
    let sequences = golden.cases.filter { $0.seed == 0 && $0.trials == 27 }.map(\.jobs)
    #expect(Set(sequences).count == sequences.count)
  }

  @Test func `a trial that failed is promoted by nobody, and the recipe as it is always`() {
    var schedule = TuneSchedule(rungs: 2, trials: 3, reduction: 3, atOnce: 1)
    var jobs: [[Int]] = []
    while case .job(let job) = schedule.next() {
      jobs.append([job.trial, job.rung])
      schedule.record(job, merit: job.trial == 0 ? -1 : -.infinity)
    }
    #expect(jobs == [[0, 0], [0, 1], [1, 0], [2, 0]])
  }

  @Test(arguments: [
    (30, 3, 3, [3, 10, 30]), (27, 3, 1, [1, 3, 9, 27]), (4, 3, 1, [1, 4]), (1, 3, 1, [1]),
    (12, 2, 5, [6, 12]), (9, 3, 10, [9]),
  ])
  func `rungs are all epochs, and shares of them`(
    epochs: Int, reduction: Int, least: Int, rungs: [Int]
  ) {
    #expect(TuneSchedule.rungs(epochs: epochs, reduction: reduction, least: least) == rungs)
  }
}

extension TuneScheduleTests.Golden {
  fileprivate static var bytes: [UInt8] {
    get throws { Array(try Support.Golden.bytes("tune.json")) }
  }
}
