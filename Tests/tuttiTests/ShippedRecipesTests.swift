import Foundation
import Support
import Testing
import WorkerRun

extension EndToEnd {
  /// The recipes that come with the program train, with random weights and few photos in the place of what a user
  /// brings. That of Fashion-MNIST is trained by its own data in `SameBitsTests`.
  @Suite struct ShippedRecipesTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "launch/recipes")
      .path
    static let names =
      (try? FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        .filter { $0 != "fashion-mnist.yaml" }) ?? []

    @Test func `there are some`() { #expect(Self.names.count > 6) }

    @Test(arguments: names) func `a recipe trains two steps`(name: String) throws {
      let run = RunFiles(try Scratch.path("run"))
      let settings = [
        "model.weights=none", "training.global-batch=4", "training.micro-batch=2",
        "training.max-steps=2", "training.threads=2",
      ]
      let trained = try tutti(
        [
          "train", "--recipe", "\(Self.folder)/\(name)", "--data", Photos.few, "--run", run.path,
        ] + set(settings))
      #expect(trained.exitCode == 0, "\(trained.errors)")
      #expect(run.checkpoints == [2])
    }
  }
}
