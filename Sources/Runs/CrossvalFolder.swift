import Checkpoints
import FoundationEssentials
import Glibc
import Interchange

/// A cross-validation's folder: `recipe.yaml`, `crossval.json`, `environment.json`, a run's folder
/// for each fold in `folds/`, and in the end `predictions/oof.csv` and `scores.json`. The first rank
/// of a team touches its fold's folder, rank 0 all else.
package struct CrossvalFolder: Sendable {
  /// What must stay the same for a cross-validation to go on.
  struct Identity: Codable, Equatable {
    let folds: Int
    let data: String

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
  private var identityFile: String { "\(path)/crossval.json" }

  /// The run that holds out a fold, from 0.
  package func run(ofFold fold: Int) -> RunFolder { RunFolder(path: "\(path)/folds/fold-\(fold)") }

  /// Whether a cross-validation was begun here.
  package var exists: Bool { access(identityFile, F_OK) == 0 }

  /// How many folds were begun with. Throws `FileError`, or when the file is damaged.
  package func folds() throws -> Int { try identity().folds }

  func identity() throws -> Identity {
    let bytes = try InputFile(path: identityFile).bytes()
    guard let identity = try? JSONDecoder().decode(Identity.self, from: Data(bytes)) else {
      throw CrossvalError.damaged(identityFile, remedy: "restore it from a copy")
    }
    return identity
  }

  /// Makes the folder. Throws `RunError`, `FileError`.
  func begin(_ identity: Identity) throws {
    try RunFolder(path: path).make()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try FileWriting.replace(identityFile, with: Array(encoder.encode(identity)) + [10])
  }

  /// The recipe that it was begun with, and where it was read; nil when none was written.
  package func savedRecipe() throws -> (text: String, path: String)? {
    guard access(recipe, F_OK) == 0 else { return nil }
    return (String(decoding: try InputFile(path: recipe).bytes(), as: UTF8.self), recipe)
  }
}
