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

  @Test func `IDX images have no paths for a manifest`() {
    let dataset = Dataset(
      classes: ["0", "1"], samples: [Sample(path: "train[0]", label: 0, split: .train, bytes: 1)],
      source: .pixels([0], ImageSize(height: 1, width: 1)))
    #expect(throws: ManifestError.self) { try dataset.manifest(Splits(), folds: nil, at: "m.csv") }
  }
}
