import Support
import Checkpoints
import Evaluation
import Files
import Foundation
import Recipes
import Runs
import Support
import Testing

@Suite struct RunListTests {
  let scratch: Scratch
  let now = Int(Date().timeIntervalSince1970)

  init() throws { scratch = try Scratch() }

  /// A run's folder with a checkpoint after so many epochs of ten steps.
  private func makeRun(_ name: String, recipe: String, epochs: Int, best: Double? = nil) throws {
    try scratch.write(recipe, to: "\(name)/recipe.yaml")
    let state = TrainingState(
      step: 10 * epochs, epoch: epochs, best: best.map { .init(value: $0, step: 10) },
      recipeDigest: "r", dataDigest: "d")
    try scratch.write(
      String(decoding: StateFile.encode(state), as: UTF8.self),
      to: "\(name)/checkpoints/step-000000\(10 * epochs)/state.json")
  }

  private func summary(_ name: String, later seconds: Int = 100_000) -> RunSummary {
    RunSummary(RunFolder(path: "\(scratch.path)/\(name)"), name: name, now: now + seconds)
  }

  @Test func `a run has finished after its epochs or steps`() throws {
    try makeRun("a", recipe: "training: {epochs: 3}", epochs: 3, best: 0.5)
    #expect(summary("a").progress == .finished)
    #expect(summary("a").best == 0.5)
    #expect(summary("a").note == nil)
    try makeRun("b", recipe: "training: {epochs: 4}", epochs: 3)
    #expect(summary("b").progress == .stopped)
    #expect(summary("b").epochsDone == 3)
    try makeRun("c", recipe: "training: {epochs: 4, max-steps: 30}", epochs: 3)
    #expect(summary("c").progress == .finished)
  }

  @Test func `hours are those of steps and validations, and a torn line is none`() throws {
    try makeRun("a", recipe: "training: {epochs: 4}", epochs: 1)
    try scratch.write(
      """
      {"kind":"step","seconds":1800}
      {"kind":"epoch","validation_seconds":1200}
      {"kind":"step","seconds":600}
      {"kind":"step","sec
      """, to: "a/metrics.jsonl")
    #expect(summary("a").hours == 1)
    // Nobody has the folder, however fresh the metrics are.
    #expect(summary("a", later: 0).progress == .stopped)
    try scratch.write(
      "{\"host\":\"elsewhere\",\"process\":1,\"since\":\"2026-03-01T00:00:00Z\"}", to: "a/.in-use")
    // Ten steps take 6000 s.
    #expect(summary("a", later: 5000).progress == .perhapsRunning)
    #expect(summary("a", later: 7000).progress == .stopped)
    try FileManager.default.removeItem(atPath: "\(scratch.path)/a/.in-use")
    let lock = try RunLock("\(scratch.path)/a")
    #expect(summary("a", later: 7000).progress == .running)
    withExtendedLifetime(lock) {}
  }

  @Test func `a run without times has no hours`() throws {
    try makeRun("a", recipe: "training: {epochs: 4}", epochs: 1)
    try scratch.write("{\"kind\":\"step\"}\n", to: "a/metrics.jsonl")
    #expect(summary("a").hours == nil)
  }

  @Test func `what can't be read is said`() throws {
    try makeRun("a", recipe: "training: {epochs: 4}", epochs: 1, best: 0.5)
    try scratch.write("{\"digest\": \"torn", to: "a/checkpoints/step-00000020/state.json")
    #expect(summary("a").best == 0.5)
    try scratch.write("trainin: {epochs: 4}", to: "b/recipe.yaml")
    #expect(summary("b").progress == .noCheckpoint)
    #expect(summary("b").note?.contains("did you mean `training`?") == true)
    try scratch.write("x", to: "c/checkpoints/step-00000020/state.json")
    try scratch.write("training: {epochs: 4}", to: "c/recipe.yaml")
    #expect(summary("c").progress == .noCheckpoint)
    #expect(summary("c").note?.hasSuffix("step-00000020/state.json can't be read") == true)
    try scratch.write("x", to: "d/photo.jpg")
    #expect(summary("d").progress == .notARun)
  }

