import Foundation
import Support
import Testing
import WorkerRun

extension EndToEnd {
  /// Ensembles whose weights are fitted, and what takes them like a model.
  @Suite struct FittedEnsembleTests {
    /// Two cross-validations of one fold table that differ in size, normalisation and views, in one folder.
    struct Folds {
      static let made = Result { try Folds() }
      let folder: String
      var paths: [String] { ["a", "b"].map { "\(folder)/\($0)" } }

      private init() throws {
        folder = try Scratch.path("tree")
        let differences = [
          ["training.seed=1"],
          [
            "training.seed=2", "model.image-size=24", "evaluation.tta=flip",
            "augment=[{resize: {interpolation: bicubic}}, {normalize: {mean: [0.4, 0.3, 0.2], std: [0.3, 0.25, 0.2]}}]",
          ],
        ]
        for (path, settings) in zip(["a", "b"].map { "\(folder)/\($0)" }, differences) {
          let made = try Crossval(ranks: 2, set(settings), in: RunFiles(path), folds: 3)
          guard made.run.exitCode == 0 else { throw Failed(description: made.run.errors) }
        }
      }

      private struct Failed: Error, CustomStringConvertible { let description: String }
    }

    private func fit(
      _ members: [String], _ output: String, _ options: String..., ranks: Int? = nil
    ) throws -> WorkerRun {
      try tutti(["ensemble", "fit"] + members + ["--output", output] + options, ranks: ranks)
    }

