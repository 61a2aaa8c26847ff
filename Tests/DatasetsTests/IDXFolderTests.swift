import Glibc
import Images
import Support
import Testing
@testable import Datasets

@Suite struct IDXFolderTests {
  /// An IDX file of unsigned bytes.
  private func idx(_ extents: [Int], _ bytes: [UInt8]) -> [UInt8] {
    var file: [UInt8] = [0, 0, 8, UInt8(extents.count)]
    for extent in extents { file += [24, 16, 8, 0].map { UInt8(extent >> $0 & 0xFF) } }
    return file + bytes
  }

  private let images = "images-idx3-ubyte"
  private let labels = "labels-idx1-ubyte"

  /// Three training images of 2×1 pixels, one test image.
  private func folder() throws -> Scratch {
    let folder = try Scratch()
    try folder.write(idx([3, 2, 1], [1, 2, 3, 4, 5, 6]), to: "train-\(images)")
    try folder.write(idx([3], [10, 2, 10]), to: "train-\(labels)")
    try folder.write(idx([1, 2, 1], [7, 8]), to: "t10k-\(images)")
    try folder.write(idx([1], [2]), to: "t10k-\(labels)")
    return folder
  }

  @Test func `pixels, labels and both splits are read`() throws {
    let folder = try folder()
    let dataset = try Dataset.open(path: folder.path)
    #expect(dataset.classes == ["02", "10"])
    #expect(dataset.channels == 1)
    #expect(dataset.imageSize == ImageSize(height: 2, width: 1))
    #expect(
      dataset.samples == [
        Sample(path: "train[0]", label: 1, split: .train, bytes: 2),
        Sample(path: "train[1]", label: 0, split: .train, bytes: 2),
        Sample(path: "train[2]", label: 1, split: .train, bytes: 2),
        Sample(path: "test[0]", label: 0, split: .test, bytes: 2),
      ])
    #expect(try dataset.image(1) == Image(height: 2, width: 1, channels: 1, pixels: [3, 4]))
    #expect(try dataset.image(3).pixels == [7, 8])
  }

  @Test func `files in gzip are the same`() throws {
    let plain = try folder()
    let zipped = try folder()
    for name in ["train-\(images)", "train-\(labels)", "t10k-\(images)", "t10k-\(labels)"] {
      #expect(system("gzip \(zipped.path)/\(name)") == 0)
    }
    let (first, second) = (try Dataset.open(path: plain.path), try Dataset.open(path: zipped.path))
    #expect(first.listBytes == second.listBytes)
    #expect(try first.image(2) == second.image(2))
  }

  @Test(arguments: [
    ("emnist-letters-train", "emnist-letters-test", "-"), ("train", "t10k", "."),
    ("train", "test", "-"),
  ])
  func `kin of MNIST have names of their own`(
    train: String, test: String, separator: String
  ) throws {
    let usual = try folder()
    let other = try Scratch()
    for (name, part) in [("train", train), ("t10k", test)] {
      for (content, kind) in [("images", "idx3"), ("labels", "idx1")] {
        let bytes = try contents(of: "\(usual.path)/\(name)-\(content)-\(kind)-ubyte")
        try other.write(bytes, to: "\(part)-\(content)\(separator)\(kind)-ubyte")
      }
    }
    let dataset = try Dataset.open(path: other.path)
    #expect(try dataset.listBytes == Dataset.open(path: usual.path).listBytes)
    unlink("\(other.path)/\(test)-labels\(separator)idx1-ubyte")
    #expect(throws: IDXError.missing("\(other.path)/\(test)-\(labels)")) {
      try Dataset.open(path: other.path)
    }
  }

  @Test func `two sets in a folder, or two files for a part, are refused`() throws {
    let folder = try folder()
    try folder.write([1], to: "t10k-\(labels).gz")
    #expect(try Dataset.open(path: folder.path).samples.count == 4)
    try folder.write([1], to: "test-\(labels)")
    #expect(
      throws: IDXError.same("\(folder.path)/t10k-\(labels)", "\(folder.path)/test-\(labels)")
    ) { try Dataset.open(path: folder.path) }
    try folder.write([1], to: "emnist-digits-train-\(images)")
    #expect(throws: IDXError.severalSets(folder.path, ["train-", "emnist-digits-"])) {
      try Dataset.open(path: folder.path)
    }
  }

  @Test(arguments: [
    "my-photos-idx3-ubyte", "constrain-images-idx3-ubyte", "train-images-idx1-ubyte",
  ])
  func `other names mean no IDX folder`(name: String) throws {
    let folder = try Scratch()
    try folder.write([0], to: name)
    #expect(throws: FolderError.noClasses(folder.path)) { try Dataset.open(path: folder.path) }
  }

  @Test(.timeLimit(.minutes(1))) func `a pipe is refused, for nobody may write to it`() throws {
    let folder = try folder()
    let path = "\(folder.path)/train-\(images)"
    unlink(path)
    #expect(mkfifo(path, 0o644) == 0)
    let error = #expect(throws: IDXError.self) { try Dataset.open(path: folder.path) }
    #expect(error?.description.hasPrefix("\(path): can't be read: ") == true)
  }

  @Test func `a sparse file of a terabyte isn't read`() throws {
    let folder = try folder()
    let path = "\(folder.path)/train-\(images)"
    #expect(truncate(path, 1 << 40) == 0)
    #expect(throws: IDXError.trailing(path, promised: 6)) { try Dataset.open(path: folder.path) }
    try folder.write(idx([1 << 20, 1 << 10, 1 << 10], []), to: "train-\(images)")
    #expect(truncate(path, (1 << 40) + 16) == 0)
    #expect(throws: IDXError.tooLarge(path, extents: [1 << 20, 1 << 10, 1 << 10])) {
      try Dataset.open(path: folder.path)
    }
  }

  @Test func `a gzip file that promises what no file of its length holds is cut short`() throws {
    let folder = try Scratch()
    try folder.write(idx([4, 16384, 16384], [1, 2, 3]), to: "train-\(images)")
    try folder.write(idx([4], [1, 2, 1, 2]), to: "train-\(labels)")
    #expect(system("gzip \(folder.path)/train-\(images)") == 0)
    #expect(
      throws: IDXError.size("\(folder.path)/train-\(images).gz", promised: 1 << 30, found: 3)
    ) { try Dataset.open(path: folder.path) }
  }

  @Test func `test files may be missing`() throws {
    let folder = try folder()
    unlink("\(folder.path)/t10k-\(images)")
    #expect(throws: IDXError.missing("\(folder.path)/t10k-\(images)")) {
      try Dataset.open(path: folder.path)
    }
    unlink("\(folder.path)/t10k-\(labels)")
    #expect(try Dataset.open(path: folder.path).samples.count == 3)
  }

  @Test(
    arguments: [
      ("train-images-idx3-ubyte", [3], [1, 2, 3], "starts with 2049 where"),
      ("train-labels-idx1-ubyte", [3], [1, 2], "cut short: 2 bytes where there must be 3;"),
      ("train-labels-idx1-ubyte", [3], [1, 2, 1, 2], "longer than the 3 bytes"),
      ("train-labels-idx1-ubyte", [4], [1, 2, 1, 2], "3 images, but"),
      ("train-labels-idx1-ubyte", [3], [1, 1, 1], "fewer than two classes"),
      ("train-labels-idx1-ubyte", [0], [], "nothing in it"),
      ("train-images-idx3-ubyte", [1 << 31, 1 << 31, 1 << 31], [1], "× 2147483648 bytes; at most"),
      ("train-images-idx3-ubyte", [3, 1, 65_536], [1], "3 × 1 × 65536 bytes; at most"),
      ("train-images-idx3-ubyte", [3, 65_535, 65_535], [1], "65535 bytes; at most 4194304 images"),
      ("train-labels-idx1-ubyte", [(1 << 22) + 1], [1], "4194305 bytes; at most 4194304 images"),
      (
        "train-images-idx3-ubyte", [1 << 22, 16, 16], [1], "1 bytes where there must be 1073741824"
      ),
      ("t10k-labels-idx1-ubyte", [1], [3], "the label 3 is on no training image"),
      (
        "t10k-images-idx3-ubyte", [1, 1, 2], [1, 2], "1×2 pixels, but the training images have 2×1"
      ),
    ] as [(String, [Int], [UInt8], String)])
  func `what is wrong with a file is told`(
    name: String, extents: [Int], bytes: [UInt8], message: String
  ) throws {
    let folder = try folder()
    try folder.write(idx(extents, bytes), to: name)
    let error = #expect(throws: IDXError.self) { try Dataset.open(path: folder.path) }
    #expect(error?.description.contains(message) == true)
    #expect(error?.description.contains("\(folder.path)/\(name)") == true)
  }

  @Test(arguments: [0, 3, 30]) func `a gzip file that was cut off is named`(length: Int) throws {
    let folder = try folder()
    let path = "\(folder.path)/train-\(images)"
    #expect(system("gzip \(path)") == 0)
    try folder.write(contents(of: path + ".gz").prefix(length), to: "train-\(images).gz")
    let error = #expect(throws: IDXError.self) { try Dataset.open(path: folder.path) }
    #expect(error?.description.hasPrefix("\(path).gz: ") == true)
  }

  @Test(.enabled(if: access("/usr/share/datasets/fashion-mnist", F_OK) == 0))
  func `Fashion-MNIST of the Debian package`() throws {
    let dataset = try Dataset.open(path: "/usr/share/datasets/fashion-mnist")
    #expect(dataset.classes == (0..<10).map(String.init))
    #expect(dataset.samples.count == 70_000)
    #expect(dataset.samples[60_000].path == "test[0]")
    #expect(dataset.samples.prefix(8).map(\.label) == [9, 0, 0, 3, 0, 2, 7, 2])
    #expect(dataset.imageSize == ImageSize(height: 28, width: 28))
    let splits = try dataset.split(validation: 0.1, test: 0.1, seed: 42)
    #expect(splits.train.count == 54_000)
    #expect(splits.validation.count == 6_000)
    #expect(splits.test == Array(60_000..<70_000))
  }
}
