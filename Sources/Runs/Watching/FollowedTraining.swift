import Checkpoints
import Evaluation
import Files
import FoundationEssentials
import Glibc
import Recipes

/// A training's folder that is looked at again and again, without reading again what stays.
struct FollowedTraining: Sendable {
  /// What speeds are taken over: enough steps that one that waited doesn't count.
  private static let recentSteps = 50
  private static let shownSteps = 20
  /// Seconds without a step that are worth a word.
  private static let quiet = 60.0

  let folder: RunFolder
  private let name: String
  private var metrics: FollowedMetrics
  private var recipe = FollowedFile<Recipe>()
  private var newest = FollowedFile<TrainingState>()
  private var curves: LearningCurves?
  /// What is to be said of a model that no training made.
  private var kindOfModel: String?

  init(_ folder: RunFolder, name: String = "") {
    self.folder = folder
    self.name = name
    metrics = FollowedMetrics(path: folder.metrics)
  }

  /// What can be read of it for a diagnosis; nil before the first step.
  var record: RunRecord.Training? {
    guard let recipe = recipe.value,
      !metrics.record.steps.isEmpty || !metrics.record.skipped.isEmpty
    else { return nil }
    return RunRecord.Training(path: folder.path, recipe: recipe, metrics: metrics.record)
  }

  /// - Parameter now: in seconds since 1970.
  mutating func look(now: Int) -> TrainingStatus {
    var status = TrainingStatus(name: name, path: folder.path)
    let use = RunLock.use(of: folder.path)
    guard folder.holdsRun else {
      if use == .held { (status.state, status.activity) = (.running, .starting) }
      return status
    }
    recipe.look(at: folder.recipe) { try Recipe(path: $0, isSaved: true) }
    if kindOfModel == nil { kindOfModel = try? folder.kindOfModel() }
    do {
      if try metrics.readOn() { curves = nil }
    } catch {
      status.note = harmlessLines(of: error).first
    }
    lookAtCheckpoints(&status, now: now)
    tellProgress(&status, now: now)
    status.state = state(use, now: now)
    if status.state.isRunning {
      status.activity = activity(
        since: RunLock.holder(of: folder.path)?.since.timeIntervalSince1970)
      tellTimes(&status)
    }
    if let kindOfModel { status.note = "\(kindOfModel), which takes no steps" }
    return status
  }

  private mutating func lookAtCheckpoints(_ status: inout TrainingStatus, now: Int) {
    let store = folder.checkpoints
    guard let step = (try? store.steps())?.last else { return }
    let path = store.path(ofStep: step)
    let file = "\(path)/\(StateFile.name)"
    newest.look(at: file, StateFile.read)
    var written = stat()
    guard stat(file, &written) == 0 else { return }
    status.checkpoint = TrainingStatus.Checkpoint(
      path: path, step: step, secondsAgo: max(0, now - written.st_mtim.tv_sec))
  }

  private mutating func tellProgress(_ status: inout TrainingStatus, now: Int) {
    let record = metrics.record
    let start = record.starts.last
    let training = recipe.value?.training
    status.ranks = start?.ranks
    status.step = step ?? newest.value?.step
    status.epochs = training?.epochs
    status.lastStep = lastStep
    if let step = status.step {
      let length = stepsPerEpoch.flatMap { Int(exactly: $0.rounded()) }
      let taken = length.map { step / max(1, $0) } ?? record.steps.last?.epoch
      status.epoch = taken.map { min($0 + 1, training?.epochs ?? .max) }
    }
    if let last = record.steps.last {
      status.loss = last.loss
      status.learningRate = last.learningRate
    }
    let shown = record.steps.suffix(Self.shownSteps)
    let seconds = shown.reduce(0) { $0 + $1.seconds }
    if seconds > 0 {
      status.imagesPerSecond =
        shown.reduce(0) { $0 + $1.imagesPerSecond * $1.seconds } / seconds
    }
    status.secondsSinceChange = metrics.lastChange.map { max(0, now - $0) }
    status.skipped = record.skipped.count { $0.lossScale == nil }
    status.lastEpoch = record.epochs.last
    status.metric = training?.selectBy
    if curves == nil, let recipe = recipe.value {
      curves = LearningCurves(
        RunRecord.Training(path: folder.path, recipe: recipe, metrics: record))
    }
    status.curves = curves
    let chosen = curves.flatMap { curves in curves.epochs.first { $0.number == curves.chosen } }
    status.best = chosen?.value ?? newest.value?.best?.value
  }

