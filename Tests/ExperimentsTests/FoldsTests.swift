import Datasets
import FoundationEssentials
import Recipes
import Testing
@testable import Experiments

/// What a fold's model may have seen.
@Suite struct FoldsTests {
  private static let counts = ["a": 40, "b": 23, "c": 15]

  /// Three classes, in files that aren't opened, and perhaps groups of two.
  private func experiment(groups: Bool, _ settings: [String] = []) throws -> Experiment {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tutti-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var text = "path,label,group\n"
    for (name, count) in Self.counts.sorted(by: { $0.key < $1.key }) {
      for index in 0..<count {
        try Data([0]).write(to: folder.appending(path: "\(name)\(index).jpg"))
        text += "\(name)\(index).jpg,\(name),\(groups ? "g\(index / 2)\(name)" : "")\n"
      }
    }
    let manifest = folder.appending(path: "photos.csv")
    try Data(text.utf8).write(to: manifest)
    return try Experiment(
      Recipe(overrides: ["data.path=\(manifest.path)", "crossval.folds=4"] + settings))
  }

  @Test(arguments: [false, true], ["best", "last"])
  func `no photo is on two sides, and none is lost`(groups: Bool, select: String) throws {
    let whole = try experiment(groups: groups, ["crossval.select=\(select)"])
    let all = Array(whole.dataset.samples.indices)
    let pool = try whole.makePool()
    #expect(pool.count == 4)
    #expect((pool.indices + pool.test).sorted() == all)
    #expect(!pool.test.isEmpty)
    #expect(try whole.makeSplits().test == pool.test, "the test photos are those of a training")
    var heldOut: [Int] = []
    for fold in 0..<4 {
      let splits = try whole.holdingOut(fold: fold, of: 4).makeSplits()
      let own = pool.indices(in: fold)
      heldOut += own
      #expect((splits.train + splits.validation + splits.test + own).sorted() == all)
      #expect(splits.test == pool.test)
      #expect(splits.validation.isEmpty == (select == "last"))
      if groups {
        let sides = [splits.train, splits.validation, splits.test, own].map { indices in
          Set(indices.compactMap { whole.dataset.samples[$0].group })
        }
        #expect(
          sides.map(\.count).reduce(0, +) == sides.reduce(into: Set()) { $0.formUnion($1) }.count)
      }
    }
    #expect(heldOut.sorted() == pool.indices)
  }

  @Test
  func `without groups classes spread to within one, and a tenth is set apart inside`() throws {
    let whole = try experiment(groups: false)
    let pool = try whole.makePool()
    for label in 0..<3 {
      let counts = (0..<4).map { fold in
        pool.indices(in: fold).count { whole.dataset.samples[$0].label == label }
      }
      let (least, most) = (counts.min() ?? 0, counts.max() ?? 9)
      #expect(most - least <= 1)
    }
    let splits = try whole.holdingOut(fold: 0, of: 4).makeSplits()
    let share =
      Double(splits.validation.count) / Double(splits.validation.count + splits.train.count)
    #expect(abs(share - 0.1) < 0.02)
  }

  @Test func `what is left out is in no fold, and moves no other photo`() throws {
    let whole = try experiment(groups: false)
    let before = try whole.holdingOut(fold: 1, of: 4).makeSplits()
    let pool = try whole.makePool()
    let left = [before.train[3], pool.indices(in: 1)[2], pool.test[0]].sorted()
    var less = whole
    less.leaveOut(left)
    let after = try less.holdingOut(fold: 1, of: 4).makeSplits()
    #expect(after.train == before.train.filter { !left.contains($0) })
    #expect(after.validation == before.validation)
    #expect(after.test == pool.test.filter { !left.contains($0) })
    #expect(try less.makePool() == pool.without(left))
    #expect(try less.makePool().indices(in: 1) == pool.indices(in: 1).filter { !left.contains($0) })
  }

  @Test func `a fold that is empty, or has all of a class, is refused`() throws {
    let whole = try experiment(groups: false)
    let pool = try whole.makePool()
    var empty = whole
    empty.leaveOut(pool.indices(in: 2))
    #expect(throws: FoldError.empty(2)) { try empty.makePool() }
    let others = pool.indices(outside: 1).filter { whole.dataset.samples[$0].label == 2 }
    var untrained = whole
    untrained.leaveOut(others)
    #expect(throws: FoldError.untrained("c", fold: 1)) { try untrained.makePool() }
  }

  @Test func `a fold whose training photos count nothing is refused`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tutti-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var text = "path,label,fold,weight\n"
    for index in 0..<20 {
      try Data([0]).write(to: folder.appending(path: "\(index).jpg"))
      text += "\(index).jpg,\(index % 2 == 0 ? "a" : "b"),\(index / 10),\(index / 10)\n"
    }
    let manifest = folder.appending(path: "photos.csv")
    try Data(text.utf8).write(to: manifest)
    let whole = try Experiment(
      Recipe(overrides: ["data.path=\(manifest.path)", "data.test=0", "training.micro-batch=2"]))
    _ = try whole.holdingOut(fold: 0, of: 2).makeSplits()
    #expect(throws: SplitError.weightless(manifest.path, fold: nil)) {
      try whole.holdingOut(fold: 1, of: 2).makeSplits()
    }
    #expect(throws: SplitError.weightless(manifest.path, fold: 1)) { try whole.makePool() }
  }

  @Test func `a fold that isn't there is refused, with the line of the recipe`() throws {
    let own = try experiment(groups: false, ["crossval.fold=3"])
    _ = try own.makeSplits()
    let five = try experiment(groups: false, ["crossval.folds=none", "crossval.fold=5"])
    let error = #expect(throws: RecipeError.self) { try five.makeSplits() }
    #expect("\(error as Any)".contains("there is no fold 5: the photos have 5, from 0"))
    #expect(throws: RecipeError.self) {
      try Recipe(overrides: ["crossval.folds=4", "crossval.fold=4"])
    }
  }
}
