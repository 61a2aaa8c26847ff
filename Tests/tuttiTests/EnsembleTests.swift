import Foundation
import Support
import Testing
import tutti
import WorkerRun

extension EndToEnd {
  /// Several models on the same photos.
  @Suite struct EnsembleTests {
    let members: Members
    var photos: String { members.photos }
    var paths: [String] { members.paths }

    init() throws { members = try Members.made.get() }

    private func evaluate(
      _ models: [String], _ options: String..., ranks: Int? = nil
    ) throws -> WorkerRun {
      try tutti(["evaluate", "--model"] + models + options, ranks: ranks)
    }

    @Test func `JSON is the same for any number of ranks, each photo counted once`() throws {
      let alone = try evaluate(paths, "--json")
      #expect(alone.exitCode == 0, "\(alone.errors)")
      for ranks in [1, 3, 4] {
        let run = try evaluate(paths, "--json", ranks: ranks)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.output == alone.output, "\(ranks) ranks")
      }
      let document = try #require(try json(alone) as? [String: Any])
      let members = try #require(document["members"] as? [[String: Any]])
      let ensemble = try #require(document["ensemble"] as? [String: Any])
      let scores = members.compactMap { $0["scores"] as? [String: Any] } + [ensemble]
      #expect(scores.count == 4)
      for scores in scores {
        #expect(scores["photos"] as? Int == 101)
        let matrix = try #require(scores["confusion_matrix"] as? [[Int]])
        #expect(matrix.map { $0.reduce(0, +) } == [34, 34, 33])
      }
    }

    @Test
    func `a member's scores are those that it has alone, unless its batches are others`() throws {
      let together = try #require(try json(evaluate(paths, "--json")) as? [String: Any])
      let members = try #require(together["members"] as? [[String: Any]])
      for (path, member) in zip(paths, members) {
        let alone = try evaluate([path], "--json", "--set", "evaluation.micro-batch=8")
        let scores = try #require(member["scores"] as? NSDictionary)
        #expect(try json(alone) as? NSDictionary == scores)
        #expect((member["model"] as? String)?.hasPrefix("\(path)/checkpoints/step-") == true)
      }
    }

    @Test func `the ensemble's scores are those of the members' mean probabilities`() throws {
      let tables = try paths.map { path in
        let run = try tutti(
          ["predict", "--model", path, "--csv", "\(photos)/test", "--set"]
            + ["evaluation.micro-batch=8"])
        return run.lines.dropFirst().map { $0.split(separator: ",") }
      }
      var correct = 0
      var loss = 0.0
      for row in 0..<101 {
        let name = try #require(tables[0][row][0].split(separator: "/").dropLast().last)
        let label = try #require(Photos.classes.firstIndex(of: String(name)))
        let means = Photos.classes.indices.map { index in
          tables.map { Double($0[row][2 + index]) ?? .nan }.reduce(0, +) / 3
        }
        if means.max() == means[label] { correct += 1 }
        loss -= log(means[label]) / 101
      }
      let document = try #require(try json(evaluate(paths, "--json")) as? [String: Any])
      let scores = try #require(document["ensemble"] as? [String: Any])
      // JSONSerialization reads some numbers one bit off: 89/101, for one.
      let accuracy = try #require(scores["accuracy"] as? Double)
      #expect(abs(accuracy - Double(correct) / 101) < 1e-15)
      let found = try #require(scores["loss"] as? Double)
      #expect(abs(found - loss) < 1e-12)
      // Or the models are so alike, or so good, that the mean is nobody's.
      let others = try #require(document["members"] as? [[String: Any]])
        .compactMap { ($0["scores"] as? [String: Any])?["loss"] as? Double }
      #expect(others.count == 3 && others.allSatisfy { abs($0 - found) > 1e-6 })
    }

    @Test func `people get a table of the models, then the ensemble's classes`() throws {
      let text = try evaluate([paths[0], paths[1]], "--model", paths[2]).output
      #expect(text.hasPrefix("3 models on the test photos of \(photos)\n"))
      for line in [
        #"model +accuracy +balanced +macro F1 +weighted F1 +kappa +loss"#,
        #"\#(paths[1])/checkpoints/step-\d{8}( +\d\.\d{3}){6}"#,
        #"ensemble( +\d\.\d{3}){6}"#, #"disc +[\d.]+ +[\d.]+ +[\d.]+ +[\d.–]+ +34"#,
      ] {
        #expect(try text.contains(Regex("(?m)^\(line)$")), "\(line)")
      }
    }

