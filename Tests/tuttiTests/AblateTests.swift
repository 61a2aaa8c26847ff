import Foundation
import Support
import Testing
import WorkerRun
import tutti

extension EndToEnd {
  /// What parts of a recipe bring.
  @Suite struct AblateTests {
    private static let recipe = Result {
      let path = try Scratch.path("whole.yaml")
      let text = """
        model: {name: cifar-resnet8, image-size: 32}
        data: {test: 0.2}
        training: {threads: 1, epochs: 3, global-batch: 8, micro-batch: 2, seed: 7}
        crossval: {folds: 3}
        loss: {label-smoothing: 0.2}
        mixing: {mixup: 0.4}
        """
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      return path
    }

    private static func ablate(
      ranks: Int?, _ drops: [String], seeds: Int = 2, in folder: String
    ) throws -> WorkerRun {
      try tutti(
        [
          "ablate", "--recipe", try recipe.get(), "--data", Photos.few, "--run", folder,
          "--resume", "auto", "--seeds", "\(seeds)", "--drop",
        ] + drops, ranks: ranks)
    }

    @Test func `same bytes on other ranks, and with a part added later`() throws {
      let one = try Scratch.path("one")
      let first = try Self.ablate(ranks: nil, ["mixing", "loss.label-smoothing"], in: one)
      #expect(first.exitCode == 0, "\(first.errors)")
      let other = try Scratch.path("other")
      let half = try Self.ablate(ranks: 3, ["mixing"], in: other)
      #expect(half.exitCode == 0, "\(half.errors)")
      let whole = try Self.ablate(ranks: 2, ["mixing", "loss.label-smoothing"], in: other)
      #expect(whole.exitCode == 0, "\(whole.errors)")
      #expect(whole.output.contains("; 12 of 18 folds are done\n"))
      for file in ["ablation.json", "scores.json", "predictions/oof.csv", "members.json"] {
        let bytes = try [one, other].map {
          try Data(contentsOf: URL(fileURLWithPath: "\($0)/\(file)"))
        }
        #expect(bytes[0] == bytes[1], "\(file)")
      }
      try Self.check(one, whole.output)
    }

    /// The numbers are the members', and a row tells whether they are resolved.
    private static func check(_ folder: String, _ output: String) throws {
      func json(_ file: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)"))
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
      }
      let members = try #require(json("scores.json")["members"] as? [[String: Any]])
      func accuracy(_ name: String) throws -> Double {
        let scores = try [7, 8].map { seed in
          try #require(members.first { $0["name"] as? String == "\(name)-seed-\(seed)" })["scores"]
            as? [String: Any]
        }
        return scores.reduce(0) { $0 + ($1?["accuracy"] as? Double ?? .nan) } / 2
      }
      let ablation = try json("ablation.json")
      #expect(ablation["seeds"] as? [Int] == [7, 8] && ablation["photos"] as? Int == 24)
      let parts = try #require(ablation["parts"] as? [[String: Any]])
      #expect(parts.map { $0["name"] as? String } == ["mixing", "loss.label-smoothing"])
      for (part, name) in zip(parts, ["without-mixing", "without-loss.label-smoothing"]) {
        let gain = try #require(part["accuracy"] as? [String: Any])
        #expect(abs(try #require(gain["first"] as? Double) - accuracy(name)) < 1e-12)
        #expect(abs(try #require(gain["second"] as? Double) - accuracy("all")) < 1e-12)
        let interval = try #require(gain["interval"] as? [String: Double])
        let holdsZero = try #require(interval["lower"]) <= 0 && #require(interval["upper"]) >= 0
        let row = try #require(
          output.split(separator: "\n").first { $0.hasPrefix(part["name"] as? String ?? "?") })
        if holdsZero { #expect(row.contains("not resolved")) }
      }
    }

    @Test func `without --drop, what there is to leave out`() throws {
      let run = try tutti(["ablate", "--recipe", try Self.recipe.get()])
      #expect(run.exitCode == 0 && run.lines.contains("  mixing.mixup"), "\(run.output)")
    }

    @Test(arguments: [
      (["mixin"], 65, "there is no `mixin` to leave out"),
      (["evaluation.tta"], 65, "the recipe has no `evaluation.tta`"),
      (["mixing", "mixing"], 64, "--drop names mixing twice"),
    ])
    func `what can't be left out`(drops: [String], code: Int, message: String) throws {
      let folder = try Scratch.path("ablation")
      let run = try Self.ablate(ranks: 2, drops, in: folder)
      #expect(run.exitCode == Int32(code), "\(run.errors)")
      #expect(run.errors.contains(message), "\(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder))
    }
  }
}
