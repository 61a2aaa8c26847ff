import Files
import Images

/// A folder of photos: one folder for each class, or `train/`, `validation/` and `test/`, or what else
/// people call them (`Split`), with the class folders below them.
///
/// Photos are files named .jpg, .jpeg, .png or .webp in any case, and what else is named so and can't be
/// read: links that lead nowhere, pipes. Samples are ordered by split, class and name.
enum ImageFolder {
  static func open(
    _ root: String, _ entries: [FileSystem.Entry], demanding demands: Dataset.Demands
  ) throws(FolderError) -> Dataset {
    let isForTraining = demands.contains(.training)
    let folders = try folders(among: entries, of: root)
    let splits = try splitFolders(root, folders, isForTraining: isForTraining)
    if splits.isEmpty { try checkIsNotAround(root, folders) }
    // Each with its class folders, seen from the root.
    var parts: [(split: Split?, folder: String, classes: [String])] = []
    var strays = strays(entries, of: root)
    for (split, folder) in splits {
      let path = "\(root)/\(folder)"
      let entries = try FileSystem.entries(of: path)
      let names = try self.folders(among: entries, of: path)
      strays += self.strays(entries, of: path)
      if isForTraining, let first = parts.first {
        try checkClasses(names, of: path, are: first.classes, of: "\(root)/\(splits[0].1)")
      }
      parts.append((split, "\(folder)/", names))
    }
    if splits.isEmpty { parts.append((nil, "", folders)) }
    let classes = Set(parts.flatMap(\.classes).map(ExactText.init)).sorted().map(\.text)
    if let (first, second) = LookAlikes.first(among: classes) {
      func path(_ name: String) -> String {
        let part = parts.first { $0.classes.contains { $0.isExactly(name) } }
        return "\(root)/\(part?.folder ?? "")\(name)"
      }
      throw .lookAlikes(path(first), path(second))
    }
    let labels = Dictionary(uniqueKeysWithValues: zip(classes.map(ExactText.init), classes.indices))
    var photos = Photos(root: root)
    for part in parts {
      for name in part.classes {
        try photos.add(
          part.folder + name, label: labels[ExactText(name)] ?? 0, split: part.split)
      }
    }
    if let other = photos.firstOther {
      throw .otherFormats(count: photos.others, first: other.path, format: other.format)
    }
    if let folder = photos.empty { throw .emptyClass(folder) }
    if classes.isEmpty { throw .noClasses(splits.first.map { "\(root)/\($0.1)" } ?? root) }
    if classes.count == 1, isForTraining { throw .onlyOneClass(root, name: classes[0]) }
    let (twins, samples) = (Twins.among(photos.files), photos.samples)
    let apart = twins.filter { !samples[$0.first].mayBeTwin(of: samples[$0.second]) }
    if let pair = apart.first {
      throw .sameFile(
        "\(root)/\(samples[pair.first].path)", "\(root)/\(samples[pair.second].path)",
        count: apart.count)
    }
    return Dataset(
      classes: classes, samples: samples, source: .photos(root: root), twins: twins,
      strays: strays)
  }

  /// The paths of photos among a folder's entries.
  private static func strays(_ entries: [FileSystem.Entry], of path: String) -> [String] {
    entries.lazy.filter { !$0.isFolder && FileFormat.isImage($0.name) }.map { "\(path)/\($0.name)" }
  }

  /// The names of the folders, each of which looks different. Behind a link that leads nowhere, a class
  /// may have been, unless it is named as an image, which beside class folders means nothing.
  private static func folders(
    among entries: [FileSystem.Entry], of path: String
  ) throws(FolderError) -> [String] {
    for entry in entries where !FileFormat.isImage(entry.name) {
      let path = "\(path)/\(entry.name)"
      switch entry.kind {
      case .deadLink: throw .deadLink(path)
      case .unknown(let reason): throw .unreadable(path, reason: reason)
      case .folder, .file, .other: break
      }
    }
    let names = entries.filter(\.isFolder).map(\.name)
    if let (first, second) = LookAlikes.first(among: names) {
      throw .lookAlikes("\(path)/\(first)", "\(path)/\(second)")
    }
    return names
  }

  /// An archive often has one folder around all others.
  private static func checkIsNotAround(_ root: String, _ folders: [String]) throws(FolderError) {
    guard folders.count == 1 else { return }
    if try FileSystem.entries(of: "\(root)/\(folders[0])").contains(where: \.isFolder) {
      throw .folderAround(root, inner: folders[0])
    }
  }

  private static func checkClasses(
    _ names: [String], of path: String, are classes: [String], of train: String
  ) throws(FolderError) {
    let (own, trained) = (Set(names.map(ExactText.init)), Set(classes.map(ExactText.init)))
    if own == trained { return }
    let (missing, unknown) = (trained.subtracting(own).sorted(), own.subtracting(trained).sorted())
    if let (first, second) = LookAlikes.first(among: (missing + unknown).map(\.text)) {
      throw .lookAlikes("\(train)/\(first)", "\(path)/\(second)")
    }
    throw .classesDiffer(split: path, missing: missing.map(\.text), unknown: unknown.map(\.text))
  }

  /// The folders that are splits, in the order of `Split`; none when the folders are classes.
  ///
  /// A class may be called "train" or "test", so names alone mean splits only when there are no others;
  /// otherwise the folders below them tell.
  private static func splitFolders(
    _ root: String, _ folders: [String], isForTraining: Bool
  ) throws(FolderError) -> [(Split, String)] {
    let named = folders.filter { Split(called: $0) != nil }
    var areSplits = !named.isEmpty && named.count == folders.count
    for folder in named where !areSplits {
      areSplits = try FileSystem.entries(of: "\(root)/\(folder)").contains(where: \.isFolder)
    }
    if !areSplits { return [] }
    var found: [Split: String] = [:]
    for folder in folders {
      guard let split = Split(called: folder) else { throw .notASplit("\(root)/\(folder)") }
      if let other = found[split] { throw .sameSplit("\(root)/\(other)", "\(root)/\(folder)") }
      found[split] = folder
    }
    if isForTraining, found[.train] == nil { throw .noTrainFolder(root) }
    return Split.allCases.compactMap { split in found[split].map { (split, $0) } }
  }

  /// What was found so far. Findings that are errors are kept until all folders were seen, so that
  /// a class of GIF files is reported as that and not as an empty one.
  private struct Photos {
    let root: String
    var samples: [Sample] = []
    /// Of each sample.
    var files: [PhotoFile] = []
    var others = 0
    var firstOther: (path: String, format: String)?
    var empty: String?

    mutating func add(_ folder: String, label: Int, split: Split?) throws(FolderError) {
      let before = samples.count
      for entry in try FileSystem.entries(of: "\(root)/\(folder)") {
        let path = "\(folder)/\(entry.name)"
        if entry.isFolder { throw .nestedFolder("\(root)/\(path)") }
        let suffix = Paths.suffix(of: entry.name)
        if FileFormat.photoExtensions.contains(suffix) {
          let file = entry.photo
          samples.append(Sample(path: path, label: label, split: split, bytes: file.bytes))
          files.append(file)
        } else if let format = FileFormat.foreignExtensions[suffix] {
          others += 1
          if firstOther == nil { firstOther = ("\(root)/\(path)", format) }
        }
      }
      if samples.count == before, empty == nil { empty = "\(root)/\(folder)" }
    }
  }
}
