import Files

/// `origin.json` in the folder of a model that was made of trained ones: no training goes on from it.
package struct ModelOrigin: Codable, Equatable, Sendable {
  package enum Kind: String, Codable, Sendable {
    /// The mean of several models' weights.
    case average
    /// Other photos' running statistics.
    case recalibration

    /// `an average`
    package var noun: String {
      switch self {
      case .average: "an average"
      case .recalibration: "a recalibrated model"
      }
    }
  }

  package let kind: Kind
  /// The checkpoints that it was made of.
  package let models: [String]
  /// Photos that its running statistics are of; 0 for a net that has none.
  package let photos: Int

  package init(_ kind: Kind, of models: [String], photos: Int) {
    self.kind = kind
    self.models = models
    self.photos = photos
  }

  /// Nil for a folder of another kind. Throws when the file can't be read.
  package init?(of folder: RunFolder) throws {
    guard Paths.exists(folder.origin) else { return nil }
    let bytes = try InputFile(path: folder.origin).bytes(atMost: Self.longest)
    guard let origin = try? JSONText.decode(Self.self, from: bytes) else {
      throw RunError.damagedOrigin(folder.origin)
    }
    self = origin
  }

  private static let longest = 1 << 20

  package func write(to folder: RunFolder) throws {
    try FileWriting.replace(folder.origin, withJSON: self, indented: true)
  }
}
