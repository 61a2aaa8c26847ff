import Datasets
import FoundationEssentials
import Recipes
import Testing
@testable import Experiments

@Suite struct LeftOutTests {
  /// Two classes with ten photos each, which aren't opened.
  private func experiment() throws -> Experiment {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tutti-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["a", "b"] {
      let place = folder.appending(path: name)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for index in 0..<10 {
        try Data([0]).write(to: place.appending(path: "\(index).jpg"))
      }
    }
    return try Experiment(Recipe(overrides: ["data.path=\(folder.path)"]))
  }

  @Test func `what is left out moves no other photo, and is part of the data's digest`() throws {
    let whole = try experiment()
    let before = try whole.makeSplits()
    let left = [before.train[0], before.test[0]].sorted()
    var less = whole
    less.leaveOut(left)
    let after = try less.makeSplits()
    for split in Split.allCases {
      #expect(after[split] == before[split].filter { !left.contains($0) })
    }
    #expect(less.dataDigest != whole.dataDigest)
    var none = whole
    none.leaveOut([])
    #expect(none.dataDigest == whole.dataDigest)
  }

  @Test func `a class without training photos is told`() throws {
    var experiment = try experiment()
    experiment.leaveOut(Array(0..<10))
    #expect(throws: SplitError.onlyCorrupt("a")) { _ = try experiment.makeSplits() }
  }
}
