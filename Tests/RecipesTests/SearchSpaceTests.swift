import Foundation
import Testing

@testable import Recipes

/// Draws beside Tests/Golden/tune.py.
@Suite struct SearchSpaceTests {
  private static let text = """
    optimizer.learning-rate: {log: [1e-4, 1e-2]}
    loss:
      label-smoothing: {uniform: [0, 0.2]}
    training.global-batch: {int: [16, 64]}
    training.micro-batch: {log-int: [16, 64]}
    model.head: [plain, regularised]
    """

  private func space(_ text: String = text, _ recipe: String = "data: {path: p}") throws
    -> SearchSpace
  {
    try SearchSpace(
      text: text, name: "space.yaml", for: Recipe(text: recipe, name: "recipe.yaml"))
  }

  @Test func `draws are Python's, of the seed, the trial and the key's place`() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/tune.json")
    let golden = try JSONSerialization.jsonObject(with: Data(contentsOf: path)) as? [String: Any]
    let draws = try #require(golden?["draws"] as? [[Any]])
    #expect(draws.count == 12)
    let space = try space()
    for draw in draws {
      let (seed, trial) = (try #require(draw[0] as? Int), try #require(draw[1] as? Int))
      let values = try #require(draw[2] as? [Any])
      let own = space.values(ofTrial: trial, seed: seed)
      #expect(own.prefix(4).map(Double.init) == values.prefix(4).map { $0 as? Double })
      #expect(own[4] == values[4] as? String)
    }
  }

  @Test func `a key's draws don't depend on its neighbours' ranges`() throws {
    let other = try space(
      Self.text.replacingOccurrences(of: "[1e-4, 1e-2]", with: "[1e-3, 1e-2]"))
    for trial in 0..<20 {
      #expect(
        try space().values(ofTrial: trial, seed: 1).dropFirst()
          == other.values(ofTrial: trial, seed: 1).dropFirst())
    }
  }

  @Test func `ends are taken, whole numbers all alike`() throws {
    let range = SearchRange.int(1, 3)
    #expect([0, 0.33, 0.34, 0.66, 0.67, 1].map(range.value) == ["1", "1", "2", "2", "3", "3"])
    #expect(SearchRange.logInt(2, 4).value(at: 0) == "2")
    #expect(SearchRange.logInt(2, 4).value(at: 1) == "4")
    #expect(SearchRange.log(1e-4, 1e-2).value(at: 0.5) == "0.001")
    #expect(SearchRange.uniform(-1, 1).value(at: 0) == "-1.0")
    #expect(SearchRange.uniform(0, 1).value(at: 1.0 / 3) == "0.3333")
  }

  @Test func `a grid has all choices and points from end to end`() throws {
    let space = try space(
      """
      optimizer.learning-rate: {log: [1e-4, 1e-2]}
      training.micro-batch: {int: [1, 2]}
      model.head: [plain, regularised]
      """)
    #expect(space.gridSize(points: 3) == 3 * 2 * 2)
    let points = (0..<12).map { space.values(ofGridPoint: $0, points: 3) }
    #expect(points[0] == ["0.0001", "1", "plain"])
    #expect(points[1] == ["0.0001", "1", "regularised"])
    #expect(points[6] == ["0.001", "2", "plain"])
    #expect(points[11] == ["0.01", "2", "regularised"])
    #expect(Set(points).count == 12)
  }

  @Test func `which part of its range a value is in`() throws {
    #expect(SearchRange.log(1e-3, 1).part(of: "0.005") == 0)
    #expect(SearchRange.log(1e-3, 1).part(of: "0.05") == 1)
    #expect(SearchRange.log(1e-3, 1).part(of: "1") == 2)
    #expect(SearchRange.log(1e-3, 1).part(of: "2") == nil)
    #expect(SearchRange.int(1, 3).part(of: "2") == 1)
    #expect(SearchRange.choice(["a", "b"]).part(of: "b") == 1)
    #expect(SearchRange.choice(["a", "b"]).part(of: "c") == nil)
  }

  @Test func `choices of lists and of rules with their keys`() throws {
    let space = try space(
      """
      augment: [[{resize: 224}, normalize], [{resize: 224}, random-horizontal-flip, normalize]]
      optimizer.name: [adamw, sgd]
      optimizer.momentum: {uniform: [0.8, 0.99]}
      """)
    let recipe = try Recipe(text: "data: {path: p}", name: "r.yaml")
    let sgd = try recipe.with(space.settings([space.entries[0].range.ends[1], "sgd", "0.85"]))
    #expect(sgd["optimizer.momentum"]?.value == "0.85")
    #expect(sgd.augment.count == 3)
    let adamw = try recipe.with(space.settings([space.entries[0].range.ends[0], "adamw", "0.85"]))
    #expect(adamw["optimizer.momentum"] == nil)
  }

  @Test(arguments: [
    (
      "optimizer.lerning-rate: {log: [1, 2]}",
      "1: unknown key `optimizer.lerning-rate`; did you mean `learning-rate`?"
    ),
    (
      "\ntraining.epochs: [3, 4]",
      "2: `training.epochs` is how long all trials may train; set it in the recipe"
    ),
    ("data.path: [a, b]", "1: `data.path` doesn't affect results; set it in the recipe"),
    ("data: {split-seed: [1, 2]}", "1: `data.split-seed` changes which photos are trained on"),
    ("crossval.folds: [3, 4]", "1: `crossval.folds` changes which photos"),
    ("training.max-steps: [3, 4]", "1: `training.max-steps` doesn't affect results"),
    ("evaluation.tta: [none, flip]", "1: `evaluation.tta` says how trials are scored"),
    ("training.seed: [1, 2]", "1: `training.seed` has no better"),
    (
      "optimizer.learning-rate: {log: [0, 1]}",
      "1: `optimizer.learning-rate`: `log` takes numbers above 0, and has `[0, 1]`"
    ),
    (
      "optimizer.learning-rate: {uniform: [1, 0.1]}",
      "1: `optimizer.learning-rate`: `uniform` takes two numbers, the lower first"
    ),
    (
      "training.global-batch: {int: [1.5, 3]}",
      "1: `training.global-batch`: `int` takes whole numbers, and has `[1.5, 3]`"
    ),
    (
      "optimizer.learning-rate: {norm: [0, 1]}",
      "1: `optimizer.learning-rate` is a map; allowed: `{log: [1e-4, 1e-2]}`"
    ),
    ("optimizer.learning-rate: 3", "1: `optimizer.learning-rate` is `3`; allowed:"),
    ("model.head: [plain]", "1: `model.head` has fewer than two values"),
    ("model.head: [plain, plain]", "1: `model.head` has `plain` twice"),
    ("model.head: [plain, fancy]", "1: with fancy, `model.head` is `fancy`; allowed:"),
    (
      "loss.label-smoothing: {uniform: [0, 3]}",
      "1: with 3.0, `loss.label-smoothing` is `3.0`; allowed:"
    ),
    (
      "optimizer.momentum: {uniform: [0, 0.9]}",
      "1: `optimizer.momentum` belongs to `optimizer.name: "
    ),
    ("- a", "1: a search space is a map of keys"),
    ("", " the file is empty; a search space is a map"),
  ])
  func `what can't be searched, in one line with its place`(text: String, says: String) throws {
    do {
      _ = try space(text)
      Issue.record("taken: \(text)")
    } catch let error as RecipeError {
      #expect(error.problems.count == 1, "\(error)")
      #expect(error.problems[0].hasPrefix("space.yaml:\(says)"), "\(error)")
    }
  }
}
