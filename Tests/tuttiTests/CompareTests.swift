import Foundation
import Support
import Testing
import WorkerRun
import tutti

extension EndToEnd {
  /// Two models, or two cross-validations, side by side.
  @Suite struct CompareTests {
    private struct Document: Decodable {
      struct Row: Decodable {
        struct Interval: Decodable { let lower, upper: Double }
        struct Folds: Decodable {
          let differences: [Double]
          let interval: Interval
        }
        let first, second: Double
        let interval: Interval
        let folds: Folds?
      }
      struct OneClass: Decodable {
        let name: String
        let photos: Int
        let f1: Row
      }
      struct Test: Decodable {
        let first, second: Int
        let p: Double

        enum CodingKeys: String, CodingKey {
          case p
          case first = "first_alone"
          case second = "second_alone"
        }
      }
      let photos: Int
      let groups: Int?
      let verdict, decided: String
      let metrics: [String: Row]
      let classes: [OneClass]
      let mcnemar: Test

      enum CodingKeys: String, CodingKey {
        case photos, groups, verdict, metrics, classes, mcnemar
        case decided = "decided_by"
      }
    }

    private func compare(_ first: String, _ second: String, _ more: String...) throws -> Document {
      let run = try tutti(["compare", first, second, "--json"] + more)
      try #require(run.exitCode == 0, "\(run.errors)")
      return try JSONDecoder().decode(Document.self, from: Data(run.output.utf8))
    }

    @Test func `tables of the same photos, and what the scores said`() throws {
      let members = try Members.made.get()
      var (tables, scores) = ([String](), [[String: Any]]())
      for path in members.paths.prefix(2) {
        let table = try Scratch.path("answers.csv")
        let run = try tutti(["evaluate", "--model", path, "--csv", table, "--json"])
        tables.append(table)
        scores.append(
          try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]))
      }
      let found = try compare(tables[0], tables[1])
      #expect(found.photos == 101 && found.groups == nil && found.decided == "macro_f1")
      for (key, row) in found.metrics {
        let expected = try scores.map { try #require($0[key] as? Double, "\(key)") }
        #expect(
          abs(row.first - expected[0]) < 1e-12 && abs(row.second - expected[1]) < 1e-12, "\(key)")
        #expect(row.interval.lower <= row.interval.upper && row.folds == nil)
      }
      #expect(found.metrics.count == 11, "\(found.metrics.keys)")
      #expect(found.classes.map(\.photos) == [34, 34, 33])
      let text = try tutti(["compare", tables[0], tables[1], "--metric", "brier-score"])
      #expect(text.output.contains("101 photos, drawn one by one"), "\(text.output)")
      #expect(text.output.contains("Brier is "), "\(text.output)")
      // The same against itself.
      let same = try compare(tables[0], tables[0])
      #expect(same.verdict == "not_apart" && same.mcnemar.p == 1)
      let none = try tutti(["compare", tables[0], tables[1], "--metric", "top-5-accuracy"])
      #expect(none.exitCode == 65 && none.errors.contains("has no value for these photos"))
      #expect(try tutti(["compare", tables[0], tables[1], "--metric", "micro-f1"]).exitCode == 64)
      let untold = try Scratch.copy(of: members.paths[0])
      try FileManager.default.removeItem(atPath: "\(untold)/validation.csv")
      let missing = try tutti(["compare", tables[0], untold])
      #expect(missing.exitCode == 65, "\(missing.errors)")
      #expect(missing.errors.contains("--split validation --csv"), "\(missing.errors)")
    }

    @Test func `cross-validations on one table of folds, of photos in groups`() throws {
      let (folder, manifest) = try Self.grouped()
      let crossvals = try [1, 2].map { seed in
        let crossval = try Crossval(
          ranks: nil,
          set([
            "training.seed=\(seed)", "training.max-steps=6", "data.test=0", "data.validation=0.2",
            "crossval.validation=0.3",
          ]),
          photos: manifest, folds: 3)
        #expect(crossval.run.exitCode == 0, "\(crossval.run.errors)")
        return crossval.folder.path
      }
      _ = folder
      let found = try compare(crossvals[0], crossvals[1])
      #expect(found.groups == 10 && found.photos == 30)
      let folds = try #require(found.metrics["macro_f1"]?.folds)
      #expect(folds.differences.count == 3)
      // Three folds of ten photos.
      let mean = folds.differences.reduce(0, +) / 3
      let squares = folds.differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let reach = 4.302652729911275 * (squares / 2 * (1.0 / 3 + 0.5)).squareRoot()
      #expect(abs(folds.interval.upper - mean - reach) < 0.02 * (reach + 0.01))
      let text = try tutti(["compare"] + crossvals).output
      #expect(text.contains("30 photos, drawn by their 10 groups"), "\(text)")
      #expect(text.contains("over the folds"), "\(text)")
      // A table alone doesn't tell groups.
      let table = "\(crossvals[0])/predictions/oof.csv"
      #expect(try compare(table, "\(crossvals[1])/predictions/oof.csv").groups == nil)
      let scores = try String(contentsOfFile: "\(crossvals[0])/scores.json", encoding: .utf8)
      #expect(scores.contains("\"calibration\":") && scores.contains("\"intervals\":"))
    }

    /// The small photos in a manifest, three of a group.
    private static func grouped() throws -> (folder: String, manifest: String) {
      let folder = try Scratch.path("grouped")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      var (text, count) = ("path,label,group\n", 0)
      for name in Photos.classes {
        for file in try FileManager.default.contentsOfDirectory(atPath: "\(Photos.few)/\(name)")
          .sorted()
        {
          text += "\(Photos.few)/\(name)/\(file),\(name),g\(count / 3)\n"
          count += 1
        }
      }
      let manifest = "\(folder)/photos.csv"
      try Data(text.utf8).write(to: URL(fileURLWithPath: manifest))
      return (folder, manifest)
    }
  }
}
