import Recipes
import Testing

@Suite struct RecipeNumberTests {
  @Test(arguments: [
    ("5e-3", 5e-3), ("5.0e-3", 5e-3), ("5E-3", 5e-3), (".005", 5e-3), ("0.005", 5e-3), ("1", 1),
    ("1.", 1), ("+1", 1), ("0.1_25", 0.125), ("1e+1", 10), ("1e-9", 1e-9),
  ])
  func `decimal notations are numbers`(text: String, value: Double) throws {
    #expect(try learningRate(text).optimizer.learningRate == value)
  }

  @Test(arguments: [
    "nan", ".nan", "inf", ".inf", "-.inf", "1e999", "010", "00.5", "0x10", "0o7", "1:30", "1,5",
    "5e", ".", "", "-", "e3", "_1", "1 2", "½", "５", "yes", "true", "-1", "0", "1e-10", "100.01",
  ])
  func `other notations and values are refused`(text: String) {
    #expect(throws: RecipeError.self) { try learningRate(text) }
  }

  @Test(arguments: [
    ("128", 128), ("128.0", 128), ("1_000", 1000), ("1e3", 1000), ("+64", 64), ("1.28e2", 128),
  ])
  func `whole numbers have many spellings`(text: String, value: Int) throws {
    #expect(try globalBatch(text).training.globalBatch == value)
  }

  @Test(arguments: ["128.5", "0128", "1e-1", "99999999999999999999", "-128", "1e18", "0b1"])
  func `other numbers aren't whole`(text: String) {
    #expect(throws: RecipeError.self) { try globalBatch(text) }
  }

  /// The dot makes it a number for readers of YAML 1.1, such as PyYAML.
  @Test(arguments: [
    ("1e-5", "1.0e-05"), ("1.5e-7", "1.5e-07"), ("5e-3", "0.005"), ("1", "1.0"),
    ("0.30000000000000004", "0.30000000000000004"),
  ])
  func `numbers are written in one way`(text: String, written: String) throws {
    let recipe = try learningRate(text)
    #expect(recipe.resolved.contains("  learning-rate: \(written)\n"))
  }

  private func learningRate(_ text: String) throws -> Recipe {
    try Recipe(text: "optimizer:\n  learning-rate: \(text)", name: "r.yaml")
  }

  private func globalBatch(_ text: String) throws -> Recipe {
    try Recipe(text: "training:\n  global-batch: \(text)", name: "r.yaml")
  }
}
