import Foundation
import Support
import Testing
import WorkerRun

extension EndToEnd {
  /// `tutti recipe`, which looks at recipes before a job does.
  @Suite struct RecipeCommandTests {
    private static func recipe(_ text: String) throws -> String {
      let path = try Scratch.path("recipe.yaml")
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      return path
    }

    @Test func `check and show take settings as train does`() throws {
      let file = try Self.recipe("training: {seed: 1}\n")
      let changes = set(["training.epochs=3", "model.image-size=96"])
      let shown = try tutti(["recipe", "show", file] + changes)
      #expect(shown.exitCode == 0, "\(shown.errors)")
      #expect(shown.output == "model:\n  image-size: 96\ntraining:\n  epochs: 3\n  seed: 1\n")
      let good = try tutti(["recipe", "check", file] + changes)
      #expect(good.output == "\(file): good, 3 keys not at their defaults\n")
      let bad = try tutti(["recipe", "check", file] + set(["training.epochs=0"]))
      #expect(bad.exitCode == 65)
      #expect(bad.errors.contains("--set training.epochs=0: `training.epochs` is `0`; allowed: "))
    }

    @Test func `a cut of the table isn't asked of a list of all`() throws {
      let run = try tutti(["predict", "--model", "m", "--csv", "--top", "2", "photos"])
      #expect(run.exitCode == 64 && run.errors.contains("leave it out"), "\(run.errors)")
    }
  }
}
