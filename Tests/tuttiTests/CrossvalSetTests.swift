import Foundation
import Support
import Testing
import WorkerRun
import tutti

extension EndToEnd {
  /// Several recipes and seeds, cross-validated from one queue.
  @Suite struct CrossvalSetTests {
    /// Two recipes with two seeds and three folds each, on one rank.
    private static let reference = Result { try CrossvalMembers(ranks: nil) }

    @Test(arguments: [(2, "2"), (3, "auto"), (4, "1"), (4, "4")])
    func `the same bytes on ranks in teams`(ranks: Int, teams: String) throws {
      let reference = try Self.reference.get()
      #expect(reference.run.exitCode == 0, "\(reference.run.errors)")
      #expect(reference.results.count == 2 + 4 * (2 + 3 * 2))
      let other = try CrossvalMembers(ranks: ranks, ["--parallel-folds", teams])
      #expect(other.run.exitCode == 0, "\(other.run.errors)")
      #expect(other.results == reference.results)
    }

    @Test func `scores of members, of all together and without each, by what is in their tables`()
      throws
    {
      let reference = try Self.reference.get()
      let scores = try reference.json("scores.json")
      let members = try #require(scores["members"] as? [[String: Any]])
      #expect(members.map { $0["name"] as? String } == CrossvalMembers.names)
      let tables = try CrossvalMembers.names.map {
        try reference.probabilities("members/\($0)/predictions/oof.csv", from: 4)
      }
      func accuracy(_ tables: [[[Double]]]) throws -> Double {
        let labels = try reference.rows("predictions/oof.csv").map { $0[1] }
        let hits = labels.indices.count { row in
          let sums = (0..<3).map { label in tables.reduce(0) { $0 + $1[row][label] } }
          return Photos.classes[sums.firstIndex(of: sums.max() ?? 0) ?? 0] == labels[row]
        }
        return Double(hits) / Double(labels.count)
      }
      for (index, member) in members.enumerated() {
        let own = try #require(member["scores"] as? [String: Any])
        #expect(own["accuracy"] as? Double == (try accuracy([tables[index]])))
        var others = tables
        others.remove(at: index)
        let without = try #require(member["ensemble_without"] as? [String: Any])
        #expect(without["accuracy"] as? Double == (try accuracy(others)))
      }
      let ensemble = try #require(scores["ensemble"] as? [String: Any])
      #expect(ensemble["accuracy"] as? Double == (try accuracy(tables)))
      let together = try reference.probabilities("predictions/oof.csv", from: 4)
      for (row, all) in together.enumerated() {
        for (label, p) in all.enumerated() {
          let mean = tables.reduce(0) { $0 + $1[row][label] } / 4
          #expect(abs(p - mean) < 1e-12)
        }
      }
      for name in CrossvalMembers.names {
        #expect(reference.run.output.contains("without \(name)"))
      }
    }

    @Test func `kill -9, then other ranks`() throws {
      let folder = RunFiles(try Scratch.path("set"))
      let third = RunFiles("\(folder.path)/members/a-seed-2/folds/fold-0")
      var isKilled = false
      let run = try tutti(CrossvalMembers.options(folder.path), ranks: 2) { running in
        if !isKilled, third.stepsTaken >= 2, let victim = running.ranks.last {
          Glibc.kill(victim, SIGKILL)
          isKilled = true
        }
      }
      #expect(isKilled && run.exitCode != 0)
      // Without naming them again.
      let second = try tutti(
        ["crossval", "--run", folder.path, "--resume", "auto", "--data", Photos.few], ranks: 3)
      #expect(second.exitCode == 0, "\(second.errors)")
      #expect(CrossvalMembers.results(in: folder) == (try Self.reference.get().results))
    }

    @Test func `a member added later, and one that goes on by itself`() throws {
      let reference = try Self.reference.get()
      let folder = RunFiles(try Scratch.path("set"))
      let first = try CrossvalMembers(ranks: 2, recipes: ["a"], in: folder)
      #expect(first.run.exitCode == 0, "\(first.run.errors)")
      let fold = "\(folder.path)/members/a-seed-2/folds/fold-1/result.json"
      let result = try Data(contentsOf: URL(fileURLWithPath: fold))
      try FileManager.default.removeItem(atPath: fold)
      let alone = try tutti([
        "crossval", "--run", "\(folder.path)/members/a-seed-2", "--resume", "auto", "--data",
        Photos.few,
      ])
      #expect(alone.exitCode == 0, "\(alone.errors)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: fold)) == result)
      let second = try CrossvalMembers(ranks: 2, recipes: ["b"], in: folder)
      #expect(second.run.exitCode == 0, "\(second.run.errors)")
      #expect(second.run.output.contains("; 6 of 12 folds are done\n"))
      #expect(second.results == reference.results)
      #expect(try second.json("members.json")["members"] as? [String] == CrossvalMembers.names)
    }

