import Datasets
import Glibc
import Images
import Support
import Tensors
import Testing

@Suite struct DatasetUnlabelledTests {
  private let photos = "\(Golden.folder)/photos"

  @Test func `folders are listed by the bytes of paths`() throws {
    let disc = try Dataset.photos(at: ["\(photos)/disc"])
    #expect(disc.first == "\(photos)/disc/00.jpg")
    #expect(disc == disc.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    let all = try Dataset.photos(at: ["nowhere/x.jpg", "\(photos)//", "\(photos)/disc/00.jpg"])
    #expect(all.count == 32)
    #expect(all.first == "nowhere/x.jpg" && all.last == "\(photos)/disc/00.jpg")
    #expect(Set(all).count == 31)
  }

  /// Folders that each lead to the next by two names: 2²⁵ ways to the one photo.
  @Test(.timeLimit(.minutes(1))) func `folders behind links are looked at once`() throws {
    let folder = try Scratch()
    for level in 0..<25 {
      try folder.makeFolder("\(level)")
      for name in ["a", "b"] {
        #expect(symlink("../\(level + 1)", "\(folder.path)/\(level)/\(name)") == 0)
      }
    }
    try folder.write([0], to: "25/photo.jpg")
    #expect(symlink("..", "\(folder.path)/25/up") == 0)
    let ladder = "\(folder.path)/0"
    let photo = ladder + String(repeating: "/a", count: 25) + "/photo.jpg"
    #expect(try Dataset.photos(at: [ladder]) == [photo])
  }

  @Test func `dead links, behind which photos may have been, are tried as photos`() throws {
    let folder = try Scratch()
    for name in ["a.jpg", "more"] {
      #expect(symlink("nowhere", "\(folder.path)/\(name)") == 0)
    }
    try folder.write([0], to: "notes.txt")
    let photos = try Dataset.photos(at: [folder.path])
    #expect(photos == ["\(folder.path)/a.jpg", "\(folder.path)/more"])
    let dataset = Dataset(unlabelled: photos, classes: ["x"])
    #expect(throws: PhotoError.unreadable(path: photos[1], reason: "No such file or directory")) {
      try dataset.image(1)
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything"))
  func `folders below that can't be listed are tried as photos`() throws {
    let folder = try Scratch()
    for name in ["a/1.jpg", "b/2.jpg", "c/3.jpg"] { try folder.write([0], to: name) }
    let modes: [(String, mode_t)] = [("b", 0), ("c", 0o444)]
    for (name, mode) in modes { chmod("\(folder.path)/\(name)", mode) }
    defer { for (name, _) in modes { chmod("\(folder.path)/\(name)", 0o755) } }
    let photos = try Dataset.photos(at: [folder.path])
    #expect(photos == ["a/1.jpg", "b", "c/3.jpg"].map { "\(folder.path)/\($0)" })
    let dataset = Dataset(unlabelled: photos, classes: ["x"])
    for index in 1...2 {
      #expect(throws: PhotoError.unreadable(path: photos[index], reason: "Permission denied")) {
        try dataset.image(index)
      }
    }
    #expect(throws: FolderError.unreadable("\(folder.path)/b", reason: "Permission denied")) {
      try Dataset.photos(at: ["\(folder.path)/b"])
    }
  }

  @Test func `a relative path stays as it is`() {
    let dataset = Dataset(unlabelled: ["a.jpg", "/b.jpg"], classes: ["x", "y"])
    #expect(dataset.samples.indices.map(dataset.file) == ["a.jpg", "/b.jpg"])
    #expect(throws: PhotoError.unreadable(path: "a.jpg", reason: "No such file or directory")) {
      try dataset.image(0)
    }
  }

  /// Two pipelines see the same photos, and a failure leaves zeros in both and all else alone.
  @Test(arguments: [1, 3]) func `failures are passed over`(threads: Int) throws {
    let files = try Dataset.photos(at: ["\(photos)/cross"])
    let normalize = Normalize(mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.4])
    let pipelines = try [16, 24].map {
      try Pipeline([Resize($0), normalize], size: nil, channels: 3)
    }
    func batch(_ paths: [String]) throws -> Batch? {
      let requests = [
        BatchRequest(
          epoch: 0, positions: paths.indices, of: Array(paths.indices), by: pipelines)
      ]
      let loader = Loader(
        Dataset(unlabelled: paths, classes: ["a"]), seed: 0, threads: threads, lookAhead: 2,
        passesOverFailures: true, requests: requests)
      return try loader.next()
    }
    let whole = try #require(try batch(Array(files.prefix(4))))
    var spoilt = Array(files.prefix(4))
    spoilt[2] = "/nowhere.jpg"
    let batch = try #require(try batch(spoilt))
    #expect(whole.failures.isEmpty && batch.failures.keys.sorted() == [2])
    for (side, view) in [16, 24].enumerated().map({ ($1, $0) }) {
      #expect(batch.views[view].shape == [4, side, side, 3])
      let length = side * side * 3
      for row in 0..<4 {
        let range = (row * length)..<((row + 1) * length)
        let expected =
          row == 2
          ? Array(repeating: 0, count: length) : Array(whole.views[view].values[range])
        #expect(Array(batch.views[view].values[range]) == expected, "row \(row)")
      }
    }
  }
}
