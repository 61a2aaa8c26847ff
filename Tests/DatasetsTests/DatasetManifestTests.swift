import FoundationEssentials
import Images
import Support
import Testing
@testable import Datasets

@Suite struct DatasetManifestTests {
  @Test func `a folder's manifest gives the same photos, splits and folds`() throws {
    let folder = try Scratch()
    for index in 0..<20 {
      try folder.write([0], to: "photos/a, b/\(index).jpg")
      try folder.write([0, 0], to: "photos/c \"d\"/\(index).jpg")
    }
    let dataset = try Dataset.open(path: "\(folder.path)/photos")
    let splits = try dataset.split(validation: 0.2, test: 0.1, seed: 42)
    let pool = (splits.train + splits.validation).sorted()
    let folds = Dictionary(
      uniqueKeysWithValues: zip(pool, try dataset.folds(of: pool, count: 3, seed: 42)))
    for name in ["photos/m.csv", "m.csv", "elsewhere/m.csv"] {
      let path = "\(folder.path)/\(name)"
      try folder.makeFolder("elsewhere")
      try folder.write(try dataset.manifest(splits, folds: folds, at: path).utf8, to: name)
      let read = try Dataset.open(path: path)
      #expect(read.classes == dataset.classes)
      #expect(read.samples.map(\.label) == dataset.samples.map(\.label))
      #expect(read.samples.map(\.bytes) == dataset.samples.map(\.bytes))
      #expect(try read.split(validation: 0.5, test: 0.5 - 0.1, seed: 1) == splits)
      #expect(
        read.samples.indices.map { read.samples[$0].fold } == read.samples.indices.map { folds[$0] }
      )
      #expect(
        read.samples[0].path.hasPrefix(["photos/m.csv": "a, b/", "m.csv": "photos/"][name] ?? "/"))
    }
  }

  @Test func `what could not be read back isn't written`() throws {
    let folder = try Scratch()
    try folder.write([0], to: "bat/1.jpg")
    for index in 0..<12 { try folder.write([0], to: "cat/\(index).jpg") }
    let dataset = try Dataset.open(path: folder.path)
    let splits = try dataset.split(validation: 0.2, test: 0, seed: 1)
    #expect(throws: ManifestError.self) { try dataset.manifest(splits, folds: nil, at: "m.csv") }
  }

  @Test(arguments: [
    ["A", "a"], ["cat", "bat"], ["\"\u{301}x", ",\u{301}"], ["#1", "a: b"], ["'", "a\nb"],
    ["\u{FEFF}x", "-"], ["=1+1", "é"],
  ])
  func `folders with odd names are read back`(names: [String]) throws {
    let folder = try Scratch()
    for name in names {
      for index in 0..<12 { try folder.write([0], to: "\(name)/\"\u{301}\(index), \(name).jpg") }
    }
    let dataset = try Dataset.open(path: folder.path)
    let path = "\(folder.path)/m.csv"
    let splits = try dataset.split(validation: 0.2, test: 0.1, seed: 1)
    try folder.write(try dataset.manifest(splits, folds: nil, at: path), to: "m.csv")
    let read = try Dataset.open(path: path)
    #expect(zip(read.classes, dataset.classes).allSatisfy { $0.utf8.elementsEqual($1.utf8) })
    #expect(read.samples.map { Array($0.path.utf8) } == dataset.samples.map { Array($0.path.utf8) })
    #expect(try read.split(validation: 0.5, test: 0.1, seed: 7) == splits)
  }

  /// Whatever looks at all photos for each photo or class takes minutes.
  @Test(.timeLimit(.minutes(1)), arguments: [8, 1000])
  func `many photos are split and written`(classes: Int) throws {
    let samples = (0..<20_000).map {
      Sample(path: "\($0).jpg", label: $0 % classes, split: nil, bytes: 1, group: "\($0 / 2)")
    }
    let dataset = Dataset(
      classes: (0..<classes).map { "class \($0)" }, samples: samples, source: .photos(root: "."))
    let splits = try dataset.split(validation: 0.1, test: 0.1, seed: 1)
    #expect(dataset.classCounts(of: splits.train).reduce(0, +) == splits.train.count)
    let text = try dataset.manifest(splits, folds: nil, at: "m.csv")
    #expect(text.utf8.count { $0 == UInt8(ascii: "\n") } == 20_001)
  }

  @Test func `IDX images have no paths for a manifest`() {
    let dataset = Dataset(
      classes: ["0", "1"], samples: [Sample(path: "train[0]", label: 0, split: .train, bytes: 1)],
      source: .pixels([0], ImageSize(height: 1, width: 1)))
    #expect(throws: ManifestError.self) { try dataset.manifest(Splits(), folds: nil, at: "m.csv") }
  }
}