    @Test func `RUN is the best checkpoint, RUN@last the newest`() throws {
      let run = RunFiles(try Scratch.copy(of: paths[0]))
      let newest = try #require(run.checkpoints.last)
      let best = Int(try #require(try run.best(inCheckpoint: newest)?["step"]))
      try #require(best != newest, "nothing to tell apart")
      for (path, step) in [(run.path, best), ("\(run.path)@last", newest)] {
        let found = try evaluate([path]).output
        #expect(found.hasPrefix("\(run.checkpoint(step)) on the test photos of \(photos)\n"))
        let scores = try evaluate([path], "--json").output
        #expect(try evaluate([run.checkpoint(step)], "--json").output == scores)
      }
      let missing = try evaluate(["\(run.path)x@last"], ranks: 2)
      #expect(missing.exitCode == 65)
      #expect(missing.complaints.first?.contains("copyx is neither a run's folder") == true)
    }

    @Test func `a cross-validation's folder is all its folds' models`() throws {
      let folder = try Scratch.path("crossval")
      let trained = try tutti(
        ["crossval", "--data", photos, "--folds", "2", "--run", folder]
          + set(Members.settings + ["training.epochs=2", "crossval.validation=0.2"]))
      try #require(trained.exitCode == 0, "\(trained.errors)")
      let folds = (0..<2).map { "\(folder)/folds/fold-\($0)" }
      let all = try evaluate([folder + "/"], "--json")
      #expect(all.exitCode == 0, "\(all.errors)")
      #expect(try all.output == evaluate(folds, "--json").output)
      #expect(
        try evaluate([folder + "@last"], "--json").output
          == evaluate(folds.map { "\($0)@last" }, "--json").output)
      let others = try evaluate([folder], "--data", Photos.few, "--split", "train")
      #expect(others.exitCode == 0 && others.output.contains("30 photos"), "\(others.errors)")

      let validated = try evaluate([folder], "--split", "validation", ranks: 2)
      #expect(validated.exitCode == 65 && validated.complaints.count == 1)
      #expect(validated.complaints.first?.contains("predictions/oof.csv") == true)
      let mixed = try evaluate(folds, "--split", "validation")
      #expect(mixed.exitCode == 65)
      #expect(mixed.complaints.first?.contains("don't have the same validation photos") == true)

      try FileManager.default.removeItem(atPath: "\(folds[1])/result.json")
      let unfinished = try evaluate([folder], ranks: 2)
      #expect(unfinished.exitCode == 65)
      #expect(
        unfinished.complaints == [
          "tutti: fold 1 of \(folder) isn't finished; go on with it first: tutti crossval --run "
            + "\(folder) --resume auto"
        ])
    }

    @Test func `models that may have trained on each other's photos are refused`() throws {
      let one = ["training.max-steps=1"]
      let others = try Photos.folder(train: 41, validation: 12, test: 101)
      let stranger = try Members.train(on: others, one)
      let refused = try evaluate([paths[0], stranger.path], ranks: 2)
      #expect(refused.exitCode == 65 && refused.output.isEmpty)
      #expect(refused.complaints.count == 1)
      let line = try #require(refused.complaints.first)
      #expect(line.contains("\(paths[0])/checkpoints") && line.contains(stranger.path))
      #expect(line.contains("don't have the same test photos") && line.contains("--data"))
      let allowed = try evaluate([paths[0], stranger.path], "--data", photos)
      #expect(allowed.exitCode == 0, "\(allowed.errors)")

      // The same photos, cut otherwise.
      let runs = try [42, 43].map {
        try Members.train(on: Photos.few, one + ["data.test=0.3", "data.split-seed=\($0)"]).path
      }
      let cut = try evaluate(runs)
      #expect(cut.exitCode == 65)
      #expect(cut.complaints.first?.contains("don't have the same test photos") == true)
    }

    @Test func `models of other classes are refused`() throws {
      let copy = try Scratch.copy(of: Photos.few)
      try FileManager.default.removeItem(atPath: "\(copy)/disc")
      let fewer = try Members.train(on: copy, ["training.max-steps=1", "data.validation=0.2"])
      let refused = try evaluate([paths[0], fewer.path], "--data", photos, ranks: 2)
      #expect(refused.exitCode == 65 && refused.complaints.count == 1)
      #expect(
        refused.complaints.first?.contains(
          "knows the classes cross, disc, stripes, but \(fewer.path)/checkpoints/step-00000001 "
            + "cross, stripes; an ensemble needs the same in the same order") == true)
    }
  }
}
