import Glibc
import Images
import Support
import Testing
@testable import Datasets

/// One file is one photo, by whatever path it is reached, and a link that leads nowhere is a photo that
/// can't be read.
@Suite struct PhotoFileTests {
  private func folder() throws -> Scratch {
    let folder = try Scratch()
    for name in ["cat/0.jpg", "cat/1.jpg", "dog/0.jpg"] { try folder.write([0], to: name) }
    return folder
  }

  private static let spellings = [
    "cat/../cat/0.jpg", "dog/../cat/./0.jpg", "FOLDER/cat/0.jpg", "link.jpg", "hard.jpg",
    "cats/0.jpg",
  ]

  @Test(arguments: spellings)
  func `two spellings of one photo in a manifest are refused`(spelling: String) throws {
    let folder = try folder()
    #expect(symlink("cat/0.jpg", "\(folder.path)/link.jpg") == 0)
    #expect(link("\(folder.path)/cat/0.jpg", "\(folder.path)/hard.jpg") == 0)
    #expect(symlink("cat", "\(folder.path)/cats") == 0)
    let path = spelling.replacing("FOLDER", with: folder.path)
    try folder.write(
      "path,label,split\n\(path),cat,test\ndog/0.jpg,dog,train\ncat/0.jpg,cat,train\n", to: "m.csv")
    #expect(
      throws: ManifestError(
        "\(folder.path)/m.csv", line: 4,
        "cat/0.jpg is the same file as \(path.replacing("/./", with: "/")) in line 2; remove one of the two"
      )
    ) {
      try Dataset.open(path: "\(folder.path)/m.csv")
    }
  }

  @Test func `a photo in two folders is refused`() throws {
    let folder = try folder()
    #expect(symlink("../cat/0.jpg", "\(folder.path)/dog/other.jpg") == 0)
    #expect(link("\(folder.path)/cat/1.jpg", "\(folder.path)/dog/third.jpg") == 0)
    #expect(
      throws: FolderError.sameFile(
        "\(folder.path)/cat/0.jpg", "\(folder.path)/dog/other.jpg", count: 2)
    ) {
      try Dataset.open(path: folder.path)
    }
    let linked = try self.folder()
    #expect(symlink("cat", "\(linked.path)/puma") == 0)
    #expect(throws: FolderError.self) { try Dataset.open(path: linked.path) }
  }

  /// Two links to one photo of the training split.
  private func twins(_ names: [String]) throws -> Scratch {
    let folder = try Scratch()
    for name in names where !name.hasPrefix("train/cat/link") { try folder.write([0], to: name) }
    for name in names where name.hasPrefix("train/cat/link") {
      #expect(symlink("0.jpg", "\(folder.path)/\(name)") == 0)
    }
    return folder
  }

  @Test func `a photo that is twice in one class and split counts twice, and it is told`() throws {
    let photos = [
      "train/cat/0.jpg", "train/cat/link.jpg", "train/cat/link2.jpg", "train/dog/0.jpg",
      "val/cat/1.jpg", "val/dog/1.jpg",
    ]
    let folder = try twins(photos)
    let dataset = try Dataset.open(path: folder.path)
    #expect(dataset.samples.count == 6)
    let root = folder.path
    #expect(
      dataset.notes.map(\.text)
        == [
          "2 photos are there twice, such as \(root)/train/cat/0.jpg and \(root)/train/cat/link.jpg, "
            + "which are one file; each counts twice"
        ])
    #expect(try dataset.split(validation: 0.2, test: 0, seed: 1).train.count == 4)
    let list = try Dataset(list: dataset.listBytes, root: root, twins: dataset.twins)
    #expect(list.notes.map(\.text) == dataset.notes.map(\.text))
    let text = try dataset.manifest(
      dataset.split(validation: 0.2, test: 0, seed: 1), folds: nil, at: "\(root)/m.csv")
    try folder.write(text, to: "m.csv")
    #expect(try Dataset.open(path: "\(root)/m.csv").twins.count == 2)
    // In two folds, each would be tested on.
    let error = #expect(throws: FoldError.self) {
      for seed in 1...9 {
        _ = try dataset.folds(of: Array(dataset.samples.indices), count: 2, seed: UInt64(seed))
      }
    }
    #expect(error?.description.contains("the same file as \(root)/train/cat/0.jpg") == true)
    #expect(try Dataset.open(path: "\(Golden.folder)/photos").notes.isEmpty)
  }

  @Test func `a cut between a photo and itself is refused`() throws {
    let folder = try twins(
      (0..<4).flatMap { ["train/cat/\($0).jpg", "train/dog/\($0).jpg"] } + ["train/cat/link.jpg"])
    let dataset = try Dataset.open(path: folder.path)
    var refused = 0
    for seed in 1...20 {
      do throws(SplitError) {
        let splits = try dataset.split(validation: 0.3, test: 0, seed: UInt64(seed))
        let twins = [dataset.twins[0].first, dataset.twins[0].second]
        #expect(
          twins.allSatisfy(splits.train.contains) || twins.allSatisfy(splits.validation.contains))
      } catch {
        refused += 1
        #expect(error.description.contains("cat/link.jpg: the same file as"))
      }
    }
    #expect((1...19).contains(refused))
  }

  @Test func `links into a store are photos`() throws {
    let store = try folder()
    let folder = try Scratch()
    for name in ["cat", "dog"] {
      try folder.makeFolder(name)
      #expect(symlink("\(store.path)/\(name)/0.jpg", "\(folder.path)/\(name)/photo.jpg") == 0)
    }
    let dataset = try Dataset.open(path: folder.path)
    #expect(dataset.samples.map(\.path) == ["cat/photo.jpg", "dog/photo.jpg"])
    #expect(dataset.samples.map(\.bytes) == [1, 1])
  }

  @Test func `a dead link is a photo that can't be read`() throws {
    let folder = try folder()
    #expect(symlink("nowhere.jpg", "\(folder.path)/dog/gone.jpg") == 0)
    #expect(symlink("loop.jpg", "\(folder.path)/dog/loop.jpg") == 0)
    #expect(symlink("nowhere.txt", "\(folder.path)/dog/gone.txt") == 0)
    let dataset = try Dataset.open(path: folder.path)
    #expect(dataset.samples.map(\.path).suffix(3) == ["dog/0.jpg", "dog/gone.jpg", "dog/loop.jpg"])
    let gone = dataset.samples.count - 2
    #expect(dataset.check(gone).problem == "can't be read: No such file or directory")
    #expect(throws: PhotoError.self) { try dataset.checkHeaders(gone..<(gone + 1)) }
    // A manifest has it, too.
    let path = "\(folder.path)/m.csv"
    let splits = try dataset.split(validation: 0.2, test: 0, seed: 1)
    try folder.write(try dataset.manifest(splits, folds: nil, at: path), to: "m.csv")
    #expect(try Dataset.open(path: path).samples.map(\.path) == dataset.samples.map(\.path))
  }

  @Test func `a dead link in the place of a class is told, unless it is called a photo`() throws {
    let folder = try folder()
    #expect(symlink("nowhere", "\(folder.path)/emu.jpg") == 0)
    #expect(try Dataset.open(path: folder.path).samples.count == 3)
    #expect(symlink("nowhere", "\(folder.path)/emu") == 0)
    #expect(throws: FolderError.deadLink("\(folder.path)/emu")) {
      try Dataset.open(path: folder.path)
    }
  }

  @Test func `a manifest's files that aren't there are photos that can't be read, if asked for`()
    throws
  {
    let folder = try folder()
    let path = "\(folder.path)/m.csv"
    try folder.write(
      "path,label\ncat/0.jpg,cat\ndog/0.jpg,dog\ngone.jpg,dog\ncat,cat\n", to: "m.csv")
    #expect(throws: ManifestError.self) { try Dataset.open(path: path) }
    let dataset = try Dataset.open(path: path, demanding: .training)
    #expect(
      dataset.samples.indices.map { dataset.check($0).problem?.hasPrefix("can't be read") } == [
        true, false, false, true,
      ])
    try folder.write("path,label\na.jpg,cat\nb.jpg,dog\n", to: "m.csv")
    #expect(
      throws: ManifestError(
        path, line: 2,
        "\(folder.path)/a.jpg: can't be read: No such file or directory (2 such lines in all); paths are "
          + "seen from the manifest's folder")
    ) {
      try Dataset.open(path: path, demanding: .training)
    }
  }

  /// A second in the year 4970, whose nanoseconds are more than an `Int` holds.
  @Test func `times far ahead are versions like others`() throws {
    let folder = try folder()
    let path = "\(folder.path)/cat/0.jpg"
    let dataset = try Dataset.open(path: folder.path)
    let before = try #require(dataset.fileVersion(of: 0))
    var times = [timespec](repeating: timespec(tv_sec: 94_674_700_800, tv_nsec: 5), count: 2)
    #expect(utimensat(AT_FDCWD, path, &times, 0) == 0)
    var status = stat()
    // Some file systems cut it down to what they can store, and then nothing is seen here.
    #expect(stat(path, &status) == 0 && status.st_mtim.tv_sec > 9_300_000_000)
    #expect(dataset.fileVersion(of: 0) != before)
    #expect(PhotoCheckCache(dataset).known.count == 3)
    #expect(try Dataset.open(path: folder.path).samples.count == 3)
  }
}
