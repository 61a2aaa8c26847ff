package import Evaluation
import Files
import Glibc

/// What became of a fold: `result.json` in its run's folder, beside `predictions/held-out.csv`.
package struct FoldResult: Codable, Equatable, Sendable {
  package let fold: Int
  /// Steps that were taken.
  package let steps: Int
  /// Whether `early-stopping` ended the training; nil for no.
  package let stoppedEarly: Bool?
  /// Of the photos that were held out, which no choice was made by.
  package let scores: ViewedScores

  private enum CodingKeys: String, CodingKey {
    case fold, steps, scores
    case stoppedEarly = "stopped_early"
  }

  /// Nil while the fold has no result. Throws when the file can't be read.
  package init?(of folder: RunFolder) throws {
    let path = Self.path(in: folder)
    guard Paths.exists(path) else { return nil }
    guard
      let bytes = try? InputFile(path: path).bytes(atMost: JSONText.longest),
      let result = try? JSONText.decode(Self.self, from: bytes),
      result.fold >= 0, result.steps >= 0
    else {
      throw CrossvalError.damaged(path, remedy: CrossvalError.predictAgain)
    }
    self = result
  }

  package init(fold: Int, steps: Int, isStoppedEarly: Bool = false, scores: ViewedScores) {
    self.fold = fold
    self.steps = steps
    stoppedEarly = isStoppedEarly ? true : nil
    self.scores = scores
  }

  /// Writes it; the predictions must be there.
  package func write(to folder: RunFolder) throws {
    try FileWriting.replace(Self.path(in: folder), withJSON: self)
  }

  /// Says that the fold is not done; the predictions stay until they are written again.
  package static func remove(from folder: RunFolder) throws {
    guard unlink(path(in: folder)) == 0 else { throw FileError("removed", path(in: folder)) }
  }

  static func path(in folder: RunFolder) -> String { "\(folder.path)/result.json" }
}