    @Test func `the folds' models together, and what only one model can do`() throws {
      let reference = try Self.reference.get()
      let path = reference.folder.path
      let scored = try tutti(
        ["evaluate", "--model", path, "--split", "test", "--json", "--data", Photos.few], ranks: 2)
      #expect(scored.exitCode == 0, "\(scored.errors)")
      let train = try tutti(["train", "--run", path, "--resume", "auto"])
      #expect(train.exitCode == 65 && train.complaints[0].contains("is a cross-validation"))
      let again = try CrossvalMembers(ranks: nil, resumes: false, in: reference.folder)
      #expect(again.run.exitCode == 65)
      #expect(again.run.complaints[0].contains("exists already"), "\(again.run.errors)")
    }

    @Test func `a folder of members is taken as one model is, and tells its members`() throws {
      let reference = try Self.reference.get()
      let path = reference.folder.path
      let member = "\(path)/members/a-seed-1"
      let compared = try tutti(["compare", member, path])
      #expect(compared.exitCode == 0, "\(compared.errors)")
      let page = try Scratch.path("doubts.html")
      let doubts = try tutti(["data", "doubts", path, "--html", page])
      #expect(
        doubts.exitCode == 0 && doubts.output.contains("written   \(page)"), "\(doubts.errors)")
      let diagnosed = try tutti(["diagnose", path])
      #expect(diagnosed.exitCode == 65 && diagnosed.errors.contains(member), "\(diagnosed.errors)")
      let scored = try tutti(["evaluate", "--model", path, "--split", "test"])
      #expect(scored.output.contains("\n\(member) "), "\(scored.output)")
      #expect(scored.output.contains("\nwithout \(member) "), "\(scored.output)")
      #expect(!scored.output.contains("fold-0"))
      let report = try String(contentsOfFile: "\(path)/report.html", encoding: .utf8)
      #expect(report.contains("4 cross-validations of the same photos"))
    }

    @Test func `what members have in common need not be said again`() throws {
      let reference = try Self.reference.get()
      let path = try Scratch.copy(of: reference.folder.path)
      func crossval(_ options: [String]) throws -> WorkerRun {
        try tutti(["crossval", "--run", path, "--resume", "auto"] + options)
      }
      let other = try Scratch.path("a.yaml")
      let text = try String(contentsOfFile: CrossvalMembers.recipe("a"), encoding: .utf8)
      try Data("\(text)\noptimizer:\n  learning-rate: 0.03\n".utf8).write(
        to: URL(fileURLWithPath: other))
      for dryRun in [[], ["--dry-run"]] {
        let changed = try crossval(["--recipe", other, "--seeds", "1"] + dryRun)
        #expect(changed.exitCode == 65, "\(changed.output)")
        #expect(changed.errors.contains("give the recipe's file another name"), "\(changed.errors)")
        let folds = try crossval(["--folds", "4"] + dryRun)
        #expect(
          folds.exitCode == 65 && folds.errors.contains("was begun with 3 folds"), "\(folds.errors)"
        )
      }
      let third = try Scratch.path("c.yaml")
      try FileManager.default.copyItem(atPath: other, toPath: third)
      let added = try crossval(["--recipe", third])
      #expect(added.exitCode == 0, "\(added.errors)")
      #expect(added.output.contains("; 12 of 15 folds are done"), "\(added.output)")
      #expect(added.output.contains("ensemble fit"), "\(added.output)")
      try FileManager.default.moveItem(
        atPath: "\(path)/members/b-seed-1", toPath: "\(path)/b-seed-1")
      let gone = try tutti(["evaluate", "--model", path])
      #expect(
        gone.exitCode == 65 && gone.errors.contains("b-seed-1, a member of"), "\(gone.errors)")
    }

    @Test func `what one member has of its own is not the others'`() throws {
      let folder = try Scratch.path("set")
      let recipes = try ["data: {sampling: inverse-frequency}", "loss: {label-smoothing: 0.1}"]
        .enumerated().map { place, line in
          let path = try Scratch.path("own-\(place).yaml")
          try Data("\(line)\n".utf8).write(to: URL(fileURLWithPath: path))
          return path
        }
      let settings = set(
        Photos.settings + [
          "training.global-batch=8", "training.micro-batch=2", "training.max-steps=2",
          "data.test=0.2",
        ])
      let command =
        ["crossval", "--recipe"] + recipes
        + ["--folds", "2", "--data", Photos.few, "--run", folder, "--resume", "auto"] + settings
      for _ in 0..<2 {
        let run = try tutti(command)
        #expect(run.exitCode == 0, "\(run.errors)")
      }
      let second = try String(
        contentsOfFile: "\(folder)/members/own-1/recipe.yaml", encoding: .utf8)
      #expect(second.contains("sampling: none") && second.contains("label-smoothing: 0.1"))
    }

    @Test(arguments: [
      (["--recipe", "a", "folds"], 65, "a and folds have other numbers of folds"),
      (["--recipe", "a", "classes"], 65, "a and classes have other photos"),
      (["--recipe", "a", "a"], 64, "two members would be called a"),
      (
        ["--recipe", "a", "--seeds", "1", "--set", "training.seed=3"], 64,
        "--seeds and --set training.seed"
      ),
      (["--recipe", "a", "b", "--time-limit", "1h"], 64, "shortens one recipe's epochs"),
    ])
    func `what can't be a set`(options: [String], code: Int, message: String) throws {
      let folder = try Scratch.path("set")
      let run = try tutti(
        ["crossval", "--data", Photos.few, "--run", folder]
          + options.map {
            ["a", "b", "folds", "classes"].contains($0) ? CrossvalMembers.recipe($0) : $0
          })
      #expect(run.exitCode == Int32(code), "\(run.errors)")
      #expect(run.errors.contains(message), "\(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder))
    }
  }
}

