import Testing

@testable import DataParallel

/// Ranks that do what they are told, by a clock that only counts.
private struct Simulation {
  private struct Team {
    let ranks: [Int]
    var epoch: Int
    var ends: Double
    var joining: [Int] = []
    var merges = 0
  }

  private let jobs: [Job]
  private var dispatch: Dispatch
  private var teams: [Int: Team] = [:]
  private var clock = 0.0
  private(set) var busy: [Int: Double] = [:]
  private(set) var order: [Int] = []
  private(set) var ended: Set<Int> = []
  private(set) var sizes: [Int: [Int]] = [:]

  init(_ jobs: [Job], teams: [Range<Int>], ranks: Int) {
    self.jobs = jobs
    dispatch = Dispatch(jobs, teams: teams, ranks: ranks)
  }

  /// A job's epoch on so many ranks.
  private func epoch(_ job: Int, _ ranks: Int) -> Double {
    jobs[job].cost / Double(jobs[job].epochs) / Double(ranks)
  }

  private mutating func begin(_ job: Int, _ ranks: [Int], epoch done: Int, merges: Int) {
    teams[job] = Team(
      ranks: ranks, epoch: done, ends: clock + epoch(job, ranks.count), merges: merges)
    sizes[job, default: []].append(ranks.count)
  }

  private mutating func follow(_ orders: [Dispatch.Order]) {
    for order in orders {
      switch order {
      case .work(let job, let ranks):
        self.order.append(job)
        begin(job, ranks, epoch: 0, merges: 0)
      case .offer(let job, let leader, let ranks, let merges):
        #expect(teams[job]?.ranks.first == leader && teams[job]?.merges == merges)
        teams[job]?.joining = ranks
      case .end(let ranks): ended.formUnion(ranks)
      }
    }
  }

  /// Gives the time when all is done.
  mutating func run(stoppingAt stop: Double = .infinity) -> Double {
    var hasStopped = false
    follow(dispatch.start())
    while !dispatch.isOver {
      guard let (job, team) = teams.min(by: { ($0.value.ends, $0.key) < ($1.value.ends, $1.key) })
      else { return .infinity }
      clock = team.ends
      if clock >= stop, !hasStopped {
        hasStopped = true
        follow(dispatch.stop())
      }
      var next = team
      next.epoch += 1
      if next.epoch == jobs[job].epochs {
        teams[job] = nil
        follow(dispatch.isDone(job))
      } else if !team.joining.isEmpty {
        let ranks = (team.ranks + team.joining).sorted()
        begin(job, ranks, epoch: next.epoch, merges: team.merges + 1)
        follow(dispatch.isJoined(job, by: ranks))
      } else {
        next.ends = clock + epoch(job, team.ranks.count)
        teams[job] = next
        dispatch.hasEndedEpoch(of: job, epochsLeft: jobs[job].epochs - next.epoch)
      }
    }
    return clock
  }
}

@Suite struct DispatchTests {
  private func teams(_ ranks: Int, _ count: Int) -> [Range<Int>] {
    LeafIntervals.even(ranks, ranks: count)
  }

  @Test(arguments: [
    (folds: 5, ranks: 4, teams: 4, most: 1.15), (folds: 5, ranks: 8, teams: 4, most: 1.15),
    (folds: 3, ranks: 2, teams: 2, most: 1.05), (folds: 10, ranks: 8, teams: 8, most: 1.1),
    (folds: 5, ranks: 5, teams: 5, most: 1), (folds: 1, ranks: 8, teams: 1, most: 1),
  ])
  func `no rank is idle for long`(folds: Int, ranks: Int, teams count: Int, most: Double) {
    let jobs = (0..<folds).map { Job($0, cost: 100, mostRanks: 8, epochs: 20) }
    var simulation = Simulation(jobs, teams: teams(ranks, count), ranks: ranks)
    let ideal = Double(folds) * 100 / Double(ranks)
    let time = simulation.run()
    #expect(time <= ideal * most + 1e-9, "\(time / ideal) of the ideal")
    #expect(simulation.ended == Set(0..<ranks))
  }

  @Test func `in their order`() {
    let jobs = [5.0, 5, 3, 2, 1].enumerated().map {
      Job($0, cost: $1, mostRanks: 1, epochs: 1)
    }
    var simulation = Simulation(jobs, teams: teams(2, 2), ranks: 2)
    // 5 + 3 beside 5 + 2 + 1.
    #expect(simulation.run() == 8 && simulation.order == [0, 1, 2, 3, 4])
  }

