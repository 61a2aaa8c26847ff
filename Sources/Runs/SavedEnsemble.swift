package import Evaluation
import Files

/// `ensemble.json`: the members of an ensemble by their folders, and how their answers become one.
package struct SavedEnsemble: Codable, Equatable, Sendable {
  /// A trained model: a checkpoint of a run.
  package struct Model: Codable, Equatable, Sendable {
    /// Seen from the ensemble's folder, unless it is absolute.
    package let checkpoint: String
    /// SHA-256 of its weights.
    package let digest: String

    package init(checkpoint: String, digest: String) {
      self.checkpoint = checkpoint
      self.digest = digest
    }

    private enum CodingKeys: String, CodingKey {
      case checkpoint
      case digest = "sha256"
    }
  }

  /// A run's model, or those of a cross-validation's folds, which share its weight.
  package struct Member: Codable, Equatable, Sendable {
    /// Its folder, as `Model.checkpoint` is seen.
    package let path: String
    package let weight: Double
    package let models: [Model]

    package init(path: String, weight: Double, models: [Model]) {
      self.path = path
      self.weight = weight
      self.models = models
    }
  }

  /// What the weights and the temperature were fitted on.
  package enum Photos: String, Codable, Sendable {
    /// Of a cross-validation's photos, each by the model that wasn't trained on it.
    case outOfFold = "out-of-fold"
    /// The runs' validation photos.
    case validation
  }

  package let average: Averaging
  /// In the order of the outputs.
  package let classes: [String]
  package let fittedOn: Photos
  package let members: [Member]
  package let temperature: Double
  package let weightsBy: EnsembleFit.Rule

  package init(
    _ members: [Member], _ mix: EnsembleMix, by rule: EnsembleFit.Rule, classes: [String],
    fittedOn photos: Photos
  ) {
    self.members = members
    average = mix.averaging
    temperature = mix.temperature
    weightsBy = rule
    self.classes = classes
    fittedOn = photos
  }

  private enum CodingKeys: String, CodingKey {
    case average, classes, members, temperature
    case fittedOn = "fitted_on"
    case weightsBy = "weights_by"
  }

  /// How the members' answers become one.
  package var mix: EnsembleMix { mix(members.map(\.weight)) }

  /// The same of all models, of which those of one member share its weight.
  package var mixOfModels: EnsembleMix {
    mix(
      members.flatMap { member in
        member.models.map { _ in member.weight / Double(member.models.count) }
      })
  }

  private func mix(_ weights: [Double]) -> EnsembleMix {
    EnsembleMix(weights, averaging: average, temperature: temperature)
  }

  /// Whether it is one that could have been written.
  fileprivate var isSound: Bool {
    let sum = members.reduce(0) { $0 + $1.weight }
    return !members.isEmpty && members.allSatisfy { $0.weight > 0 && !$0.models.isEmpty }
      && abs(sum - 1) < 1e-9 && TemperatureScaling.range.contains(temperature)
  }
}

/// An ensemble's folder: `ensemble.json`, `predictions/oof.csv` and `scores.json`. It is there whole or not at all.
package struct EnsembleFolder: Sendable {
  package let path: String

  package init(path: String) { self.path = Paths.withoutTrailingSlashes(path) }

  package static let file = "ensemble.json"
  /// Cross-fitted: of each photo by weights and a temperature that it had no part in.
  package static let predictions = "predictions/oof.csv"
  package static let scores = "scores.json"

  package var exists: Bool { Paths.exists("\(path)/\(Self.file)") }

  /// Bytes; a model has about two hundred.
  private static let longest = 1 << 24

  /// Throws `FileError`, `EnsembleError`.
  package func read() throws -> SavedEnsemble {
    let file = "\(path)/\(Self.file)"
    let bytes = try InputFile(path: file).bytes(atMost: Self.longest)
    guard let ensemble = try? JSONText.decode(SavedEnsemble.self, from: bytes), ensemble.isSound
    else { throw EnsembleError.damaged(file) }
    return ensemble
  }

  /// A member's or model's path as it is seen from here.
  package func place(of path: String) -> String {
    let whole = Paths.path(path, below: self.path)
    let short = Self.folded(whole)
    // What leads through links may lead elsewhere without them.
    return Paths.resolved(short).isExactly(Paths.resolved(whole)) ? short : whole
  }

  /// The path of a folder as it is written here: seen from here where both lie below a folder that isn't the root, so
  /// that all can be moved together, and absolute elsewhere.
  package func written(_ path: String) -> String {
    let (from, to) = (
      Self.resolved(self.path).pieces(at: "/"), Paths.resolved(path).pieces(at: "/")
    )
    let common = zip(from, to).prefix { $0.isExactly($1) }.count
    guard common > 0 else { return Paths.resolved(path) }
    return ([String](repeating: "..", count: from.count - common) + to.dropFirst(common))
      .joined(separator: "/")
  }

  /// The absolute path without links, of what isn't there yet, too.
  private static func resolved(_ path: String) -> String {
    Paths.exists(path)
      ? Paths.resolved(path) : resolved(Paths.folder(of: path)) + "/" + Paths.name(of: path)
  }

  /// `a/b/../c` as `a/c`.
  private static func folded(_ path: String) -> String {
    var parts: [String] = []
    for part in path.pieces(at: "/") {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return (Paths.isAbsolute(path) ? "/" : "") + parts.joined(separator: "/")
  }
}
