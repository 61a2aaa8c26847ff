import Files
import Glibc
package import Recipes

/// A cross-validation's folder: `recipe.yaml`, `crossval.json`, `environment.json`, a run's folder
/// for each fold in `folds/`, and in the end `predictions/oof.csv` and `scores.json`. The first rank
/// of a team touches its fold's folder, rank 0 all else.
package struct CrossvalFolder: Sendable {
  /// What must stay the same for a cross-validation to go on.
  package struct Identity: Codable, Equatable {
    package let folds: Int
    package let data: String

    package init(folds: Int, data: String) {
      self.folds = folds
      self.data = data
    }

    enum CodingKeys: String, CodingKey {
      case folds
      case data = "data_digest"
    }
  }

  package let path: String

  package init(path: String) { self.path = path }

  package var recipe: String { "\(path)/recipe.yaml" }
  package var environment: String { "\(path)/environment.json" }
  /// Out-of-fold predictions: of each photo by the model that was not trained on it.
  package var predictions: String { "\(path)/predictions/oof.csv" }
  package var scores: String { "\(path)/scores.json" }
  /// Bytes; it has about a hundred.
  private static let longestIdentity = 1 << 16
  /// As `crossval.folds` allows.
  private static let possibleFolds = 2...1000
  private var identityFile: String { "\(path)/crossval.json" }

  /// The run that holds out a fold, from 0.
  package func run(ofFold fold: Int) -> RunFolder { RunFolder(path: "\(path)/folds/fold-\(fold)") }

  /// Whether a cross-validation was begun here.
  package var exists: Bool { Paths.exists(identityFile) }

  /// The cross-validation in a folder, or those of a set; none where there is neither.
  ///
  /// - Throws: as `CrossvalSet.names`.
  package static func all(at path: String) throws -> [CrossvalFolder] {
    let one = CrossvalFolder(path: Paths.withoutTrailingSlashes(path))
    let set = CrossvalSet(path: path)
    return one.exists ? [one] : set.exists ? try set.members() : []
  }

  /// Whether cross-validations were begun in a folder: one, or a set.
  package static func isAny(at path: String) -> Bool {
    CrossvalFolder(path: path).exists || CrossvalSet(path: path).exists
  }

  /// How many folds were begun with. Throws `FileError`, or when the file is damaged.
  package func folds() throws -> Int { try identity().folds }

  package func identity() throws -> Identity {
    let bytes = try InputFile(path: identityFile).bytes(atMost: Self.longestIdentity)
    guard let identity = try? JSONText.decode(Identity.self, from: bytes),
      Self.possibleFolds.contains(identity.folds)
    else {
      throw CrossvalError.damaged(identityFile, remedy: "restore it from a copy")
    }
    return identity
  }

  /// Makes the folder, and takes it for this process. Throws `RunError`, `FileError`.
  package func begin(_ identity: Identity) throws -> RunLock {
    let folder = RunFolder(path: path)
    let lock = try folder.make()
    try FileWriting.replace(identityFile, withJSON: identity)
    folder.endBeginning()
    return lock
  }

  /// Removes what was said of all folds together, which doesn't hold while some of them are to be trained.
  package func removeResults() {
    unlink(predictions)
    unlink(scores)
    unlink("\(path)/\(RunFolder.report)")
  }

  /// The recipe that it was begun with; nil when none was written.
  package func savedRecipe() throws -> SavedRecipe? {
    Paths.exists(recipe) ? try SavedRecipe(file: recipe) : nil
  }
}