  @Test func `runs are found inside folders that are none`() throws {
    try makeRun("b", recipe: "training: {epochs: 4}", epochs: 1)
    try makeRun("a/fold-1", recipe: "training: {epochs: 4, seed: 1}", epochs: 1)
    try makeRun("a/fold-0", recipe: "training: {epochs: 4}", epochs: 1)
    try scratch.write("training: {epochs: 4}", to: "a/recipe.yaml")
    try scratch.write("x", to: "c/d/photo.jpg")
    try scratch.write("x", to: "file")
    try scratch.write("training: {epochs: 4}", to: ".hidden/recipe.yaml")
    let list = try RunList(below: scratch.path)
    #expect(list.runs.map(\.name) == ["a/fold-0", "a/fold-1", "b", "c"])
    #expect(list.differences.map(\.key) == ["training.seed"])
    #expect(list.differences.first?.values == ["42", "1", "42", nil])
    #expect(throws: RunError.noFolder("\(scratch.path)/x")) {
      try RunList(below: "\(scratch.path)/x")
    }
  }

  @Test func `a run, or a cross-validation with its folds, can be named itself`() throws {
    try makeRun("a", recipe: "training: {epochs: 4}", epochs: 1, best: 0.5)
    #expect(try RunList(below: "\(scratch.path)/a").runs.map(\.name) == ["a"])
    try makeCrossval("cv", done: 11, of: 12)
    let names = try RunList(below: "\(scratch.path)/cv/").runs.map(\.name)
    #expect(names.count == 13)
    #expect(names[0] == "cv" && names[3] == "cv/folds/fold-2" && names[12] == "cv/folds/fold-11")
  }

  private func makeCrossval(_ name: String, done: Int, of count: Int) throws {
    try scratch.write("training: {epochs: 1}", to: "\(name)/recipe.yaml")
    try scratch.write("{\"data_digest\":\"d\",\"folds\":\(count)}", to: "\(name)/crossval.json")
    for fold in 0..<count {
      let path = "\(name)/folds/fold-\(fold)"
      try makeRun(path, recipe: "training: {epochs: 1}", epochs: 1)
      guard fold < done else { continue }
      var matrix = ConfusionMatrix(classes: ["a", "b"])
      for photo in 0..<4 { matrix.add(label: 0, predicted: photo <= fold ? 0 : 1) }
      let scores = ViewedScores(Scores(matrix, loss: 1))
      try FoldResult(fold: fold, steps: 10, scores: scores)
        .write(to: RunFolder(path: "\(scratch.path)/\(path)"))
    }
  }

  @Test func `a cross-validation is a run with the mean of its folds`() throws {
    try makeCrossval("cv", done: 1, of: 2)
    var crossval = try #require(try RunList(below: scratch.path).runs.first)
    #expect(crossval.name == "cv" && crossval.kind == .crossval)
    #expect(crossval.progress == .stopped && crossval.best == nil)
    #expect(crossval.folds.map { [$0.done, $0.count] } == [1, 2])
    try makeCrossval("cv", done: 2, of: 2)
    try scratch.write("{}", to: "cv/scores.json")
    crossval = try #require(try RunList(below: scratch.path).runs.first)
    let folds = try (0..<2).map {
      try #require(try FoldResult(of: RunFolder(path: "\(scratch.path)/cv/folds/fold-\($0)")))
    }
    let metric = try #require(crossval.recipe).training.selectBy
    #expect(crossval.progress == .finished)
    #expect(crossval.best == (folds[0].scores[metric] + folds[1].scores[metric]) / 2)
    #expect(folds[0].scores[metric] != folds[1].scores[metric])
    // One that is damaged ends nothing.
    try scratch.write("{\"folds\":-1}", to: "cv/crossval.json")
    let runs = try RunList(below: scratch.path).runs
    #expect(runs.count == 3 && runs[0].note?.contains("crossval.json is damaged") == true)
  }

  @Test func `a probe has no epochs, and one bad run doesn't end the list`() throws {
    try makeRun("a", recipe: "training: {epochs: 6}", epochs: 6, best: 0.5)
    try scratch.write("{}", to: "a/scores.json")
    #expect(summary("a").kind == .probe && summary("a").progress == .finished)
    // Sealed, with numbers of no training.
    let text = "{\"step\":1e300}"
    for (name, state) in [
      ("b", "{\"digest\": \"\(Digest.hex(of: text.utf8))\", \"state\": \(text)}\n"), ("c", "\0\0"),
    ] {
      try makeRun(name, recipe: "training: {epochs: 6}", epochs: 1)
      try scratch.write(state, to: "\(name)/checkpoints/step-00000020/state.json")
      #expect(summary(name).epochsDone == 1)
    }
    for file in ["metrics.jsonl", "checkpoints/step-00000020/state.json"] {
      #expect(truncate("\(scratch.path)/c/\(file)", 1 << 40) == 0 || file == "metrics.jsonl")
    }
    try scratch.write("", to: "c/metrics.jsonl")
    #expect(truncate("\(scratch.path)/c/metrics.jsonl", 1 << 40) == 0)
    #expect(summary("c").note?.contains("has 1099511627776 bytes") == true)
    #expect(try RunList(below: scratch.path).runs.count == 3)
  }

  @Test func `a run that began with another's weights is compared with it`() throws {
    try makeRun("a", recipe: "training: {epochs: 4}", epochs: 4, best: 0.75)
    let weights = "model: {weights: \(scratch.path)/a}"
    for (name, best, recipe, isBetter) in [
      ("b", 0.5, weights, true), ("c", 0.8, weights, false),
      // Other photos validate.
      ("d", 0.5, weights + "\ndata: {split-seed: 7}", false),
      // A smaller loss would be better.
      ("e", 0.5, weights + "\ntraining: {select-by: loss}", false),
    ] {
      try makeRun(name, recipe: recipe, epochs: 4, best: best)
      let parent = try #require(summary(name).parent, "\(name)")
      #expect(parent.best == 0.75 && parent.path == "\(scratch.path)/a")
      #expect(parent.isBetter == isBetter, "\(name)")
    }
    try makeRun("f", recipe: "model: {weights: nowhere.pth}", epochs: 4, best: 0.5)
    #expect(summary("f").parent == nil && summary("a").parent == nil)
  }

  @Test func `new folders count up for their date and name`() throws {
    func next(_ name: String, _ date: String) throws -> String {
      let folder = try RunFolder.claimNext(named: name, date: date, in: scratch.path)
      folder.giveBack()
      return folder.path
    }
    #expect(try next("r", "2026-03-01") == "\(scratch.path)/2026-03-01-r-1")
    try scratch.write("", to: "2026-03-01-r-1/recipe.yaml")
    try scratch.write("", to: "2026-03-01-r-2")
    #expect(try next("r", "2026-03-01") == "\(scratch.path)/2026-03-01-r-3")
    #expect(try next("r", "2026-03-02") == "\(scratch.path)/2026-03-02-r-1")
    #expect(RunFolder.localDate().wholeMatch(of: /20[0-9]{2}-[0-9]{2}-[0-9]{2}/) != nil)
  }
}
