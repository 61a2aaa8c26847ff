import Foundation
import Support
import Testing
import tutti
import WorkerRun

extension EndToEnd {
  /// Heads on the features of pretrained weights, from the command line to the next training.
  @Suite struct ProbeTests {
    /// A run's weights as somebody's file, and the folder in which features of the small photos are
    /// kept.
    private static let given = Result { () throws -> (weights: String, cache: String) in
      let run = try Members.made.get().runs[0]
      let step = try #require(run.checkpoints.last)
      let weights = try Scratch.path("weights.safetensors")
      try FileManager.default.copyItem(
        atPath: "\(run.checkpoint(step))/model.safetensors", toPath: weights)
      return (weights, try Scratch.path("cache"))
    }

    private let weights: String

    init() throws { weights = try Self.given.get().weights }

    private func probe(
      _ run: RunFiles, ranks: Int? = nil, cache: String? = nil, photos: String = Photos.few,
      weights: String? = nil, _ more: [String] = []
    ) throws -> WorkerRun {
      // Photos that bring splits bring their test photos.
      let settings =
        (photos == Photos.few ? ["data.test=0.2"] : []) + [
          "evaluation.micro-batch=4", "training.epochs=3", "training.micro-batch=8",
          "training.threads=1",
        ]
      return try tutti(
        ["probe", photos, "--weights", weights ?? self.weights, "--run", run.path, "--folds", "3"]
          + ["--cache", try cache ?? Self.given.get().cache] + set(settings) + more, ranks: ranks)
    }

    @Test
    func `same bits on ranks; known features are read, damaged ones are computed again`() throws {
      let (first, cache) = (RunFiles(try Scratch.path("run")), try Scratch.path("cache"))
      let run = try probe(first, cache: cache)
      try #require(run.exitCode == 0, "\(run.errors)")
      #expect(run.output.contains("features  24 photos × 64 numbers, computed in "))
      let expected = try first.results
      #expect(
        expected.keys.sorted().map { $0.split(separator: "/").last ?? "" } == [
          "model.safetensors", "state.json", "oof-regularised.csv", "oof.csv", "recipe.yaml",
          "scores.json",
        ])

      let names = try FileManager.default.contentsOfDirectory(atPath: cache)
      let file = URL(filePath: "\(cache)/\(try #require(names.first))")
      let features = try Data(contentsOf: file)
      var damaged = features
      damaged[damaged.count - 7] ^= 1
      for (ranks, content) in [(2, nil), (1, features), (3, damaged), (4, features.dropLast(9))] {
        if let content {
          try content.write(to: file)
        } else {
          try FileManager.default.removeItem(at: file)
        }
        let other = RunFiles(try Scratch.path("run"))
        let run = try probe(other, ranks: ranks, cache: cache)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(try other.results == expected, "\(ranks) ranks")
        let isKnown = content == features
        #expect(run.output.contains(isKnown ? "known from \(file.path)" : "computed in "))
        #expect(try Data(contentsOf: file) == features)
      }
      #expect(names.count == 1)
    }

    @Test func `features of other photos, preparation or weights are other features`() throws {
      let cache = try Scratch.path("cache")
      let photos = try Scratch.copy(of: Photos.few)
      let other = try Scratch.copy(of: weights, named: "other.safetensors")
      func computes(_ more: String..., weights: String? = nil) throws -> Bool {
        let run = try probe(
          RunFiles(try Scratch.path("run")), cache: cache, photos: photos, weights: weights,
          set(more))
        #expect(run.exitCode == 0, "\(run.errors)")
        return run.output.contains("computed in ")
      }
      #expect(try computes())
      #expect(try !computes("crossval.seed=5", "training.epochs=1", weights: other))
      #expect(try computes("evaluation.micro-batch=5"))
      #expect(try computes("augment=[resize, normalize: {mean: [0.1, 0, 0], std: [1, 1, 1]}]"))
      // The photo's name and length stay.
      let file = URL(filePath: "\(photos)/disc/00.jpg")
      var bytes = try Data(contentsOf: file)
      bytes[bytes.count - 40] ^= 1
      try bytes.write(to: file)
      #expect(try computes())
      var changed = try Data(contentsOf: URL(filePath: other))
      changed[changed.count - 5000] ^= 1
      try changed.write(to: URL(filePath: other))
      #expect(try computes(weights: other))
    }

