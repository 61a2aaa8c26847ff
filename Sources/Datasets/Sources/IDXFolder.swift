import Files
import Images

/// A folder with the four files of MNIST and its kin (Fashion-MNIST, KMNIST, EMNIST), each plain
/// or in gzip. `t10k`, or `test`, is the test split and may be missing.
///
/// A class is a label that occurs in the training file; its name is the number, with leading zeros
/// where they keep the order of names that of numbers. Images are as the files have them: EMNIST's lie
/// on their side, for torchvision too.
enum IDXFolder {
  /// Nil when none of the folder's entries is named as an IDX file is.
  static func open(_ root: String, _ entries: [FileSystem.Entry]) throws(IDXError) -> Dataset? {
    let parts = try parts(of: root, entries)
    guard let training = parts.first else { return nil }
    let images = try parts.map { part throws(IDXError) in try IDXFile(part.images, rank: 3) }
    let size = ImageSize(height: images[0].extents[1], width: images[0].extents[2])
    var values: [UInt8] = []
    var samples: [Sample] = []
    for (part, images) in zip(parts, images) {
      let found = ImageSize(height: images.extents[1], width: images.extents[2])
      guard found == size else { throw .sizesDiffer(part.images, found, size) }
      let labels = try IDXFile(part.labels, rank: 1)
      guard images.extents[0] == labels.extents[0] else {
        throw .counts(
          images: part.images, images.extents[0], labels: part.labels, labels.extents[0])
      }
      var bytes: [UInt8] = []
      try labels.read(into: &bytes)
      if part.split == .train { values = Set(bytes).sorted() }
      guard values.count > 1 else { throw .onlyOneClass(training.labels) }
      let classes = Dictionary(uniqueKeysWithValues: zip(values, values.indices))
      for (index, value) in bytes.enumerated() {
        guard let label = classes[value] else { throw .unknownLabel(part.labels, value) }
        samples.append(
          Sample(
            path: "\(part.split.rawValue)[\(index)]", label: label, split: part.split,
            bytes: size.height * size.width))
      }
    }
    let room = images.reduce(0) { $0 + $1.bytesAtMost }
    guard ProcessMemory.canTake(room) else { throw .noMemory(root, bytes: room) }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(room)
    for file in images { try file.read(into: &pixels) }
    return Dataset(
      classes: names(of: values), samples: samples, source: .pixels(pixels, size))
  }

  private static func names(of values: [UInt8]) -> [String] {
    let digits = values.last.map { String($0).count } ?? 1
    return values.map { padded($0, to: digits) }
  }

  /// The two files of a split.
  private struct Part {
    let split: Split
    let images: String
    let labels: String
  }

  /// The training files, and the test files if there are any.
  private static func parts(
    of root: String, _ entries: [FileSystem.Entry]
  ) throws(IDXError) -> [Part] {
    let found = entries.filter { !$0.isFolder }.compactMap { entry in
      IDXName(entry.name).map { (name: $0, file: entry.name) }
    }
    let sets = Set(found.map { ExactText($0.name.set) }).sorted()
    guard let set = sets.first?.text else { return [] }
    guard sets.count == 1 else {
      throw .severalSets(root, sets.map { $0.text.isEmpty ? "train-" : $0.text })
    }
    /// In the order of bytes a plain file comes before the same in gzip, which isn't looked at then.
    func file(_ part: String, _ content: IDXName.Content) throws(IDXError) -> String {
      let name = IDXName(set: set, part: part, content)
      let files = found.filter { $0.name.split == name.split && $0.name.content == content }
        .map(\.file)
      guard let file = files.first else { throw .missing("\(root)/\(name.usual)") }
      if let other = files.dropFirst().first(where: { !$0.isExactly(file + ".gz") }) {
        throw .same("\(root)/\(file)", "\(root)/\(other)")
      }
      return "\(root)/\(file)"
    }
    let test = found.first { $0.name.split == .test }?.name.part
    return try (["train"] + [test].compactMap(\.self)).map { part throws(IDXError) in
      Part(
        split: part == "train" ? .train : .test, images: try file(part, .images),
        labels: try file(part, .labels))
    }
  }
}
