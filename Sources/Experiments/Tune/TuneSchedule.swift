/// Which trial of a search is trained next, and how far: asynchronous successive halving (Li et al., "A system for
/// massively parallel hyperparameter tuning", MLSys 2020), made a function of results alone.
///
/// A job trains a trial up to a rung. By the paper's rule a free worker promotes the best of the best 1/η of a rung that
/// isn't promoted yet, from the top rung down, and else begins a new trial. There, who is free first decides; here job j is
/// decided by the results of the first k jobs in the order in which they were decided, where k is the least number from
/// j − W + 1 on by which there is something to do. So W jobs can be under way, and the
/// sequence is the same for any number of workers; with W = 1 it is the paper's with one worker.
///
/// Trial 0 is the recipe as it is, which is always promoted. If no other comes to the top by the rule, since there are few,
/// the best of the highest rung goes on.
package struct TuneSchedule: Sendable {
  package struct Job: Hashable, Sendable {
    package let trial: Int
    package let rung: Int

    package init(trial: Int, rung: Int) {
      self.trial = trial
      self.rung = rung
    }
  }

  package enum Step: Equatable, Sendable {
    case job(Job)
    /// Results are missing.
    case waiting
    case done
  }

  package let rungs: Int
  private let trials: Int
  private let reduction: Int
  private let atOnce: Int
  private let hasBaseline: Bool
  /// In the order in which they were decided.
  package private(set) var jobs: [Job] = []
  private var merits: [Job: Double] = [:]
  private var decided: Set<Job> = []
  private var begun = 0

  /// - Parameters:
  ///   - trials: how many there are, trial 0 among them.
  ///   - reduction: η: one of so many is promoted.
  ///   - atOnce: W.
  ///   - hasBaseline: whether trial 0 is promoted whatever it scores.
  package init(
    rungs: Int, trials: Int, reduction: Int, atOnce: Int, hasBaseline: Bool = true
  ) {
    precondition(rungs > 0 && trials > 0 && reduction > 1 && atOnce > 0)
    self.rungs = rungs
    self.trials = trials
    self.reduction = reduction
    self.atOnce = atOnce
    self.hasBaseline = hasBaseline
  }

  /// Decides the next job.
  package mutating func next() -> Step {
    var known = max(jobs.count - atOnce + 1, 0)
    while jobs[..<known].allSatisfy({ merits[$0] != nil }) {
      let isAll = known == jobs.count
      if let job = choice(by: jobs[..<known]) ?? (isAll ? lastChoice() : nil) {
        jobs.append(job)
        decided.insert(job)
        if job.rung == 0 { begun += 1 }
        return .job(job)
      }
      if isAll { return .done }
      known += 1
    }
    return .waiting
  }

  /// - Parameter merit: larger is better; −∞ for a trial that failed.
  package mutating func record(_ job: Job, merit: Double) { merits[job] = merit }

  private func choice(by known: ArraySlice<Job>) -> Job? {
    if hasBaseline, let job = known.filter({ $0.trial == 0 }).compactMap(promotion).last {
      return job
    }
    for rung in stride(from: rungs - 2, through: 0, by: -1) {
      let best = best(of: known.filter { $0.rung == rung })
      if let job = best.prefix(best.count / reduction).compactMap(promotion).first { return job }
    }
    return begun < trials ? Job(trial: begun, rung: 0) : nil
  }

  /// With all results.
  private func lastChoice() -> Job? {
    let drawn = jobs.filter { $0.trial > 0 || !hasBaseline }
    if drawn.contains(where: { $0.rung == rungs - 1 }) { return nil }
    for rung in stride(from: rungs - 2, through: 0, by: -1) {
      if let job = best(of: drawn.filter { $0.rung == rung }).compactMap(promotion).first {
        return job
      }
    }
    return nil
  }

  /// The best first, of equals the first trial.
  private func best(of jobs: [Job]) -> [Job] {
    jobs.sorted { a, b in
      (-(merits[a] ?? 0), a.trial) < (-(merits[b] ?? 0), b.trial)
    }
  }

  /// What the trial is trained to next; nil where it is decided already, failed, or is at the top.
  private func promotion(_ job: Job) -> Job? {
    let next = Job(trial: job.trial, rung: job.rung + 1)
    let isPossible = next.rung < rungs && !decided.contains(next) && merits[job] != -.infinity
    return isPossible ? next : nil
  }

  /// The epochs after which trials are compared: all of them, and those divided by η again and again.
  package static func rungs(epochs: Int, reduction: Int, least: Int) -> [Int] {
    var rungs = [epochs]
    while let last = rungs.last, last / reduction >= max(1, least) {
      rungs.append(last / reduction)
    }
    return rungs.reversed()
  }
}