    @Test
    func `each photo but the test photos is predicted once, which the scores are of`() throws {
      let folder = RunFiles(try Scratch.path("run"))
      let run = try probe(folder, ranks: 2)
      try #require(run.exitCode == 0, "\(run.errors)")
      for (file, key) in [("oof.csv", "linear"), ("oof-regularised.csv", "regularised")] {
        let text = try String(contentsOfFile: "\(folder.path)/predictions/\(file)", encoding: .utf8)
        let rows = text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
        #expect(
          rows[0] == ["path", "label", "fold", "predicted", "p_cross", "p_disc", "p_stripes"])
        #expect(rows.count == 1 + 24 && Set(rows.map { $0[0] }).count == 25)
        #expect(Set(rows.dropFirst().map { $0[2] }) == ["0", "1", "2"])
        let data = try Data(contentsOf: URL(filePath: "\(folder.path)/scores.json"))
        let scores = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        let heads = scores?[key] as? [String: Any]
        let all = heads?["out_of_fold"] as? [String: Any]
        let hits = rows.dropFirst().count { $0[1] == $0[3] }
        #expect(all?["photos"] as? Int == 24 && all?["accuracy"] as? Double == Double(hits) / 24)
        #expect((heads?["folds"] as? [Any])?.count == 3)
      }
      #expect(run.output.contains("linear heads") && run.output.contains("true \\ predicted"))
    }

    @Test func `no head is judged by photos that it was fitted to`() throws {
      let photos = try Scratch.path("photos")
      let files = FileManager.default
      for name in ["even", "odd"] {
        try files.createDirectory(
          atPath: "\(photos)/\(name)", withIntermediateDirectories: true)
      }
      // Classes that nobody can tell apart, but by heart.
      let originals = try files.subpathsOfDirectory(atPath: Photos.few).sorted()
        .filter { $0.hasSuffix(".jpg") }
      for (number, original) in originals.enumerated() {
        try files.copyItem(
          atPath: "\(Photos.few)/\(original)",
          toPath: "\(photos)/\(number % 2 == 0 ? "even" : "odd")/\(number).jpg")
      }
      let folder = RunFiles(try Scratch.path("run"))
      let byHeart = ["training.epochs=60", "optimizer.learning-rate=1e-2"]
      let run = try probe(folder, photos: photos, set(byHeart))
      try #require(run.exitCode == 0, "\(run.errors)")
      let data = try Data(contentsOf: URL(filePath: "\(folder.path)/scores.json"))
      let scores = try JSONSerialization.jsonObject(with: data) as? [String: Any]
      for head in ["linear", "regularised"] {
        let heads = scores?[head] as? [String: Any]
        let accuracy = (heads?["accuracy"] as? [String: Double])?["mean"]
        #expect(try #require(accuracy) < 0.8, "\(head)")
      }
    }

    @Test func `the model's head doesn't see what validates or tests`() throws {
      /// Photos of three classes in splits; what validates and tests is shown as another class's.
      func weights(swapping: Bool) throws -> Data {
        let photos = try Scratch.path("photos")
        let classes = try FileManager.default.contentsOfDirectory(atPath: Photos.few).sorted()
        for (number, name) in classes.enumerated() {
          for photo in 0..<7 {
            let split = photo < 4 ? "train" : photo < 6 ? "validation" : "test"
            let other = swapping && photo >= 4 ? classes[(number + 1) % classes.count] : name
            let folder = "\(photos)/\(split)/\(name)"
            try FileManager.default.createDirectory(
              atPath: folder, withIntermediateDirectories: true)
            try FileManager.default.copyItem(
              atPath: "\(Photos.few)/\(other)/0\(photo).jpg", toPath: "\(folder)/\(photo).jpg")
          }
        }
        let folder = RunFiles(try Scratch.path("run"))
        let run = try probe(folder, photos: photos)
        try #require(run.exitCode == 0, "\(run.errors)")
        let step = try #require(folder.checkpoints.last)
        return try Data(
          contentsOf: URL(filePath: "\(folder.checkpoint(step))/model.safetensors"))
      }
      #expect(try weights(swapping: true) == weights(swapping: false))
    }

    @Test
    func `its model is evaluated, predicts and starts a training, but isn't resumed`() throws {
      let folder = RunFiles(try Scratch.path("run"))
      let run = try probe(folder)
      try #require(run.exitCode == 0, "\(run.errors)")
      let evaluated = try tutti(["evaluate", "--model", folder.path, "--json"], ranks: 2)
      #expect(evaluated.exitCode == 0 && evaluated.errors.isEmpty, "\(evaluated.errors)")
      #expect((try json(evaluated) as? [String: Any])?["photos"] as? Int == 6)
      // The heads have seen these, and the whole net has the head that was fitted to the features.
      let known = try tutti(["evaluate", "--model", folder.path, "--split", "train", "--json"])
      let accuracy = (try json(known) as? [String: Any])?["accuracy"] as? Double
      #expect(try #require(accuracy) > 0.8)
      let predicted = try tutti(["predict", "--model", folder.path, "\(Photos.few)/disc/01.jpg"])
      #expect(predicted.exitCode == 0 && predicted.output.contains("disc"))
      for setting in [
        "training.epochs=9", "mixing.mixup=0.4", "data.repeats=2", "data.sampling=square-root",
      ] {
        let idle = try tutti(
          ["predict", "--model", folder.path, "\(Photos.few)/disc/01.jpg"] + set([setting]))
        #expect(idle.exitCode == 65 && idle.errors.contains("has no effect on a trained model"))
      }

      // The line that it ends with is a whole command.
      let line = try #require(
        run.output.split(separator: "\n").last { $0.hasPrefix("next      launch/local train ") })
      let told = RunFiles(try Scratch.path("told"))
      let begun = try tutti(
        line.replacingOccurrences(of: "'", with: "").split(separator: " ").dropFirst(2)
          .map(String.init) + ["--run", told.path]
          + set(["training.max-steps=1"]))
      #expect(begun.exitCode == 0, "\(begun.errors)")
      #expect(!begun.output.contains("of the photos that validate or test here"))

      let next = RunFiles(try Scratch.path("next"))
      for (split, isWarned) in [("data.test=0.2", false), ("data.split-seed=7", true)] {
        let settings = [
          "model.weights=\(folder.path)@last", "training.epochs=1", "optimizer.learning-rate=1e-9",
          split,
        ]
        let trained = try tutti(
          [
            "train", "--data", Photos.few, "--run",
            isWarned ? try Scratch.path("other") : next.path,
          ]
            + set(Photos.settings + settings))
        #expect(trained.exitCode == 0, "\(trained.errors)")
        #expect(trained.output.contains("head: kept, with its 3 classes"))
        #expect(trained.output.contains("of the photos that validate or test here") == isWarned)
        #expect(trained.output.contains("start     validation loss "))
        #expect(trained.output.contains("@last, which had macro-f1 "))
      }

      for more in [["--resume", "auto"], ["--resume", "auto", "--fork", next.path + "2"]] {
        let resumed = try tutti(["train", "--data", Photos.few, "--run", folder.path] + more)
        #expect(resumed.exitCode == 65)
        #expect(resumed.complaints.first?.contains("is a probe; name another folder") == true)
      }
      let again = try probe(folder)
      #expect(again.exitCode == 65 && again.complaints.first?.contains("is a probe") == true)
    }

    @Test(arguments: [
      (
        ["--folds", "20"],
        "class cross has 7 photos for 20 folds; add photos, or take fewer folds"
      ),
      (["--model", "resnet18"], "doesn't hold the weights of resnet18"),
      (["--model", "resnet81"], "did you mean `resnet18`?"),
      (["--set", "crossval.select=last"], "leave it at best"),
      (["--set", "model.head=attention"], "a probe's model has the plain head"),
      (["--set", "model.dropout=0.2"], "a probe trains heads alone"),
      (["--set", "data.sampling=square-root"], "a probe trains heads alone"),
      (["--set", "data.repeats=2"], "a probe trains heads alone"),
      (["--set", "mixing.mixup=0.4"], "a probe trains heads alone"),
      (["--set", "evaluation.tta=flip"], "a probe looks at each photo once"),
      (["--set", "checkpoint.keep=2"], "a probe has one checkpoint"),
    ])
    func `what can't be probed is told in one line, and leaves no folder`(
      _ more: [String], message: String
    ) throws {
      let folder = RunFiles(try Scratch.path("run"))
      let run = try probe(folder, ranks: 2, more)
      #expect(run.exitCode == 65 && run.complaints.count == 1, "\(run.errors)")
      #expect(run.errors.contains(message))
      #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    @Test func `weights that make no numbers of photos`() throws {
      let broken = try Scratch.copy(of: weights, named: "broken.safetensors")
      var bytes = try Data(contentsOf: URL(filePath: broken))
      // Somewhere in the tensors, as the largest of floats.
      for index in (bytes.count - 40_000)..<(bytes.count - 39_000) { bytes[index] = 0x7f }
      try bytes.write(to: URL(filePath: broken))
      let run = try probe(RunFiles(try Scratch.path("run")), ranks: 2, weights: broken)
      #expect(run.exitCode == 65 && run.complaints.count == 1, "\(run.errors)")
      #expect(run.errors.contains("\(broken) makes numbers of cross/"), "\(run.errors)")
    }

    @Test func `weights that aren't there, are no net's, or have seen the photos`() throws {
      let folder = RunFiles(try Scratch.path("run"))
      let seen = try Members.made.get()
      let run = seen.runs[0]
      let step = try #require(run.checkpoints.last)
      for (weights, photos, message) in [
        ("nowhere/efficientnet-lite0-57934424.pth", Photos.few, "fetch it with launch/get-weights"),
        ("[a, b]", Photos.few, "[a, b] is not there"), ("none", Photos.few, "none is not there"),
        (
          "\(run.checkpoint(step))/optimizer.safetensors", Photos.few,
          "several times, below exp_avg., exp_avg_sq."
        ),
        (run.path, seen.photos, "was trained on these photos"),
      ] {
        let result = try probe(folder, photos: photos, weights: weights)
        #expect(result.exitCode == 65 && result.complaints.count == 1, "\(result.errors)")
        #expect(result.errors.contains(message), "\(result.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: folder.path))
    }
  }
}

extension RunFiles {
  /// What a probe writes, byte for byte, but for the environment.
  var results: [String: Data] {
    get throws { try contents().filter { $0.key != "environment.json" } }
  }
}