  /// Steps taken, by the metrics.
  private var step: Int? {
    [metrics.record.steps.last?.step, metrics.record.skipped.last?.step].compactMap(\.self).max()
  }

  /// As the last start says, or of a run of an earlier version the mean so far.
  private var stepsPerEpoch: Double? {
    if let steps = metrics.record.starts.last?.stepsPerEpoch { return Double(steps) }
    return metrics.record.epochs.last.map { Double($0.step) / Double($0.epoch + 1) }
  }

  /// What the training ends with; a search ends a trial's part at its rung.
  private var lastStep: Int? {
    if let last = metrics.record.starts.last?.lastStep { return last }
    guard let training = recipe.value?.training, let stepsPerEpoch else { return nil }
    guard let steps = Int(exactly: (stepsPerEpoch * Double(training.epochs)).rounded()) else {
      return nil
    }
    return min(steps, training.maxSteps ?? steps)
  }

  private func state(_ use: RunLock.Use, now: Int) -> TrainingStatus.State {
    if use == .held { return .running }
    if kindOfModel != nil { return .finished }
    if let state = newest.value, let training = recipe.value?.training,
      state.epoch >= training.epochs || training.maxSteps.map({ state.step >= $0 }) ?? false
    {
      return .finished
    }
    if newest.value?.isStoppedEarly == true { return .finishedEarly }
    let patience = max(300, 10 * (metrics.record.steps.last?.seconds ?? 0))
    let isGrowing = metrics.lastChange.map { Double(now - $0) < patience } ?? false
    return use == .perhaps && isGrowing ? .perhapsRunning : .stopped
  }

  /// - Parameter begun: when the process that has the folder took it.
  private func activity(since begun: Double?) -> TrainingStatus.Activity {
    if Paths.exists(folder.checkpoints.partial) { return .saving }
    // Times of files are whole seconds here.
    guard let step, let change = metrics.lastChange, Double(change) >= (begun ?? 0).rounded(.down)
    else { return .starting }
    guard let length = metrics.record.starts.last?.stepsPerEpoch, length > 0 else {
      return .training
    }
    let isAtEnd = step % length == 0 || step == lastStep
    let isTold = metrics.record.epochs.last?.step == step
    if isAtEnd, !isTold, metrics.record.epochs.last?.validation != nil || step == length {
      return .validating
    }
    return .training
  }

  /// By the median of recent steps: one that waited for something doesn't count.
  private func tellTimes(_ status: inout TrainingStatus) {
    let recent = metrics.record.steps.suffix(Self.recentSteps).map(\.seconds).sorted()
    guard !recent.isEmpty, let step = status.step, let last = status.lastStep, let stepsPerEpoch
    else { return }
    let second = recent[recent.count / 2]
    status.isQuiet =
      status.activity == .training
      && Double(status.secondsSinceChange ?? 0) > max(Self.quiet, 10 * second)
    let validation = metrics.record.epochs.last?.validationSeconds ?? 0
    func seconds(_ steps: Int) -> Double {
      Double(steps) * second + (Double(steps) / max(stepsPerEpoch, 1)).rounded(.up) * validation
    }
    status.secondsLeft = seconds(max(0, last - step))
    status.secondsInAll = seconds(last)
  }
}
