import Foundation
import Images
import Support
import Testing
@testable import Datasets

@Suite struct DatasetListTests {
  @Test func `a list survives its bytes`() throws {
    let lists = [
      try Dataset.open(path: "\(Golden.folder)/photos"),
      Dataset(
        classes: ["a, \"b\"", "ü"],
        samples: [
          Sample(path: "x/1.jpg", label: 0, split: .train, bytes: 7, group: "ann", fold: 0),
          Sample(path: "/ü,\n.jpg", label: 1, split: nil, bytes: 1 << 40, group: nil, fold: nil),
          Sample(path: "3.jpg", label: 1, split: .test, bytes: 0, group: "-", fold: 12),
        ], source: .photos(root: "/photos")),
      Dataset(
        classes: ["a", "b"],
        samples: [
          Sample(
            path: "1.jpg", label: 0, split: nil, bytes: 1, weight: 0.1, softLabel: [2 / 3, 1 / 3]),
          Sample(path: "2.jpg", label: 1, split: nil, bytes: 1),
        ], source: .photos(root: ".")),
      Dataset(
        classes: ["a"], samples: [Sample(path: "1.jpg", label: 0, split: nil, bytes: 1, weight: 0)],
        source: .photos(root: ".")),
      Dataset(classes: ["a"], samples: [], source: .photos(root: ".")),
    ]
    for list in lists {
      let copy = try Dataset(list: list.listBytes, root: try #require(list.root))
      #expect(copy.classes == list.classes && copy.samples == list.samples)
      #expect(copy.root == list.root && copy.listBytes == list.listBytes)
    }
  }

  @Test(arguments: [
    "", "1", "x\0", "1 soft weights\0a\0", "2\0a\0", "1\0a\0p\00\0-\01\0-\0",
    "1\0a\0p\01\0-\01\0-\0\0", "1\0a\0p\00\0-\0-1\0-\0\0", "1\0a\0p\00\0late\01\0-\0\0",
    "1 weights\0a\0p\00\0-\01\0-\0\0ff800000\0", "1 soft\0a\0p\00\0-\01\0-\0\00 0\0",
    "1 soft\0a\0p\00\0-\01\0-\0\03f800001\0",
  ]) func `bytes that are no list's are refused`(_ text: String) {
    #expect(throws: SampleList.Malformed.self) { try SampleList(Array(text.utf8)) }
  }

  @Test func `another copy of a photo is an error`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tutti-\(UUID())")
    try FileManager.default.copyItem(atPath: "\(Golden.folder)/photos", toPath: folder.path)
    defer { try? FileManager.default.removeItem(at: folder) }
    let dataset = try Dataset.open(path: folder.path)
    let path = "\(folder.path)/cross/00.jpg"
    var bytes = try Data(contentsOf: URL(filePath: path))
    let listed = bytes.count
    bytes.append(0)
    try bytes.write(to: URL(filePath: path))
    #expect(throws: PhotoError.otherSize(path: path, bytes: listed + 1, listed: listed)) {
      try dataset.image(0)
    }
    #expect(throws: Never.self) { try dataset.checkIsHere() }
    try FileManager.default.removeItem(at: folder)
    #expect(throws: FolderError.missing(folder.path)) { try dataset.checkIsHere() }
  }
}
