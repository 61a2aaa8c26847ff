import Evaluation
import Files
import Runs

/// The folds or trials of what is watched, a row each.
enum WatchTable {
  private struct Column {
    let title: String
    var isText = false
    let value: (TrainingStatus) -> String?
  }

  /// - Parameter rows: those at most that are shown, with those that are trained first; nil for all, in their order.
  static func lines(_ status: WatchStatus, atMost rows: Int?) -> [String] {
    let all = status.trainings
    var shown = all
    if let rows, all.count > rows {
      let others = all.filter { !$0.state.isRunning }
      // Those that changed last come last in a search, and matter most.
      let rest = status.kind == .search ? others.reversed() : others
      shown = Array((all.filter(\.state.isRunning) + rest).prefix(max(rows, 1)))
    }
    let columns = columns(of: status)
    let table = TextTable.aligned(
      [columns.map(\.title)] + shown.map { row in columns.map { $0.value(row) ?? "–" } },
      textColumns: Set(columns.indices.filter { columns[$0].isText }))
    let lines = table.pieces(at: "\n")
    return all.count > shown.count ? lines + ["and \(all.count - shown.count) more"] : lines
  }

  private static func columns(of status: WatchStatus) -> [Column] {
    let isSearch = status.kind == .search
    // The first column says what it is a number of, but for a member's name.
    var columns = [
      Column(title: isSearch ? "trial" : "fold", isText: true) {
        status.kind == .crossvals ? $0.name : $0.name.pieces(at: " ").last
      },
      Column(title: "state", isText: true) { $0.activity?.rawValue ?? $0.state.rawValue },
      Column(title: "epoch") { training in
        training.epoch.map { "\($0)\(WatchedTrainingText.of(training.epochs))" }
      },
    ]
    if status.trainings.contains(where: \.state.isRunning) { columns += ofRunning }
    let metric = status.trainings.compactMap(\.metric).first
    columns.append(
      Column(title: metric?.title ?? "best") { training in
        training.best.flatMap { training.metric?.text($0) }
      })
    return columns + (isSearch ? ofTrials(status.trainings) : [ofFolds])
  }

  private static var ofRunning: [Column] {
    [
      Column(title: "step") { training in
        training.state.isRunning
          ? training.step.map { NumberText.grouped($0) + WatchedTrainingText.of(training.lastStep) }
          : nil
      },
      Column(title: "images/s") { training in
        training.state.isRunning
          ? training.imagesPerSecond.map { NumberText.fixed($0, $0 < 100 ? 1 : 0) } : nil
      },
      Column(title: "left") { training in
        training.state.isRunning ? training.secondsLeft.map(DurationText.of) : nil
      },
    ]
  }

  private static var ofFolds: Column {
    Column(title: "held out") { training in
      training.heldOut.flatMap { training.metric?.text($0) }
    }
  }

  /// What each tries, by the keys' last words, and why those failed that did.
  private static func ofTrials(_ trainings: [TrainingStatus]) -> [Column] {
    var keys: [String] = []
    for key in trainings.flatMap(\.settings).map(\.key) where !keys.contains(key) {
      keys.append(key)
    }
    let columns = keys.map { key in
      Column(title: key.pieces(at: ".").last ?? key, isText: true) { training in
        training.settings.first { $0.key == key }?.value
      }
    }
    let note = Column(title: "note", isText: true) { $0.note ?? "" }
    return trainings.contains { $0.note != nil } ? columns + [note] : columns
  }
}
