import Checkpoints
import Files
import Glibc
package import Recipes

/// What a run's folder shows of the run. Reads only, and takes what it finds: the folder may be
/// half-written, damaged or no run's at all.
package struct RunSummary: Sendable {
  package enum Progress: String, Sendable {
    /// No process can be seen from here, which may be another host: its metrics grew just now.
    case running = "running?"
    case finished
    /// There is a checkpoint to go on from.
    case stopped
    case noCheckpoint = "no checkpoint"
    case notARun = "not a run"
  }

  /// The folder's path below the one that was searched.
  package let name: String
  package let progress: Progress
  /// What is wrong with the folder; nil when nothing is.
  package let note: String?
  /// Nil when it can't be read.
  package let recipe: Recipe?
  /// The best value of `training.select-by` on the validation photos; nil before the first.
  package let best: Double?
  /// Epochs that the newest checkpoint has seen to their end.
  package let epochsDone: Int
  /// Of training and validation; nil when the run didn't note them.
  package let hours: Double?
  /// The run that it was forked from.
  package let origin: ForkOrigin?

  /// - Parameter now: in seconds since 1970.
  package init(_ folder: RunFolder, name: String, now: Int = time(nil)) {
    self.name = name
    var notes: [String] = []
    func attempt<Value>(_ body: () throws -> Value?) -> Value? {
      do {
        return try body()
      } catch {
        notes.append("\(error)".split(separator: "\n").first.map(String.init) ?? "")
        return nil
      }
    }
    let recipe = folder.holdsRun ? attempt { try Recipe(path: folder.recipe, isSaved: true) } : nil
    let state = attempt { try folder.newestState() }
    let times = attempt { try MetricsTimes(path: folder.metrics) }
    origin = attempt { try ForkOrigin(of: folder) }
    self.recipe = recipe
    best = state?.best?.value
    epochsDone = state?.epoch ?? 0
    hours = times?.hours
    let isFinished =
      recipe.map { recipe in
        guard let state else { return false }
        return state.epoch >= recipe.training.epochs
          || recipe.training.maxSteps.map { state.step >= $0 } ?? false
      } ?? false
    if !folder.holdsRun {
      progress = .notARun
      notes = ["no recipe.yaml"]
    } else if isFinished {
      progress = .finished
    } else if times?.isGrowing(now: now) ?? false {
      progress = .running
    } else {
      progress = state == nil ? .noCheckpoint : .stopped
    }
    note = notes.isEmpty ? nil : notes.joined(separator: "; ")
  }
}

extension RunFolder {
  /// The state in the newest checkpoint, or in the one before where it can't be read; nil without a
  /// checkpoint. Other files are not compared with their digests, which would read all weights.
  fileprivate func newestState() throws -> TrainingState? {
    var problem: UnreadableState?
    for step in try checkpoints.steps().reversed() {
      let path = "\(checkpoints.path(ofStep: step))/state.json"
      if let bytes = try? InputFile(path: path).bytes(atMost: JSONText.longest),
        let state = try? StateFile.decode(bytes)
      {
        return state
      }
      problem = problem ?? UnreadableState(path: path)
    }
    if let problem { throw problem }
    return nil
  }
}

private struct UnreadableState: UnusableInput, CustomStringConvertible {
  let path: String
  var description: String { "\(path) can't be read" }
}

/// How long a run has taken, by its `metrics.jsonl`.
private struct MetricsTimes {
  private struct Line: Decodable {
    let seconds: Double?
    let validationSeconds: Double?

    enum CodingKeys: String, CodingKey {
      case seconds
      case validationSeconds = "validation_seconds"
    }
  }

  let hours: Double?
  private let lastChange: Int
  private let lastStepSeconds: Double

  /// Nil when there is no such file. A torn last line is passed over.
  init?(path: String) throws {
    guard Paths.exists(path) else { return nil }
    let bytes = try InputFile(path: path).bytes(atMost: MetricsCut.longest)
    var status = stat()
    lastChange = stat(path, &status) == 0 ? status.st_mtim.tv_sec : 0
    var total: Double?
    var last = 0.0
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let times = try? JSONText.decode(Line.self, from: line) else { continue }
      if let seconds = times.seconds { last = seconds }
      guard let seconds = times.seconds ?? times.validationSeconds else { continue }
      total = (total ?? 0) + seconds
    }
    hours = total.map { $0 / 3600 }
    lastStepSeconds = last
  }

  /// Whether there was a line in the last five minutes, or in the time of ten steps.
  func isGrowing(now: Int) -> Bool {
    Double(now - lastChange) < max(300, 10 * lastStepSeconds)
  }
}
