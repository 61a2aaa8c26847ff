import Files
import Images

/// A folder with the four files of MNIST and its kin (Fashion-MNIST, KMNIST, EMNIST), each plain
/// or in gzip. `t10k` is the test split and may be missing.
///
/// A class is a label that occurs in the training file; its name is the number, with leading zeros
/// where they keep the order of names that of numbers.
enum IDXFolder {
  private static let prefixes: [(String, Split)] = [("train", .train), ("t10k", .test)]
  private static let images = "-images-idx3-ubyte"
  private static let labels = "-labels-idx1-ubyte"

  /// A folder that holds one of these is an IDX folder.
  static let fileNames = Set(
    prefixes.flatMap { prefix, _ in
      [images, labels].flatMap { ["\(prefix)\($0)", "\(prefix)\($0).gz"] }
    })

  static func open(_ root: String) throws(IDXError) -> Dataset {
    var values: [UInt8] = []
    var names: [String] = []
    var samples: [Sample] = []
    var pixels: [UInt8] = []
    var size = ImageSize(height: 0, width: 0)
    for (prefix, split) in prefixes {
      let imagesPath = existing("\(root)/\(prefix)\(images)")
      let labelsPath = existing("\(root)/\(prefix)\(labels)")
      if split == .test, imagesPath == nil, labelsPath == nil { continue }
      guard let imagesPath else { throw .missing("\(root)/\(prefix)\(images)") }
      guard let labelsPath else { throw .missing("\(root)/\(prefix)\(labels)") }
      let images = try IDXFile(imagesPath, rank: 3)
      let labels = try IDXFile(labelsPath, rank: 1)
      guard images.extents[0] == labels.extents[0] else {
        throw .counts(
          images: imagesPath, images.extents[0], labels: labelsPath, labels.extents[0])
      }
      let found = ImageSize(height: images.extents[1], width: images.extents[2])
      if split == .train {
        size = found
        values = Set(labels.bytes).sorted()
        guard values.count > 1 else { throw .onlyOneClass(labelsPath) }
        let digits = values.last.map { String($0).count } ?? 1
        names = values.map { value in
          String(repeating: "0", count: digits - String(value).count) + String(value)
        }
      }
      guard found == size else { throw .sizesDiffer(imagesPath, found, size) }
      for (index, value) in labels.bytes.enumerated() {
        guard let label = values.firstIndex(of: value) else {
          throw .unknownLabel(labelsPath, value)
        }
        samples.append(
          Sample(
            path: "\(split.rawValue)[\(index)]", label: label, split: split,
            bytes: size.height * size.width))
      }
      pixels += images.bytes
    }
    return Dataset(classes: names, samples: samples, source: .pixels(pixels, size))
  }

  /// The file as it is or with .gz, whichever is there.
  private static func existing(_ path: String) -> String? {
    [path, path + ".gz"].first(where: Paths.exists)
  }
}