  @Test func `what comes of a job may be more jobs`() {
    var dispatch = Dispatch(
      [Job(7, mostRanks: 8, epochs: 1)], teams: [0..<1, 1..<2], ranks: 2)
    #expect(dispatch.start() == [.work(job: 7, ranks: [0])])
    dispatch.add([Job(9, mostRanks: 8, epochs: 1), Job(8, mostRanks: 8, epochs: 1)])
    #expect(dispatch.isDone(7) == [.work(job: 9, ranks: [0]), .work(job: 8, ranks: [1])])
    #expect(dispatch.isDone(9) == [] && dispatch.isDone(8) == [.end(ranks: [0, 1])])
  }

  @Test func `no more ranks than micro-batches; who has no place joins another`() {
    let jobs = [4, 2, 1].enumerated().map { Job($0, cost: 10, mostRanks: $1, epochs: 10) }
    var simulation = Simulation(jobs, teams: teams(3, 3), ranks: 8)
    _ = simulation.run()
    for (job, sizes) in simulation.sizes {
      #expect(sizes.allSatisfy { $0 <= jobs[job].mostRanks } && sizes == sizes.sorted())
    }
    #expect(simulation.sizes[0]?.last == 4)
    #expect(simulation.ended == Set(0..<8))
  }

  @Test func `who is left over begins with a team that ends, in as many teams as were asked for`() {
    let jobs = (0..<4).map { Job($0, cost: 8, mostRanks: 4, epochs: 4) }
    var simulation = Simulation(jobs, teams: [0..<4], ranks: 6)
    #expect(simulation.run() == 8)
    #expect(simulation.ended == Set(0..<6))
  }

  @Test func `a stop ends all that have nothing begun`() {
    let jobs = (0..<9).map { Job($0, cost: 10, mostRanks: 1, epochs: 10) }
    var simulation = Simulation(jobs, teams: teams(3, 3), ranks: 3)
    #expect(simulation.run(stoppingAt: 12) == 20)
    #expect(simulation.order.count == 6 && simulation.ended == Set(0..<3))
  }

  /// A job's next is known before it is done, and its ranks are told once.
  @Test func `what comes next is told in time`() {
    let jobs = (0..<3).map { Job($0, mostRanks: 8, epochs: 2) }
    var dispatch = Dispatch(jobs, teams: [0..<1, 1..<2], ranks: 2)
    #expect(dispatch.start() == [.work(job: 0, ranks: [0]), .work(job: 1, ranks: [1])])
    #expect(dispatch.isFinishing(1) == [.work(job: 2, ranks: [1])])
    #expect(dispatch.isFinishing(0) == [])
    #expect(dispatch.isDone(1) == [])
    #expect(dispatch.isDone(0) == [.offer(job: 2, to: 1, ranks: [0], merges: 0)])
  }

  @Test func `an offer that comes too late is made to the new first rank`() {
    let jobs = (0..<3).map { Job($0, mostRanks: 8, epochs: 9) }
    var dispatch = Dispatch(jobs, teams: [0..<1, 1..<2, 2..<3], ranks: 3)
    _ = dispatch.start()
    dispatch.hasEndedEpoch(of: 0, epochsLeft: 2)
    dispatch.hasEndedEpoch(of: 1, epochsLeft: 3)
    #expect(dispatch.isDone(0) == [.offer(job: 2, to: 2, ranks: [0], merges: 0)])
    #expect(dispatch.isDone(1) == [.offer(job: 2, to: 2, ranks: [0, 1], merges: 0)])
    // Rank 2 had seen the first offer alone, and rank 0 leads now.
    #expect(
      dispatch.isJoined(2, by: [0, 2]) == [.offer(job: 2, to: 0, ranks: [1], merges: 1)])
    #expect(dispatch.isJoined(2, by: [0, 1, 2]) == [])
    #expect(dispatch.isDone(2) == [.end(ranks: [0, 1, 2])] && dispatch.isOver)
  }

  /// Of a job whose rank was told what comes next, nobody waits to join it.
  @Test func `early ends give back who waited`() {
    let jobs = (0..<2).map { Job($0, mostRanks: 8, epochs: 9) }
    var dispatch = Dispatch(jobs, teams: [0..<1, 1..<2], ranks: 2)
    _ = dispatch.start()
    #expect(dispatch.isDone(0) == [.offer(job: 1, to: 1, ranks: [0], merges: 0)])
    #expect(dispatch.isDone(1) == [.end(ranks: [0, 1])])
  }
}
