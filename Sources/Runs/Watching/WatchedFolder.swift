import Files
import Glibc
import Recipes

/// A folder of `tutti train`, `crossval`, `ablate` or `tune` that is looked at again and again, while a process works in it
/// or not, and before there is anything. Files are read alone, what grows from where it was read last; no lock is taken.
package struct WatchedFolder {
  package let path: String
  private var kind: WatchStatus.Kind?
  private var parts: [any FollowedPart] = []
  /// The names of `parts`.
  private var names: [String] = []
  private var environment = FollowedFile<WatchStatus.Environment>()
  /// Bytes of `environment.json` at most.
  private static let longest = 1 << 16

  package init(path: String) { self.path = Paths.withoutTrailingSlashes(path) }

  /// - Parameter now: in seconds since 1970.
  /// - Throws: `RunError.noRun` where something else is in the folder; `CrossvalError`, `TuneError`, `FileError`.
  package mutating func look(now: Int = time(nil)) throws -> WatchStatus {
    let (kind, count) = try lookAround()
    var status = WatchStatus(path: path, kind: kind, now: now)
    let use = RunLock.use(of: path)
    if use != .none { status.holder = RunLock.holder(of: path) }
    let longest = Self.longest
    environment.look(at: RunFolder(path: path).environment) {
      try JSONText.decode(from: InputFile(path: $0).bytes(atMost: longest))
    }
    status.environment = environment.value
    for index in parts.indices { status.trainings.append(parts[index].look(now: now)) }
    status.count = count
    status.done = status.trainings.count { training in
      switch training.state {
      case .finished, .finishedEarly, .failed: true
      case .stopped: kind == .search && training.best != nil
      case .notBegun, .running, .perhapsRunning: false
      }
    }
    status.state = state(of: status, use)
    status.estimateEnd()
    return status
  }

  /// The trainings that can be diagnosed, as they were when they were last looked at.
  package var records: [RunRecord.Training] { parts.compactMap(\.record) }

  /// Finds out what the folder is by now, and its parts.
  ///
  /// - Returns: and how many parts there are to be.
  private mutating func lookAround() throws -> (WatchStatus.Kind, count: Int) {
    let run = RunFolder(path: path)
    let set = CrossvalSet(path: path)
    let crossval = CrossvalFolder(path: path)
    let search = TuneFolder(path: path)
    if set.exists {
      let folds = try set.names().flatMap { name -> [(member: String, fold: Int)] in
        let member = set.member(name)
        return try member.exists ? (0..<member.folds()).map { (name, $0) } : []
      }
      arrange(.crossvals, folds.map { "\($0.member)/\($0.fold)" }) {
        FollowedFold(folds[$0].fold, of: set.member(folds[$0].member), member: folds[$0].member)
      }
    } else if crossval.exists {
      arrange(.crossval, try (0..<crossval.folds()).map { "\($0)" }) {
        FollowedFold($0, of: crossval)
      }
    } else if search.exists {
      let (identity, count) = try search.content()
      let begun = (0..<count).filter { trial in
        Paths.exists(search.run(ofTrial: trial).path) || Paths.exists(search.record(ofTrial: trial))
      }
      let keys = identity.space.map { entry in
        entry.pieces(at: ":", keepingEmpty: true).first ?? entry
      }
      arrange(.search, begun.map { "\($0)" }) {
        FollowedTrial(begun[$0], of: search, rungs: identity.rungs, keys: keys)
      }
      return (.search, count)
    } else {
      try checkIsFreeOrRun()
      arrange(.run, [""]) { _ in FollowedTraining(run) }
    }
    return (kind ?? .run, parts.count)
  }

  /// Goes on with the parts that there were, and begins with those that have come.
  ///
  /// - Parameter part: makes the one at a place.
  private mutating func arrange(
    _ kind: WatchStatus.Kind, _ names: [String], _ part: (Int) -> any FollowedPart
  ) {
    if kind == self.kind, names == self.names { return }
    let known: [ExactText: any FollowedPart] =
      kind == self.kind
      ? Dictionary(uniqueKeysWithValues: zip(self.names.map { ExactText($0) }, parts)) : [:]
    parts = names.enumerated().map { known[ExactText($0.element)] ?? part($0.offset) }
    (self.kind, self.names) = (kind, names)
  }

  /// A run may be here, begin here, or come to be here; where there is something else, it was meant to be another folder.
  private func checkIsFreeOrRun() throws {
    let folder = RunFolder(path: path)
    guard Paths.exists(path), !folder.holdsRun else { return }
    do {
      try folder.checkIsFree()
    } catch RunError.notEmpty {
      throw RunError.noRun(path)
    }
  }

  private func state(of status: WatchStatus, _ use: RunLock.Use) -> TrainingStatus.State {
    if status.kind == .run { return status.trainings[0].state }
    if use == .held { return .running }
    let isDone =
      switch status.kind {
      case .search: Paths.exists(TuneFolder(path: path).result)
      case .crossval: Paths.exists(CrossvalFolder(path: path).scores)
      case .crossvals: Paths.exists(CrossvalSet(path: path).scores)
      case .run: false
      }
    if isDone { return .finished }
    return status.trainings.contains { $0.state.isRunning } ? .perhapsRunning : .stopped
  }
}