    private func document(_ path: String) throws -> [String: Any] {
      let data = try Data(contentsOf: URL(filePath: path))
      return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func rows(_ path: String) throws -> [[String]] {
      try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        .map { $0.split(separator: ",").map(String.init) }
    }

    @Test(arguments: [["--weights", "greedy"], ["--weights", "logistic"], ["--no-temperature"]])
    func `folds make the same bytes at any number of ranks`(options: [String]) throws {
      let folds = try Folds.made.get()
      let path = "\(folds.folder)/ensemble"
      let all = try [nil, 1, 2, 3, 4].map { ranks in
        let run = try tutti(
          ["ensemble", "fit"] + folds.paths + ["--output", path] + options, ranks: ranks)
        #expect(run.exitCode == 0, "\(run.errors)")
        defer { try? FileManager.default.removeItem(atPath: path) }
        return (try RunFiles(path).contents(), run.output)
      }
      #expect(
        all[0].0.keys.sorted() == [
          "ensemble.json", "predictions/oof.csv", "report.html", "scores.json",
        ])
      for (files, output) in all { #expect(files == all[0].0 && output == all[0].1) }
    }

    @Test func `an ensemble of folds answers by its weights and temperature`() throws {
      let folds = try Folds.made.get()
      let path = try Scratch.path("ensemble")
      let made = try fit(folds.paths, path, "--weights", "mean", "--average", "logits")
      #expect(made.exitCode == 0, "\(made.errors)")
      let ensemble = try document("\(path)/ensemble.json")
      #expect(ensemble["fitted_on"] as? String == "out-of-fold")
      let temperature = try #require(ensemble["temperature"] as? Double)
      #expect(temperature != 1)
      let members = try #require(ensemble["members"] as? [[String: Any]])
      #expect(members.map { $0["weight"] as? Double } == [0.5, 0.5])

      // The rows are the members', in their order.
      let (own, oof) = (
        try rows("\(path)/predictions/oof.csv"), try rows("\(folds.paths[0])/predictions/oof.csv")
      )
      #expect(own.map { $0.prefix(3) } == oof.map { $0.prefix(3) })
      let scores = try document("\(path)/scores.json")
      let honest = try #require(scores["cross_fitted"] as? [String: Any])
      let losses = own.dropFirst().map { row in
        -log(Double(row[4 + Photos.classes.firstIndex(of: row[1])!])!)
      }
      let loss = try #require(honest["loss"] as? Double)
      #expect(abs(loss - losses.reduce(0, +) / Double(losses.count)) < 1e-12)

      // Each photo by the mean of six models' logits, of two sizes and one of two views.
      let asked = ["\(Photos.few)/disc/01.jpg", "\(Photos.few)/stripes/02.jpg"]
      func answers(_ model: String) throws -> [[Double]] {
        try tutti(["predict", "--model", model, "--csv"] + asked).lines.dropFirst().map {
          $0.split(separator: ",").suffix(3).compactMap { Double($0) }
        }
      }
      let each = try folds.paths.flatMap { path in
        try (0..<3).map { try answers("\(path)/folds/fold-\($0)") }
      }
      let together = try answers(path)
      for row in asked.indices {
        let logits = (0..<3).map { answer in
          each.reduce(0) { $0 + log($1[row][answer]) } / 6 / temperature
        }
        let sum = logits.reduce(0) { $0 + exp($1) }
        for answer in 0..<3 {
          #expect(abs(together[row][answer] - exp(logits[answer]) / sum) < 1e-9)
        }
      }
      let runs = try [1, 3].map {
        try tutti(["evaluate", "--model", path, "--json"], ranks: $0)
      }
      #expect(runs[0].exitCode == 0, "\(runs[0].errors)")
      #expect(runs[0].output == runs[1].output)
      let told = try #require(try json(runs[0]) as? [String: Any])
      #expect((told["members"] as? [Any])?.count == 2)
      let seen = try tutti(["evaluate", "--model", path, "--split", "validation"])
      #expect(seen.exitCode == 65, "the folds' models were trained on these")
      let doubts = try tutti(["data", "doubts", path])
      #expect(doubts.exitCode == 0, "\(doubts.errors)")
      let photos = try tutti(["predict", "--model", folds.paths[0], path])
      #expect(photos.complaints.first?.contains("\(path) is a model, not photos") == true)
    }

    @Test func `a tree that is moved as a whole stays an ensemble, a changed member ends it`()
      throws
    {
      let folds = try Folds.made.get()
      let tree = try Scratch.copy(of: folds.folder)
      let path = "\(tree)/below/ensemble"
      #expect(try fit(["a", "b"].map { "\(tree)/\($0)" }, path, "--weights", "mean").exitCode == 0)
      #expect(
        try String(contentsOfFile: "\(path)/ensemble.json", encoding: .utf8)
          .contains("\"../../a/folds/fold-0/checkpoints/step-"))
      let before = try tutti(["evaluate", "--model", path, "--json"])
      let moved = try Scratch.path("moved")
      try FileManager.default.moveItem(atPath: tree, toPath: moved)
      let after = try tutti(
        ["evaluate", "--model", "\(moved)/below/ensemble/", "--json"], ranks: 2)
      #expect(after.exitCode == 0, "\(after.errors)")
      let scores = try [before, after].map {
        try (json($0) as? [String: Any])?["ensemble"] as? NSDictionary
      }
      #expect(scores[0] != nil && scores[0] == scores[1])
      #expect(after.output.contains("\"\(moved)/a\""))

      let file = "\(moved)/below/ensemble/ensemble.json"
      let text = try String(contentsOfFile: file, encoding: .utf8)
      let digest = try #require(try text.firstMatch(of: Regex("\"sha256\" : \"([0-9a-f]{64})\"")))
      func evaluate(_ text: String) throws -> WorkerRun {
        try Data(text.utf8).write(to: URL(filePath: file))
        return try tutti(["evaluate", "--model", "\(moved)/below/ensemble"], ranks: 2)
      }
      let known = String(try #require(digest.output[1].substring))
      let changed = try evaluate(
        text.replacingOccurrences(of: known, with: String(repeating: "0", count: 64)))
      #expect(changed.exitCode == 65 && changed.complaints.count == 1)
      #expect(
        changed.complaints.first?.contains(
          "aren't those that \(moved)/below/ensemble was fitted with")
          == true)
      let damaged = try evaluate(
        text.replacingOccurrences(of: "\"weight\" : 0.5", with: "\"weight\" : 0.6"))
      #expect(
        damaged.complaints.first?.contains("ensemble.json is damaged; fit the ensemble anew")
          == true)
      let cut = try evaluate(String(text.prefix(text.count / 2)))
      #expect(cut.exitCode == 65)
      #expect(cut.complaints.first?.contains("ensemble.json is damaged") == true)
      try FileManager.default.removeItem(atPath: "\(moved)/b/folds")
      let missing = try evaluate(text)
      #expect(missing.exitCode == 65 && missing.complaints.count == 1)
      #expect(
        missing.complaints.first?.contains("a member of \(moved)/below/ensemble, isn't there")
          == true)
    }

    @Test func `what can't be fitted is refused in a sentence, and leaves nothing`() throws {
      let folds = try Folds.made.get()
      let run = try Members.made.get().paths[0]
      let parent = try Scratch.path("parent")
      let path = "\(parent)/ensemble"
      func refuse(_ members: [String], _ options: String..., says: String) throws {
        let run = try tutti(
          ["ensemble", "fit"] + members + ["--output", path] + options, ranks: 2)
        #expect(run.exitCode == 65 && run.complaints.count == 1, "\(run.errors)")
        #expect(run.complaints.first?.contains(says) == true, "\(run.complaints)")
        #expect(!FileManager.default.fileExists(atPath: path))
      }
      try refuse([folds.paths[0], run], says: "is a cross-validation and \(run) is not")
      try refuse([folds.paths[0], folds.paths[0]], says: "is named twice")
      try refuse(
        folds.paths, "--weights", "logistic", "--average", "probabilities",
        says: "a logistic regression's weights are those of logits")
      try refuse(["\(parent)/none"], says: "none")
      try refuse(
        folds.paths, "--set", "evaluation.tta=flip",
        says: "--set evaluation.tta=flip has no effect on cross-validations")

      let other = try Scratch.copy(of: folds.paths[1])
      let table = "\(other)/predictions/oof.csv"
      let rows = try String(contentsOfFile: table, encoding: .utf8)
      func write(_ text: String) throws { try Data(text.utf8).write(to: URL(filePath: table)) }
      let line = try #require(rows.split(separator: "\n").dropFirst().first)
      let fields = line.split(separator: ",").map(String.init)
      let fold = fields[2] == "0" ? "1" : "0"
      try write(
        rows.replacingOccurrences(
          of: "\(fields[0]),\(fields[1]),\(fields[2]),",
          with: "\(fields[0]),\(fields[1]),\(fold),"))
      try refuse(
        [folds.paths[0], other],
        says:
          "aren't of one fold table: \(fields[0]) is in fold \(fields[2]) of one and in fold \(fold)"
      )
      try write(rows.replacingOccurrences(of: String(line) + "\n", with: ""))
      try refuse([folds.paths[0], other], says: "photos in one and")
      try write(rows.replacingOccurrences(of: "p_disc", with: "p_ring"))
      try refuse([folds.paths[0], other], says: "damaged")
      try write(String(rows.dropLast(20)))
      try refuse([folds.paths[0], other], says: "damaged")
      try FileManager.default.removeItem(atPath: table)
      try refuse([folds.paths[0], other], says: "has no predictions/oof.csv")

      #expect(try fit(folds.paths, path).exitCode == 0)
      let before = try RunFiles(path).contents()
      let again = try fit(folds.paths, path, ranks: 2)
      #expect(again.exitCode == 65)
      #expect(again.complaints.first?.contains("exists already; name another folder") == true)
      #expect(try RunFiles(path).contents() == before)
      for arguments in [
        ["evaluate", "--model", path, run], ["ensemble", "fit", path, "--output", "\(parent)/two"],
        ["recalibrate", path, "--data", Photos.few, "--run", "\(parent)/two"],
      ] {
        let refused = try tutti(arguments, ranks: 2)
        #expect(refused.exitCode == 65 && refused.complaints.count == 1, "\(refused.errors)")
        #expect(refused.complaints.first?.contains("\(path) is an ensemble, which") == true)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: parent) == ["ensemble"])
    }

    @Test func `runs are fitted on their validation photos, which is told`() throws {
      let members = try Members.made.get()
      let path = try Scratch.path("ensemble")
      let files = try [nil, 3].map { ranks in
        try? FileManager.default.removeItem(atPath: path)
        let run = try fit(
          members.paths, path, "--weights", "logistic", "--set", "evaluation.micro-batch=8",
          ranks: ranks)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.complaints.contains { $0.contains("have also chosen each run's epoch") })
        return try RunFiles(path).contents()
      }
      #expect(files[0] == files[1])
      #expect(try rows("\(path)/predictions/oof.csv").count == 13)
      let table = try tutti(["evaluate", "--model", path, "--tta", "flip"], ranks: 2)
      #expect(table.exitCode == 0, "\(table.errors)")
      #expect(table.output.hasPrefix("\(path) on the test photos of \(members.photos)\n"))
      let seen = try tutti(["evaluate", "--model", path, "--split", "validation"])
      #expect(seen.complaints.contains { $0.contains("was fitted on these photos") })

      // All three have a weight.
      let mean = try Scratch.path("mean")
      #expect(try fit(members.paths, mean, "--weights", "mean", "--no-temperature").exitCode == 0)
      let told = try tutti(["evaluate", "--model", mean])
      for name in members.paths { #expect(told.output.contains("without \(name)/checkpoints/")) }
      // By no weights and no temperature it is the plain mean.
      let plain = try tutti(["evaluate", "--json", "--model"] + members.paths)
      let losses = try [tutti(["evaluate", "--json", "--model", mean]), plain].map {
        (try (json($0) as? [String: Any])?["ensemble"] as? [String: Any])?["loss"] as? Double
          ?? .nan
      }
      #expect(abs(losses[0] - losses[1]) < 1e-12)
    }

    @Test func `an ensemble teaches and is exported, the same at any number of ranks`() throws {
      let members = try Members.made.get()
      let path = try Scratch.path("ensemble")
      #expect(
        try fit(members.paths, path, "--weights", "mean", "--average", "logits").exitCode == 0)
      let students = try [nil, 2].map { ranks in
        let run = RunFiles(try Scratch.path("student"))
        let trained = try tutti(
          ["train", "--data", members.photos, "--run", run.path]
            + set(Members.settings + ["training.epochs=1", "loss.teacher=[\(path)]"]),
          ranks: ranks)
        #expect(trained.exitCode == 0, "\(trained.errors)")
        return run
      }
      let last = try #require(students[0].checkpoints.last)
      #expect(
        try students[0].contents(ofCheckpoint: last) == students[1].contents(ofCheckpoint: last))
      let other = RunFiles(try Scratch.path("student"))
      let plain = try tutti(
        ["train", "--data", members.photos, "--run", other.path]
          + set(
            Members.settings + [
              "training.epochs=1", "loss.teacher=[\(members.paths.joined(separator: ", "))]",
            ]))
      #expect(plain.exitCode == 0, "\(plain.errors)")
      #expect(
        try other.contents(ofCheckpoint: last)["model.safetensors"]
          != students[0].contents(ofCheckpoint: last)["model.safetensors"])

      let exported = try [nil, 2].map { ranks in
        let file = try Scratch.path("ensemble.onnx")
        let run = try tutti(
          ["export", "--model", path, "--to", "onnx", "--output", file], ranks: ranks)
        #expect(run.exitCode == 0, "\(run.errors)")
        return try Data(contentsOf: URL(filePath: file))
      }
      #expect(exported[0] == exported[1])
      // Photos of 32 pixels for two members, of 24 for one.
      for text in ["input1", "input2", "[3, 24, 24]", "[3, 32, 32]"] {
        #expect(exported[0].range(of: Data(text.utf8)) != nil, "\(text)")
      }
      #expect(exported[0].range(of: Data("input3".utf8)) == nil)
      let weights = try tutti(
        ["export", "--model", path, "--to", "torch", "--output", Scratch.path("e.pt")], ranks: 2)
      #expect(weights.exitCode == 65)
      #expect(weights.complaints.first?.contains("take --to onnx, which has room") == true)
    }
  }
}
