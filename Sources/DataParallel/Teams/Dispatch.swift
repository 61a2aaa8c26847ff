/// Who trains what: hands out jobs to teams of ranks, and sends ranks that find none left to join the
/// jobs that have most to do. It decides nothing but time: a job's bits don't depend on its ranks.
///
/// It is told what happens and says what is to be done; nothing in it waits or sends.
package struct Dispatch: Sendable {
  package enum Order: Equatable, Sendable {
    /// These ranks, ascending, train the job together from where it is.
    case work(job: Int, ranks: [Int])
    /// These ranks wait to join the job, which its first rank is to know.
    case offer(job: Int, to: Int, ranks: [Int], merges: Int)
    /// Nothing is left for these ranks.
    case end(ranks: [Int])
  }

  private struct Running {
    var ranks: [Int]
    var epochsLeft: Int
    /// Ranks that were told to join and haven't yet.
    var offered: [Int] = []
    /// How often ranks have joined: an offer from before that came too late, since its receiver may lead no more.
    var merges = 0
    /// What its ranks go on with, where they were told before they had finished.
    var next: Int?
  }

  private var jobs: [Int: Job] = [:]
  private let width: Int
  private let mostRunning: Int
  private var waiting: [Int]
  private var running: [Int: Running] = [:]
  private var idle: [Int] = []
  private var isStopping = false

  /// - Parameters:
  ///   - jobs: in the order in which they are handed out.
  ///   - teams: the ranks that begin together; others have nothing to do as yet.
  ///   - ranks: of all.
  package init(_ jobs: [Job], teams: [Range<Int>], ranks: Int) {
    width = max(1, teams.map(\.count).min() ?? 1)
    mostRunning = teams.count
    first = teams.map(Array.init)
    let busy = Set(first.flatMap(\.self))
    idle = (0..<ranks).filter { !busy.contains($0) }
    waiting = []
    add(jobs)
  }

  /// Jobs behind those that wait, which what follows hands out.
  package mutating func add(_ more: [Job]) {
    if isStopping { return }
    for job in more {
      precondition(jobs.updateValue(job, forKey: job.id) == nil, "two jobs \(job.id)")
      waiting.append(job.id)
    }
  }

  private func mostRanks(_ job: Int) -> Int { jobs[job]?.mostRanks ?? 1 }

  private let first: [[Int]]

  /// Whether all is done, and every rank was told.
  package private(set) var isOver = false

  /// The first jobs.
  package mutating func start() -> [Order] {
    var orders: [Order] = []
    for team in first { orders += take(team) }
    return orders + settle()
  }

  /// A job is trained, and a little is left to do of it: its ranks are told at once what comes next.
  package mutating func isFinishing(_ job: Int) -> [Order] {
    guard !isStopping, let next = waiting.first, let ranks = running[job]?.ranks,
      running[job]?.offered.isEmpty == true
    else { return [] }
    waiting.removeFirst()
    running[job]?.next = next
    return [.work(job: next, ranks: Array(ranks.prefix(mostRanks(next))))]
  }

  package mutating func isDone(_ job: Int) -> [Order] {
    guard let ended = running.removeValue(forKey: job) else { return [] }
    idle += ended.offered
    if let next = ended.next {
      let kept = ended.ranks.prefix(mostRanks(next))
      begin(next, Array(kept))
      idle += ended.ranks.dropFirst(kept.count)
      return settle()
    }
    if !isStopping, !waiting.isEmpty, ended.ranks.count < 2 * width {
      return take(ended.ranks) + settle()
    }
    idle += ended.ranks
    return settle()
  }

  /// An epoch of a job ends; so many are left.
  package mutating func hasEndedEpoch(of job: Int, epochsLeft: Int) {
    running[job]?.epochsLeft = epochsLeft
  }

  /// The job goes on with these ranks, some of which were offered to it.
  package mutating func isJoined(_ job: Int, by ranks: [Int]) -> [Order] {
    guard var joined = running[job] else { return [] }
    idle += joined.offered.filter { !ranks.contains($0) }
    joined.ranks = ranks
    joined.offered = []
    joined.merges += 1
    running[job] = joined
    return settle()
  }

  /// Nobody begins anything any more; what runs is stopped by those who run it.
  package mutating func stop() -> [Order] {
    isStopping = true
    waiting = []
    return settle()
  }

  private mutating func begin(_ job: Int, _ ranks: [Int]) {
    running[job] = Running(ranks: ranks, epochsLeft: jobs[job]?.epochsLeft ?? 1)
  }

  /// Gives ranks that belong together the next job; those that it has no micro-batches for are idle.
  private mutating func take(_ ranks: [Int]) -> [Order] {
    guard !waiting.isEmpty, !ranks.isEmpty else {
      idle += ranks
      return []
    }
    let job = waiting.removeFirst()
    let kept = Array(ranks.prefix(mostRanks(job)))
    idle += ranks.dropFirst(kept.count)
    begin(job, kept)
    return [.work(job: job, ranks: kept)]
  }

  /// Finds work for idle ranks.
  private mutating func settle() -> [Order] {
    var orders: [Order] = []
    idle.sort()
    while !idle.isEmpty, !waiting.isEmpty, running.count < mostRunning {
      let places = min(waiting.count, mostRunning - running.count, max(1, idle.count / width))
      let count = (idle.count + places - 1) / places
      let ranks = Array(idle.prefix(count))
      idle.removeFirst(count)
      let before = idle.count
      orders += take(ranks)
      // What one job has no place for, another may.
      if idle.count > before { idle.sort() }
    }
    if running.isEmpty && waiting.isEmpty {
      isOver = true
      orders.append(.end(ranks: idle))
      idle = []
    } else if isStopping {
      orders.append(.end(ranks: idle))
      idle = []
    } else if waiting.isEmpty {
      orders += offers()
    }
    return orders
  }

  /// Sends each idle rank to the job that has most left to do for each of its ranks.
  private mutating func offers() -> [Order] {
    var offered: Set<Int> = []
    var stillIdle: [Int] = []
    for rank in idle {
      let neediest = running.filter { job, one in
        one.epochsLeft > 1 && one.next == nil
          && one.ranks.count + one.offered.count < mostRanks(job)
      }.min { a, b in (-load(a.key, a.value), a.key) < (-load(b.key, b.value), b.key) }
      guard let job = neediest?.key else {
        stillIdle.append(rank)
        continue
      }
      running[job]?.offered.append(rank)
      offered.insert(job)
    }
    idle = stillIdle
    return offered.sorted().compactMap { job in
      running[job].map {
        .offer(job: job, to: $0.ranks[0], ranks: $0.offered, merges: $0.merges)
      }
    }
  }

  private func load(_ job: Int, _ one: Running) -> Double {
    guard let whole = jobs[job] else { return 0 }
    let left = whole.cost * Double(one.epochsLeft) / Double(whole.epochs)
    return left / Double(one.ranks.count + one.offered.count)
  }
}
