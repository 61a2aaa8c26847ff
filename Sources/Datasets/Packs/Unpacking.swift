import Files
import Images
import Timelines

extension Dataset {
  /// Writes a pack's photos into a folder, under the paths that they had, with `manifest.csv`, which says all
  /// that was known of them. Pixels become PNG files. A name that isn't of its file's format
  /// gets another ending.
  ///
  /// - Parameters:
  ///   - path: a folder that isn't there yet.
  ///   - getsOn: called again and again.
  /// - Throws: `PackError`, `PhotoError`, `ManifestError`, `FileError`, `FolderInUse`.
  package func unpack(to path: String, _ getsOn: () throws -> Void) throws {
    guard case .pack(let pack) = source else { throw PackError.noPack(root ?? path) }
    try PackError.checkIsFree(path)
    let isWritten = try WholeFolder.write(path, ifHeld: { throw FolderInUse(path) }) { folder in
      let disk = try FileSystemSync(folder: folder)
      var writers: [ExactText: Int] = [:]
      var written: [Sample] = []
      try Activity.during("unpacking", of: samples.count, "photos") { activity in
        for (index, sample) in samples.enumerated() {
          let (file, suffixes) = try unpacked(index, pack.form)
          let name = Self.safeName(sample.path, suffixes)
          if let other = writers.updateValue(index, forKey: ExactText(name)) {
            throw PackError.sameName(samples[other].path, sample.path, file: name)
          }
          let place = "\(folder)/\(name)"
          try FileWriting.makeFolder(Paths.folder(of: place))
          let output = try OutputFile(path: place, expectedBytes: file.count)
          try file.withUnsafeBytes { try output.write($0) }
          var copy = sample
          (copy.path, copy.bytes) = (name, file.count)
          written.append(copy)
          activity.advance()
          try getsOn()
        }
      }
      try disk.wait()
      let manifest = "\(folder)/manifest.csv"
      let text = try Dataset(classes: classes, samples: written, source: .photos(root: folder))
        .manifestAsItIs(at: manifest, groupedBy: pack.groupBy ?? "group")
      try FileWriting.replace(manifest, with: Array(text.utf8))
    }
    guard isWritten else { throw PackError.exists(path) }
  }

  /// A photo's file, and the endings that fit it, the usual one first.
  private func unpacked(
    _ index: Int, _ form: PackForm
  ) throws -> (file: [UInt8], suffixes: [String]) {
    if case .pixels = form { return (try image(index).png(), ["png"]) }
    let file = try contents(of: index)
    switch FileFormat(of: file) {
    case .png: return (file, ["png"])
    case .webp: return (file, ["webp"])
    default: return (file, ["jpg", "jpeg", "jpe", "jfif"])
    }
  }

  /// A path below the folder, whatever the photo's was, and ending as its format does.
  private static func safeName(_ path: String, _ suffixes: [String]) -> String {
    let parts = path.pieces(at: "/").filter { !$0.isExactly(".") && !$0.isExactly("..") }
    let name = parts.joined(separator: "/")
    return suffixes.contains(Paths.suffix(of: name)) ? name : "\(name).\(suffixes[0])"
  }
}
