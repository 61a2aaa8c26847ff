import DataParallel
import Datasets
import Evaluation
import Recipes
import Runs

/// Rank 0's book of a search: which jobs are decided, and what came of them.
final class TuneBook {
  private var schedule: TuneSchedule
  private let trials: TuneTrials
  private let folder: TuneFolder
  private let metric: Metric
  /// Photos that are trained on.
  private let photos: Int
  private(set) var done = 0

  init(
    _ schedule: TuneSchedule, _ trials: TuneTrials, in folder: TuneFolder, by metric: Metric,
    photos: Int
  ) {
    self.schedule = schedule
    self.trials = trials
    self.folder = folder
    self.metric = metric
    self.photos = photos
  }

  /// Whether all is done that the schedule decides.
  private(set) var isWhole = false

  /// Jobs that are decided now and have no result in the folder, which an earlier process may have left.
  func decide() throws -> [Job] {
    var jobs: [Job] = []
    while true {
      switch schedule.next() {
      case .waiting: return jobs
      case .done:
        isWhole = true
        return jobs
      case .job(let job):
        let record = try TrialRecord(ofTrial: job.trial, in: folder)
        if let merit = record?.merit(at: job.rung, by: metric) {
          schedule.record(job, merit: merit)
          done += 1
        } else {
          jobs.append(self.job(job))
        }
      }
    }
  }

  /// A job is done.
  ///
  /// - Returns: those that come of it.
  func record(_ id: Int, merit: Double) throws -> [Job] {
    schedule.record(
      TuneSchedule.Job(trial: id / schedule.rungs, rung: id % schedule.rungs), merit: merit)
    done += 1
    return try decide()
  }

  private func job(_ job: TuneSchedule.Job) -> Job {
    let before = job.rung == 0 ? 0 : trials.rungs[job.rung - 1]
    let epochs = trials.rungs[job.rung] - before
    return Job(
      job.trial * schedule.rungs + job.rung, cost: Double(epochs), mostRanks: mostRanks(job.trial),
      epochs: epochs)
  }

  /// Of a trial that the recipe refuses, one rank finds it out.
  private func mostRanks(_ trial: Int) -> Int {
    guard let training = try? trials.recipe(of: trial).training else { return 1 }
    let plan = StepPlan(
      samples: photos, globalBatch: training.globalBatch, microBatch: training.microBatch,
      leastMicroBatch: min(2, training.microBatch))
    return max(1, plan.fullStepMicroBatches)
  }
}

extension TrialRecord {
  /// What the trial is worth at a rung, where more is better; nil where it isn't known.
  func merit(at rung: Int, by metric: Metric) -> Double? {
    if rung < rungs.count {
      return metric.direction == .higherIsBetter ? rungs[rung].value : -rungs[rung].value
    }
    return failure == nil ? nil : -.infinity
  }
}
