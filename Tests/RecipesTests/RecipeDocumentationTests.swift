import Foundation
import Images
import Recipes
import Testing

/// docs/recipe.md and the recipes in launch/ say what the code does.
@Suite struct RecipeDocumentationTests {
  let page: [Substring]

  init() throws {
    page = try String(contentsOf: root.appending(path: "docs/recipe.md"), encoding: .utf8)
      .split(separator: "\n")
  }

  @Test func `every key has a line with its default and range`() throws {
    let recipe = try Recipe()
    for setting in recipe.settings + recipe.idleSettings {
      let start =
        "| `\(setting.key)` | `\(setting.value)` | \(setting.allowed) | "
        + (setting.affectsResults ? "yes" : "no") + " | "
      let lines = page.filter { $0.hasPrefix(start) && $0.count > start.count + 10 }
      #expect(lines.count == 1, "docs/recipe.md needs the line: \(start)… |")
    }
  }

  @Test func `no line describes a key that isn't there`() throws {
    let recipe = try Recipe()
    let keys = Set((recipe.settings + recipe.idleSettings).map(\.key))
    for line in page where line.hasSuffix("|") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 5, cells[0].hasPrefix("`") else { continue }
      #expect(keys.contains(cells[0].trimmingCharacters(in: ["`"])), "\(line)")
    }
  }

  @Test(arguments: Transforms.all.map { $0.word })
  func `every step of augment has a line`(word: String) {
    #expect(page.count { $0.hasPrefix("| `\(word)` | ") } == 1)
  }

  @Test(arguments: ["flip", "five-crop", "eight"])
  func `a word for views is a name for the list beside it`(word: String) throws {
    let line = try #require(page.first { $0.hasPrefix("| `\(word)` | `[[") })
    let list = line.split(separator: "`")[3]
    let recipe = try Recipe(overrides: ["evaluation.tta=\(word)"])
    #expect(recipe["evaluation.tta"]?.value == word)
    #expect(try Recipe(overrides: ["evaluation.tta=\(list)"]) == recipe)
  }

  @Test func `recipes that come with Tutti are valid`() throws {
    let folder = root.appending(path: "launch/recipes").path
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(names.contains("fashion-mnist.yaml"))
    for name in names { _ = try Recipe(path: "\(folder)/\(name)") }
  }

  @Test func `the photos' recipe has the defaults`() throws {
    let recipe = try Recipe(path: root.appending(path: "launch/recipes/photos-resnet18.yaml").path)
    #expect(try Recipe.differences(old: Recipe(), new: recipe).isEmpty)
  }

  @Test func `the recipe of Fashion-MNIST is for small grey images`() throws {
    let recipe = try Recipe(path: root.appending(path: "launch/recipes/fashion-mnist.yaml").path)
    #expect(recipe.model.imageSize == 28)
    #expect(recipe.augment.last as? Normalize == Normalize(mean: [0.286], std: [0.353]))
  }
}
