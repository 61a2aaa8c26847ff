import Files
import Foundation
import Glibc
import Recipes
import Testing

/// Files that aren't recipes, or are made to cost more than any recipe, are refused with a sentence.
@Suite struct HostileRecipeTests {
  /// What is wrong with a recipe.
  private static func problems(_ text: String) throws -> [String] {
    try #require(throws: RecipeError.self) { try Recipe(text: text, name: "r.yaml") }.problems
  }

  @Test func `of thousands of keys, some are told and the others counted`() throws {
    let keys = (0..<20_000).map { "key\($0): 1\n" }.joined()
    for text in [keys, "training:\n" + keys.replacing("key", with: "  key")] {
      let problems = try Self.problems(text)
      #expect(problems.count == 21)
      #expect(problems.last == "and 19980 more, which are told when these are mended")
    }
  }

  @Test func `values that are wrong count, too`() throws {
    let known = try Recipe().settings.map(\.key).filter { $0.contains(".") && $0 != "data.path" }
    let problems = try Self.problems(known.map { "\($0): {}\n" }.joined())
    #expect(problems.count == 21)
    #expect(problems.last == "and \(known.count - 20) more, which are told when these are mended")
  }

  /// Each level has nine of the one before: 9 to the power of 12.
  private static let bomb =
    "a0: &a0 [x]\n"
    + (1...12).map { level in
      "a\(level): &a\(level) ["
        + [String](repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
    }.joined()

  @Test(arguments: [bomb, bomb + "? *a12\n: 1\n", bomb + "training: {? *a12 : 1}\n"])
  func `a bomb of aliases is refused before it is one`(text: String) throws {
    let count = text.count { $0 == "*" }
    #expect(
      try Self.problems(text) == [
        "r.yaml: \(count) aliases (`*name`), of which a recipe may have 10; write out what they stand for"
      ])
  }

  @Test func `ten aliases are taken, as are stars that are none`() throws {
    let aliases = [String](repeating: "*s", count: 10).joined(separator: ", ")
    let patterns = try Recipe(text: "fine-tuning: {freeze: [&s stem, \(aliases)]}", name: "r.yaml")
    #expect(patterns.fineTuning.freeze.count == 11)
    let stars = (0..<20).map { "\"*.bias\($0)\"" }.joined(separator: ", ")
    let recipe = try Recipe(
      text: "# *a *b &c\nfine-tuning: {freeze: [\(stars)]}\ndata: {path: 'R &D *D'}", name: "r.yaml"
    )
    #expect(recipe.fineTuning.freeze.count == 20)
  }

  @Test(arguments: ["[", "{a: ", "- ", "? ", "a:\n", "[{", "!!x ", "&a ", "\"", "*", "{? ", "- ? "])
  func `nesting ends in a sentence`(opening: String) throws {
    #expect(try !Self.problems(String(repeating: opening, count: 30_000)).isEmpty)
    let indented = (0..<300).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    #expect(try !Self.problems(indented).isEmpty)
  }

  @Test(arguments: ["caf\u{E9}: 1\ncafe\u{301}: 2", "training: {\u{E9}: 1, e\u{301}: 2}"])
  func `keys that differ in normal form alone are both refused`(text: String) throws {
    #expect(try !Self.problems(text).isEmpty)
  }

  @Test func `a long name is told in part`() throws {
    let name = String(repeating: "e\u{301}", count: 20_000)
    for text in [
      "\(name): 1", "training: {\(name): 1}", "training: {epochs: \(name)}", "augment: [\(name)]",
      "augment: [resize: {\(name): 1}, normalize]", "optimizer: {groups: [{\(name): x}]}",
      "\(name): 1\n\(name): 2",
    ] {
      #expect(try Self.problems(text).joined().utf8.count < 600)
    }
  }

  @Test func `pipes and files of any length are not read`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "recipe-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (pipe, sparse) = (folder.path + "/pipe.yaml", folder.path + "/sparse.yaml")
    try #require(mkfifo(pipe, 0o600) == 0)
    #expect(throws: RecipeError.self) { try Recipe(path: pipe) }
    #expect(throws: FileError.self) { try SavedRecipe(file: pipe) }
    let file = open(sparse, O_CREAT | O_WRONLY, 0o600)
    try #require(ftruncate(file, 1 << 40) == 0)
    close(file)
    let error = try #require(throws: RecipeError.self) { try Recipe(path: sparse) }
    #expect(
      error.description
        == "\(sparse) has 1099511627776 bytes, and a file of its kind at most 65536; is it the right one?"
    )
    #expect(throws: OverlongFile.self) { try SavedRecipe(file: sparse) }
  }

  @Test func `a run's recipe that isn't text is refused`() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "r-\(UUID().uuidString).yaml")
    try Data([0x61, 0xFF]).write(to: path)
    defer { try? FileManager.default.removeItem(at: path) }
    #expect(throws: RecipeError.self) { try SavedRecipe(file: path.path) }
  }
}
