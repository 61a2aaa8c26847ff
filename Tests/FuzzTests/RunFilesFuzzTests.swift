import Checkpoints
import Datasets
import Diagnosis
import Evaluation
import Files
import Reporting
import Runs
import Support
import Testing

/// The files that a run's folder has, which may come from anybody.
@Suite struct RunFilesFuzzTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func words(_ texts: String...) -> [[UInt8]] { texts.map { Array($0.utf8) } }

  private var state: TrainingState {
    TrainingState(
      step: 12, epoch: 1, stepInEpoch: 2, samplesSeen: 768, optimizerSteps: 12,
      best: .init(value: 0.5, step: 10), classes: ["a", "b"], recipeDigest: "r", dataDigest: "d")
  }

  /// Its text is changed before it is sealed, since a digest keeps no hostile hand off.
  @Test func `a sealed state is read, or refused`() throws {
    let text = Array(try JSONText.encode(state).utf8)
    try Fuzzing.run(
      "state", seeds: [text], words: words("1e300", "\"nan\"", "\"files\":{\"..\":\"\"}", "-")
    ) { input in
      let sealed = "{\"digest\": \"\(Digest.hex(of: input))\", \"state\": "
      guard let state = try StateFile.decode(Array(sealed.utf8) + input + Array("}\n".utf8)) else {
        return
      }
      // What resuming does with the numbers.
      for value in [state.step, state.epoch, state.stepInEpoch, state.samplesSeen] {
        #expect(value >= 0 && value < .max - (1 << 53))
      }
      #expect(state.best.map { $0.step >= 0 } ?? true)
    }
  }

  @Test func `an unsealed state is none`() throws {
    let honest = try StateFile.encode(state)
    try Fuzzing.run("state-file", seeds: [honest]) { input in
      let state = try StateFile.decode(input)
      #expect(state == nil || input == honest)
    }
  }

  @Test func `metrics are cut, or refused with their line`() throws {
    let lines = (1...6).map { "{\"epoch\":0,\"kind\":\"step\",\"seconds\":1,\"step\":\($0)}\n" }
    let path = "\(scratch.path)/metrics.jsonl"
    try Fuzzing.run(
      "metrics", seeds: [Array(lines.joined().utf8)], words: words("\n", "\0\0\0", "{}\n", "1e99")
    ) { input in
      try scratch.write(input, to: "metrics.jsonl")
      try MetricsCut.cut(path, after: 4)
      #expect(try MetricsCut.cut(path, after: 4) == 0)
      _ = RunSummary(RunFolder(path: scratch.path), name: "a", now: 0)
    }
  }

  @Test func `what metrics say is diagnosed, whatever it is`() throws {
    let scores = try JSONText.encode(
      Scores(ConfusionMatrix(classes: ["a", "b"], rows: [[9, 1], [6, 4]]), loss: 0.5))
    var lines = [
      "{\"classes\":[{\"name\":\"a\",\"photos\":90},{\"name\":\"b\",\"photos\":8}],\"epoch\":0,\"kind\":\"start\",\"ranks\":2,"
        + "\"step\":0,\"training_photos\":98}"
    ]
    lines += (1...6).map {
      "{\"accuracy\":0.5,\"epoch\":0,\"gradient_norm\":1,\"kind\":\"step\",\"learning_rate\":0.1,\"loss\":\($0),\"seconds\":1,"
        + "\"step\":\($0)}"
    }
    lines.append(
      "{\"epoch\":0,\"exchange_share\":0.1,\"images_per_second\":8,\"is_best\":true,\"kind\":\"epoch\",\"memory_left\":7,"
        + "\"memory_limit\":100,\"resident_bytes\":2,\"step\":6,\"training_accuracy\":0.5,\"training_loss\":1,"
        + "\"validation\":\(scores),\"validation_seconds\":3,\"waited_for_ranks_share\":0.2,\"waited_share\":0.4}"
    )
    try scratch.write("training: {epochs: 1}", to: "recipe.yaml")
    try Fuzzing.run(
      "diagnosis", seeds: [Array((lines.joined(separator: "\n") + "\n").utf8)],
      words: words("1e300", "-1", "\"nan\"", "\"inf\"", "9223372036854775807", "null", "[]")
    ) { input in
      try scratch.write(input, to: "metrics.jsonl")
      guard let record = try? RunRecord(path: scratch.path) else { return }
      _ = DiagnosisText.lines(Diagnosis(record), of: record)
      // Whose two thousand draws take their time.
      if input.count % 32 == 0 { _ = ComparisonText.text(RunComparison(record, record)) }
    }
  }

  @Test func `crossval.json has a number of folds that can be, or is refused`() throws {
    try Fuzzing.run(
      "crossval", seeds: words("{\"data_digest\":\"d\",\"folds\":5}\n"),
      words: words("-1", "1e12", "null", "[")
    ) { input in
      try scratch.write(input, to: "crossval.json")
      #expect(try (2...1000).contains(CrossvalFolder(path: scratch.path).folds()))
    }
  }

  @Test func `fork.json says where a run is from, or is refused`() throws {
    let folder = RunFolder(path: scratch.path)
    try ForkOrigin(
      run: RunFolder(path: "runs/a"), step: 3, changed: ["training.epochs was 3, is 4"]
    )
    .write(to: folder)
    try Fuzzing.run("fork", seeds: [contents(of: folder.fork)], words: words("-", "null")) {
      input in
      try scratch.write(input, to: "fork.json")
      let origin = try ForkOrigin(of: folder)
      #expect(origin.map { $0.step >= 0 } ?? false)
      _ = origin?.isOf(folder)
    }
  }

  @Test func `a fold's predictions are its photos', or are refused`() throws {
    let dataset = Dataset(unlabelled: ["a.jpg", "b,c.jpg", "d.jpg"], classes: ["x", "y"])
    let pool = FoldedPool(indices: [0, 1, 2], folds: [0, 1, 0], count: 2, test: [])
    let folder = CrossvalFolder(path: scratch.path)
    let head = "path,label,fold,predicted,p_x,p_y\n"
    try scratch.write(
      head + "\"b,c.jpg\",x,1,y,0.25,0.75\n", to: "folds/fold-1/predictions/held-out.csv")
    try Fuzzing.run(
      "oof", seeds: words(head + "a.jpg,x,0,x,1.0,0.0\nd.jpg,x,0,y,0.25,0.75\n"),
      words: words("\"", ",", "nan", "1e-400")
    ) { input in
      try scratch.write(input, to: "folds/fold-0/predictions/held-out.csv")
      let (text, all) = try OutOfFold.merge(pool, dataset: dataset, of: folder)
      #expect(all.scores.photos == 3)
      #expect(try CSV.records(of: Array(text.utf8)).count == 4)
    }
  }
}