/// Cross-validations of the small photos: recipes a and b with seeds 1 and 2.
private struct CrossvalMembers {
  static let names = ["a-seed-1", "a-seed-2", "b-seed-1", "b-seed-2"]

  let folder: RunFiles
  let run: WorkerRun

  init(
    ranks: Int?, _ more: [String] = [], recipes: [String] = ["a", "b"], resumes: Bool = true,
    in folder: RunFiles? = nil
  ) throws {
    let folder = try folder ?? RunFiles(Scratch.path("set"))
    self.folder = folder
    run = try tutti(
      Self.options(folder.path, recipes: recipes, resumes: resumes) + more, ranks: ranks)
  }

  static func options(
    _ folder: String, recipes: [String] = ["a", "b"], resumes: Bool = true
  ) -> [String] {
    ["crossval", "--recipe"] + recipes.map(recipe) + [
      "--seeds", "1", "2", "--data", Photos.few, "--run", folder,
    ] + (resumes ? ["--resume", "auto"] : [])
  }

  /// A recipe's file; `folds` has four folds, `classes` other test photos.
  static func recipe(_ name: String) -> String {
    guard let folder = try? Scratch.path("recipes") else { return name }
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    let path = "\(folder)/\(name).yaml"
    let text = """
      model: {name: cifar-resnet\(name == "b" ? 14 : 8), image-size: 32}
      data: {test: \(name == "classes" ? 0.3 : 0.2)}
      training: {threads: 1, epochs: 4, global-batch: 8, micro-batch: 2}
      crossval: {folds: \(name == "folds" ? 4 : 3)}
      checkpoint: {every-steps: 2}
      """
    try? text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  var results: [String: Data] { Self.results(in: folder) }

  /// The files of results, byte for byte.
  static func results(in folder: RunFiles) -> [String: Data] {
    (try? folder.contents().filter { name, _ in
      name.hasSuffix(".csv") || name.hasSuffix("result.json") || name.hasSuffix("scores.json")
    }) ?? [:]
  }

  func json(_ file: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(file)"))
    return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  /// Without the first.
  func rows(_ file: String) throws -> [[String]] {
    try String(contentsOfFile: "\(folder.path)/\(file)", encoding: .utf8).split(separator: "\n")
      .dropFirst().map { $0.split(separator: ",").map(String.init) }
  }

  func probabilities(_ file: String, from column: Int) throws -> [[Double]] {
    try rows(file).map { $0[column...].compactMap(Double.init) }
  }
}
