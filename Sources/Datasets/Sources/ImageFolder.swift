import Files
import Images

/// A folder of photos: one folder for each class, or `train/`, `validation/` (or `val/`) and
/// `test/` with the class folders below them.
///
/// Photos are files named .jpg or .jpeg in any case. Samples are ordered by split, class and name.
enum ImageFolder {
  /// Extensions that mean JPEG; the last two are what some systems write.
  static let extensions: Set = ["jpg", "jpeg", "jpe", "jfif"]

  private static let splitNames: [String: Split] = [
    "train": .train, "validation": .validation, "val": .validation, "test": .test,
  ]

  static func open(_ root: String, _ entries: [FileSystem.Entry]) throws(FolderError) -> Dataset {
    let folders = entries.filter(\.isFolder).map(\.name)
    let splits = try splitFolders(root, folders)
    var photos = Photos(root: root)
    var classes: [String]
    if splits.isEmpty {
      classes = folders
      for (label, name) in classes.enumerated() {
        try photos.add(name, label: label, split: nil)
      }
    } else {
      classes = []
      for (split, folder) in splits {
        let names = try FileSystem.entries(of: "\(root)/\(folder)").filter(\.isFolder).map(\.name)
        if split == .train {
          classes = names
        } else if names != classes {
          throw .classesDiffer(
            split: "\(root)/\(folder)", missing: classes.filter { !names.contains($0) },
            unknown: names.filter { !classes.contains($0) })
        }
        for (label, name) in classes.enumerated() {
          try photos.add("\(folder)/\(name)", label: label, split: split)
        }
      }
    }
    if let other = photos.firstOther {
      throw .otherFormats(count: photos.others, first: other.path, format: other.format)
    }
    if let folder = photos.empty { throw .emptyClass(folder) }
    if classes.isEmpty { throw .noClasses(splits.isEmpty ? root : "\(root)/train") }
    if classes.count == 1 { throw .onlyOneClass(root, name: classes[0]) }
    return Dataset(classes: classes, samples: photos.samples, source: .photos(root: root))
  }

  /// The folders that are splits, in the order of `Split`; none when the folders are classes.
  ///
  /// A class may be called "train" or "test", so names alone mean splits only when there are no others;
  /// otherwise the folders below them tell.
  private static func splitFolders(
    _ root: String, _ folders: [String]
  ) throws(FolderError) -> [(Split, String)] {
    let named = folders.filter { splitNames[$0] != nil }
    var areSplits = !named.isEmpty && named.count == folders.count
    for folder in named where !areSplits {
      areSplits = try FileSystem.entries(of: "\(root)/\(folder)").contains(where: \.isFolder)
    }
    if !areSplits { return [] }
    if let other = folders.first(where: { splitNames[$0] == nil }) {
      throw .notASplit("\(root)/\(other)")
    }
    var found: [Split: String] = [:]
    for folder in named {
      guard let split = splitNames[folder] else { continue }
      if let other = found[split] { throw .sameSplit("\(root)/\(other)", "\(root)/\(folder)") }
      found[split] = folder
    }
    guard found[.train] != nil else { throw .noTrainFolder(root) }
    return Split.allCases.compactMap { split in found[split].map { (split, $0) } }
  }

  /// What was found so far. Findings that are errors are kept until all folders were seen, so that
  /// a class of PNG files is reported as that and not as an empty one.
  private struct Photos {
    let root: String
    var samples: [Sample] = []
    var others = 0
    var firstOther: (path: String, format: String)?
    var empty: String?

    mutating func add(_ folder: String, label: Int, split: Split?) throws(FolderError) {
      let before = samples.count
      for entry in try FileSystem.entries(of: "\(root)/\(folder)") {
        let path = "\(folder)/\(entry.name)"
        if entry.isFolder { throw .nestedFolder("\(root)/\(path)") }
        let suffix = Paths.suffix(of: entry.name)
        if extensions.contains(suffix) {
          guard entry.isFile else { throw .notAFile("\(root)/\(path)") }
          samples.append(Sample(path: path, label: label, split: split, bytes: entry.bytes))
        } else if let format = FileFormat.extensions[suffix] {
          others += 1
          if firstOther == nil { firstOther = ("\(root)/\(path)", format) }
        }
      }
      if samples.count == before, empty == nil { empty = "\(root)/\(folder)" }
    }
  }
}
