import Files
import Interchange
import Tensors

/// The features of a list of photos in a file, `features-….safetensors`: one tensor `features`, whose
/// SHA-256 is in the metadata, with all that the numbers depend on in the name. A file that is damaged
/// counts as none.
package struct FeatureCache {
  private static let tensor = "features"
  private static let digest = "sha256"

  private let folder: String
  package let path: String

  /// - Parameters:
  ///   - folder: need not be there yet.
  ///   - key: a digest of everything that the features depend on.
  package init(folder: String, key: String) {
    self.folder = folder
    path = "\(folder)/features-\(key.prefix(16)).safetensors"
  }

  /// The features of so many photos, each of so many numbers; nil when there are none, or they aren't
  /// what was written: of another shape, or not all finite.
  package func read(photos: Int, width: Int) -> Features? {
    guard let file = try? SafetensorsFile(path: path),
      let entry = try? file.entry(named: Self.tensor), entry.shape == [photos, width],
      let values = try? file.values(entry, as: Float.self),
      file.metadata[Self.digest] == Self.digest(of: values), values.allSatisfy(\.isFinite)
    else { return nil }
    return Features(width: width, values: values)
  }

  /// Throws `FileError`.
  package func write(_ features: Features) throws {
    try FileWriting.makeFolder(folder)
    try FileWriting.replace(path) { partial in
      let writer = try SafetensorsWriter(
        path: partial,
        entries: [SafetensorsEntry(Self.tensor, .f32, [features.count, features.width])],
        metadata: [Self.digest: Self.digest(of: features.values)])
      try writer.write(features.values)
      try writer.finish()
    }
  }

  private static func digest(of values: [Float]) -> String {
    let digest = Digest()
    values.withUnsafeBytes { digest.update($0) }
    return digest.hex
  }
}

extension FlatStore {
  /// SHA-256 of the numbers of all entries but those of these names.
  package func digest(without names: Set<String>) -> String {
    let digest = Digest()
    withExtendedLifetime(self) {
      for entry in layout.entries where !names.contains(entry.name) {
        digest.update(
          UnsafeRawBufferPointer(
            UnsafeBufferPointer(start: pointer + entry.offset, count: entry.shape.count)))
      }
    }
    return digest.hex
  }
}
