import Evaluation
import Files
import Runs

/// What is shown of one training, a line for each thing that is known.
enum WatchedTrainingText {
  static func progress(_ training: TrainingStatus) -> [String] {
    var lines: [String] = []
    if let step = training.step {
      var text =
        (training.epoch.map { "epoch \($0)\(of(training.epochs)), " } ?? "")
        + "step \(NumberText.grouped(step))\(of(training.lastStep))"
      if let seconds = training.secondsLeft { text += "; \(WatchText.left(seconds))" }
      lines.append(WatchText.line("progress", text))
    }
    if let rate = training.learningRate {
      let speed = training.imagesPerSecond.map { "\(EpochText.rate($0)), " } ?? ""
      lines.append(
        WatchText.line(
          "step", "\(speed)\(NumberText.loss(training.loss)), lr \(NumberText.short(rate))"))
    }
    return lines
  }

  static func details(_ training: TrainingStatus) -> [String] {
    var lines: [String] = []
    if training.state.isRunning, let last = training.lastEpoch {
      lines.append(
        WatchText.line("waiting", "in epoch \(last.epoch + 1) ranks waited \(waiting(last))"))
    }
    if let memory = memory(training) { lines.append(WatchText.line("memory", memory)) }
    if let checkpoint = training.checkpoint {
      lines.append(
        WatchText.line(
          "saved",
          "step \(NumberText.grouped(checkpoint.step)), "
            + "\(DurationText.of(Double(checkpoint.secondsAgo))) ago: \(checkpoint.path)"))
    }
    if let metric = training.metric, let value = training.best {
      let epoch = training.curves?.chosen.map { "epoch \($0): " } ?? ""
      lines.append(
        WatchText.line(
          "best", "\(epoch)\(metric.title) \(metric.text(value)) on the validation photos"))
    }
    if training.skipped > 0 {
      let steps = training.skipped == 1 ? "step that wasn't" : "steps that weren't"
      lines.append(
        WatchText.line("skipped", "\(NumberText.grouped(training.skipped)) \(steps) finite"))
    }
    if training.isQuiet, let seconds = training.secondsSinceChange {
      lines.append(WatchText.line("quiet", "no step for \(DurationText.of(Double(seconds)))"))
    }
    if let note = training.note { lines.append(WatchText.line("note", note)) }
    return lines
  }

  /// `/30`, where it is known.
  static func of(_ count: Int?) -> String { count.map { "/\(NumberText.grouped($0))" } ?? "" }

  private static func waiting(_ epoch: MetricsRecord.Epoch) -> String {
    var parts = ["\(NumberText.percent(epoch.waitedShare)) for photos"]
    if let share = epoch.waitedForRanksShare {
      parts.append("\(NumberText.percent(share)) for each other")
    }
    if let share = epoch.exchangeShare { parts.append("\(NumberText.percent(share)) to exchange") }
    return parts.joined(separator: ", ")
  }

  private static func memory(_ training: TrainingStatus) -> String? {
    guard let epoch = training.lastEpoch, let resident = epoch.residentBytes else { return nil }
    guard let limit = epoch.memoryLimit, let left = epoch.memoryLeft else {
      return "\(ByteCount(resident)) in the largest rank"
    }
    return
      "\(ByteCount(resident)) in the largest rank; \(ByteCount(left)) of \(ByteCount(limit)) are left"
  }
}
