import Evaluation
import Files
import FoundationEssentials
package import Runs

/// What `tutti watch` shows of a folder: lines, a table of folds or trials, and the curves of what is trained.
package enum WatchText {
  /// - Parameters:
  ///   - width: characters of a line that the curves may take.
  ///   - rows: folds or trials at most, those that are trained first; nil for all, in their order.
  package static func lines(
    _ status: WatchStatus, _ warnings: [WatchWarnings.Warning] = [], width: Int = 79,
    rows: Int? = nil
  ) -> [String] {
    let label = label(of: status)
    var lines = [line(label, "\(status.path): \(summary(of: status))")]
    let shown =
      status.kind == .run
      ? status.trainings.first
      : status.trainings.first { $0.state.isRunning && $0.curves?.epochs.isEmpty == false }
    if status.kind == .run, let training = status.trainings.first {
      lines += WatchedTrainingText.progress(training)
    }
    if let ranks = ranks(of: status) { lines.append(line("ranks", ranks)) }
    if status.kind == .run, let training = status.trainings.first {
      lines += WatchedTrainingText.details(training)
    }
    if let (metric, value) = status.heldOutMean {
      lines.append(
        line(
          "held out", "\(metric.title) \(metric.text(value)), the mean of the folds that are done")
      )
    }
    if let best = status.bestTrial, let metric = best.metric, let value = best.best {
      lines.append(
        line(
          "best",
          "\(best.name) after \(best.epoch ?? 0) epochs: \(metric.title) \(metric.text(value))"
            + " on the validation photos"))
    }
    for warning in warnings { lines.append(line("warning", "\(warning.name): \(warning.text)")) }
    if status.kind != .run, !status.trainings.isEmpty {
      lines += [""] + WatchTable.lines(status, atMost: rows)
    }
    guard let shown, let curves = shown.curves else { return lines }
    let chart = CurvesChart.lines(curves, width: width)
    return chart.isEmpty
      ? lines : lines + [""] + (shown.name.isEmpty ? [] : [shown.name]) + chart
  }

  static func line(_ label: String, _ text: String) -> String {
    label + String(repeating: " ", count: max(1, 10 - label.count)) + text
  }

  private static func label(of status: WatchStatus) -> String {
    switch status.kind {
    case .run: "run"
    case .crossval, .crossvals: "folds"
    case .search: "search"
    }
  }

  private static func summary(of status: WatchStatus) -> String {
    var parts = [status.state.rawValue]
    switch status.kind {
    case .run:
      if status.state == .notBegun { return "not begun; nothing is there yet" }
      if let activity = status.trainings.first?.activity { parts.append(activity.rawValue) }
    case .crossval, .crossvals: parts.append("\(status.done) of \(status.count) folds are done")
    case .search:
      parts.append("\(status.trainings.count) of \(status.count) trials have begun")
      let failed = status.trainings.count { $0.state == .failed }
      if failed > 0 { parts.append("\(failed) failed") }
    }
    let end =
      status.kind == .run || !status.state.isRunning
      ? nil : status.secondsLeft.map { "; about \(left($0))" }
    return parts.joined(separator: ", ") + (end ?? "")
  }

  /// `12 min left, done Tue 04:10`
  static func left(_ seconds: Double) -> String {
    "\(DurationText.of(seconds)) left, done \(DurationText.clock(after: seconds))"
  }

  private static func ranks(of status: WatchStatus) -> String? {
    guard status.state.isRunning else { return nil }
    let holder = status.holder.map { holder in
      "process \(holder.process) on host \(holder.host), for "
        + DurationText.of(Double(status.now) - holder.since.timeIntervalSince1970)
    }
    let environment = status.environment.map { environment in
      "\(environment.ranks) rank\(environment.ranks == 1 ? "" : "s") × \(environment.threads) thread"
        + "\(environment.threads == 1 ? "" : "s") on \(environment.hosts) host"
        + (environment.hosts == 1 ? "" : "s")
    }
    let parts = [environment, holder].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}
