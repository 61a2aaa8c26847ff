import Files
package import Recipes

/// A search's folder: `tune.json`, `base.yaml`, `space.yaml`, `environment.json`, in `trials/` a run's folder for each trial
/// and beside it what came of it, and `trials.csv`; in the end `result.json` and `best.yaml`. The first rank of a
/// team touches its trial's files, rank 0 all else.
package struct TuneFolder: Sendable {
  /// What must stay the same for a search to go on.
  package struct Identity: Codable, Equatable, Sendable {
    package let method: String
    package let seed: Int
    /// The epochs after which trials are compared.
    package let rungs: [Int]
    package let reduction: Int
    package let atOnce: Int
    package let gridPoints: Int
    /// Each key with its range.
    package let space: [String]
    /// Of the photos' list.
    package let data: String
    /// Of the file that the recipe's `model.weights` names; nil for none.
    package let weights: String?
    /// Of the recipe's `loss.teacher`.
    package let teacher: String?

    package init(
      method: String, seed: Int, rungs: [Int], reduction: Int, atOnce: Int, gridPoints: Int,
      space: [String], data: String, weights: String?, teacher: String?
    ) {
      self.method = method
      self.seed = seed
      self.rungs = rungs
      self.reduction = reduction
      self.atOnce = atOnce
      self.gridPoints = gridPoints
      self.space = space
      self.data = data
      self.weights = weights
      self.teacher = teacher
    }

    private enum CodingKeys: String, CodingKey {
      case method, seed, rungs, reduction, space
      case atOnce = "at_once"
      case gridPoints = "grid_points"
      case data = "data_digest"
      case weights = "weights_digest"
      case teacher = "teacher_digest"
    }

    /// What two searches differ in, in words.
    package func differences(to other: Identity) -> [String] {
      let parts: [(String, Bool)] = [
        ("--method", method == other.method), ("--seed", seed == other.seed),
        (
          "the epochs of the rungs (--least-epochs, --reduction)",
          rungs == other.rungs && reduction == other.reduction
        ),
        ("--at-once", atOnce == other.atOnce), ("--grid-points", gridPoints == other.gridPoints),
        ("--search", space == other.space), ("the photos", data == other.data),
        ("model.weights", weights == other.weights), ("loss.teacher", teacher == other.teacher),
      ]
      return parts.filter { !$0.1 }.map(\.0)
    }
  }

  /// `tune.json`.
  private struct Content: Codable {
    var trials: Int
    let identity: Identity
  }

  package let path: String

  package init(path: String) { self.path = Paths.withoutTrailingSlashes(path) }

  package var base: String { "\(path)/base.yaml" }
  package var space: String { "\(path)/space.yaml" }
  package var environment: String { "\(path)/environment.json" }
  package var table: String { "\(path)/trials.csv" }
  package var result: String { "\(path)/result.json" }
  /// The winner's recipe.
  package var best: String { "\(path)/best.yaml" }
  private var list: String { "\(path)/tune.json" }

  /// `trial-007`.
  private static func name(_ trial: Int) -> String {
    let digits = String(trial)
    return "trial-" + String(repeating: "0", count: max(0, 3 - digits.utf8.count)) + digits
  }

  package func run(ofTrial trial: Int) -> RunFolder {
    RunFolder(path: "\(path)/trials/\(Self.name(trial))")
  }

  func record(ofTrial trial: Int) -> String { "\(path)/trials/\(Self.name(trial)).json" }

  /// Whether a search was begun here.
  package var exists: Bool { Paths.exists(list) }

  /// What it was begun with, and how many trials it was to have last. Throws `FileError`, or when the file is damaged.
  package func content() throws -> (identity: Identity, trials: Int) {
    let bytes = try InputFile(path: list).bytes(atMost: JSONText.longest)
    guard let content = try? JSONText.decode(Content.self, from: bytes), content.trials > 0,
      !content.identity.rungs.isEmpty
    else { throw TuneError.damaged(list) }
    return (content.identity, content.trials)
  }

  /// Makes the folder, and takes it for this process. Throws `RunError`, `FileError`.
  package func begin(
    _ identity: Identity, trials: Int, base recipe: Recipe, space text: String
  ) throws -> RunLock {
    let folder = RunFolder(path: path)
    let lock = try folder.make()
    try write(recipe)
    try FileWriting.replace(space, with: Array(text.utf8))
    try write(identity, trials: trials)
    folder.endBeginning()
    return lock
  }

  /// Writes what was written of the recipe: what wasn't, such as the net, may be left to weights.
  package func write(_ base: Recipe) throws {
    let text = Recipe.yaml(base.settings.filter { $0.place != nil })
    try FileWriting.replace(self.base, with: Array(text.utf8))
  }

  package func write(_ identity: Identity, trials: Int) throws {
    try FileWriting.replace(
      list, withJSON: Content(trials: trials, identity: identity), indented: true)
  }
}
