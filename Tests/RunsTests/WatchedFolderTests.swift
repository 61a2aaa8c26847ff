import Checkpoints
import Evaluation
import Files
import Foundation
import Support
import Testing

@testable import Runs

@Suite struct WatchedFolderTests {
  let scratch: Scratch
  let now = Int(Date().timeIntervalSince1970)

  init() throws { scratch = try Scratch() }

  private static let recipe = "training: {epochs: 3}\n"
  private static let start =
    "{\"classes\":[],\"epoch\":0,\"kind\":\"start\",\"last_step\":30,\"ranks\":2,\"step\":0,\"steps_per_epoch\":10}\n"

  private func step(_ step: Int, seconds: Double = 2) -> String {
    "{\"accuracy\":0.5,\"epoch\":\((step - 1) / 10),\"gradient_norm\":1,\"images_per_second\":32,\"kind\":\"step\","
      + "\"learning_rate\":0.001,\"loss\":2.5,\"seconds\":\(seconds),\"step\":\(step)}\n"
  }

  private func epoch(_ number: Int, right: Int = 3, isBest: Bool = true) throws -> String {
    let scores = Scores(
      ConfusionMatrix(classes: ["a", "b"], rows: [[right, 4 - right], [0, 4]]), loss: 0.5)
    return
      "{\"epoch\":\(number),\"images_per_second\":30,\"is_best\":\(isBest),\"kind\":\"epoch\",\"memory_left\":700,"
      + "\"memory_limit\":1000,\"resident_bytes\":200,\"step\":\(10 * (number + 1)),\"training_loss\":1.5,"
      + "\"validation\":\(try JSONText.encode(scores)),\"validation_seconds\":4,\"waited_share\":0.25}\n"
  }

  private func metrics(_ lines: [String], _ run: String = "run") throws {
    try scratch.write(lines.joined(), to: "\(run)/metrics.jsonl")
  }

  private func checkpoint(step: Int, epoch: Int, _ run: String = "run") throws {
    let state = TrainingState(
      step: step, epoch: epoch, best: .init(value: 0.25, step: 10), recipeDigest: "r",
      dataDigest: "d")
    let digits = String(step)
    try scratch.write(
      String(decoding: StateFile.encode(state), as: UTF8.self),
      to: "\(run)/checkpoints/step-" + String(repeating: "0", count: 8 - digits.count) + digits
        + "/state.json")
  }

  private func watched(_ name: String = "run") -> WatchedFolder {
    WatchedFolder(path: "\(scratch.path)/\(name)/")
  }

  @Test func `a run is seen before it is there, while it goes on, and after its end`() throws {
    var folder = watched()
    #expect(try folder.look(now: now).state == .notBegun)
    try scratch.makeFolder("run")
    let lock = try RunLock("\(scratch.path)/run")
    var status = try folder.look(now: now)
    #expect(status.state == .running && status.trainings[0].activity == .starting)
    #expect(status.holder?.process == getpid())
    try scratch.write(Self.recipe, to: "run/recipe.yaml")
    status = try folder.look(now: now)
    #expect(status.trainings[0].activity == .starting && status.trainings[0].epochs == 3)

    try metrics([Self.start] + (1...4).map { step($0) })
    status = try folder.look(now: now)
    var training = status.trainings[0]
    #expect(training.activity == .training && training.ranks == 2)
    #expect(training.step == 4 && training.epoch == 1 && training.lastStep == 30)
    #expect(training.imagesPerSecond == 32 && training.loss == 2.5)
    // 26 steps of 2 s, and nothing is known of validations.
    #expect(training.secondsLeft == 52 && training.secondsInAll == 60)

    try metrics([Self.start] + (1...10).map { step($0) })
    #expect(try folder.look(now: now).trainings[0].activity == .validating)
    try scratch.makeFolder("run/checkpoints/.partial")
    #expect(try folder.look(now: now).trainings[0].activity == .saving)
    try FileManager.default.removeItem(atPath: "\(scratch.path)/run/checkpoints/.partial")

    try checkpoint(step: 10, epoch: 1)
    try metrics([Self.start] + (1...10).map { step($0) } + [epoch(0)] + (11...12).map { step($0) })
    status = try folder.look(now: now + 90)
    training = status.trainings[0]
    #expect(training.activity == .training && training.epoch == 2)
    #expect(abs((training.best ?? 0) - (6.0 / 7 + 8.0 / 9) / 2) < 1e-9)
    #expect(training.checkpoint?.step == 10)
    #expect((80...100).contains(training.checkpoint?.secondsAgo ?? 0))
    // 18 steps of 2 s, and two validations of 4 s.
    #expect(training.secondsLeft == 44)
    #expect(training.isQuiet)
    #expect(training.curves?.chosen == 1 && training.curves?.epochs.count == 1)
    #expect(folder.records.count == 1)

    // The values of each epoch are kept, what photos of classes were taken for that of the last alone.
    try metrics([Self.start, step(1), epoch(0), epoch(1, right: 4)])
    #expect(
      try folder.look(now: now).trainings[0].curves?.epochs.map(\.validationLoss) == [0.5, 0.5])
    let scores = folder.records.first?.metrics.epochs.compactMap(\.validation)
    #expect(scores?.map(\.perClass.count) == [0, 2] && scores?.map(\.photos) == [0, 8])
    #expect(training.best == scores?[0][.macroF1])
    withExtendedLifetime(lock) {}
  }

  @Test func `a run that nobody works on has stopped, or is at its end`() throws {
    try scratch.write(Self.recipe, to: "run/recipe.yaml")
    try metrics([Self.start] + (1...12).map { step($0) })
    var folder = watched()
    #expect(try folder.look(now: now).state == .stopped)
    #expect(try folder.look(now: now).trainings[0].activity == nil)
    #expect(try folder.look(now: now).trainings[0].secondsLeft == nil)
    try checkpoint(step: 20, epoch: 2)
    #expect(try folder.look(now: now).state == .stopped)
    try checkpoint(step: 30, epoch: 3)
    #expect(try folder.look(now: now).state == .finished)
    // As a resumed run leaves it: the steps that its checkpoint doesn't know of are gone.
    try FileWriting.replace(
      "\(scratch.path)/run/metrics.jsonl", with: Array((Self.start + step(1)).utf8))
    #expect(try folder.look(now: now).trainings[0].step == 1)
  }

  /// One step that waited for something, and runs of a version whose starts don't tell the steps.
  @Test func `the time left goes by the median, and steps by what epochs had`() throws {
    try scratch.write(Self.recipe, to: "run/recipe.yaml")
    let start = "{\"classes\":[],\"epoch\":0,\"kind\":\"start\",\"ranks\":2,\"step\":0}\n"
    try metrics([start] + (1...4).map { step($0) })
    let lock = try RunLock("\(scratch.path)/run")
    var folder = watched()
    #expect(try folder.look(now: now).trainings[0].lastStep == nil)
    try metrics(
      [start] + (1...9).map { step($0) } + [step(10, seconds: 1000), epoch(0)])
    let training = try folder.look(now: now).trainings[0]
    #expect(training.lastStep == 30 && training.secondsLeft == 48)
    withExtendedLifetime(lock) {}
  }

  @Test func `what isn't a run, and what can't be read, is told`() throws {
    try scratch.write("x", to: "other/letter.txt")
    let error = #expect(throws: RunError.self) {
      var folder = watched("other")
      _ = try folder.look(now: now)
    }
    #expect(error == .noRun("\(scratch.path)/other"))
    try scratch.write("training: {epochs: 3", to: "run/recipe.yaml")
    try scratch.write("{\"kind\":\"step\",\"st", to: "run/metrics.jsonl")
    var folder = watched()
    #expect(try folder.look(now: now).state == .stopped)
  }

  @Test func `folds wait, run and end, and the end of all is estimated`() throws {
    try scratch.write("{\"data_digest\":\"d\",\"folds\":3}", to: "cv/crossval.json")
    var folder = watched("cv")
    var status = try folder.look(now: now)
    #expect(status.kind == .crossval && status.count == 3 && status.state == .stopped)
    #expect(status.trainings.map(\.state) == [.notBegun, .notBegun, .notBegun])
    #expect(status.trainings.map(\.name) == ["fold 0", "fold 1", "fold 2"])

    for fold in [0, 1] {
      try scratch.write(Self.recipe, to: "cv/folds/fold-\(fold)/recipe.yaml")
    }
    try metrics(
      [Self.start] + (1...30).map { step($0) } + [epoch(0), epoch(1), epoch(2)], "cv/folds/fold-0")
    try metrics([Self.start] + (1...5).map { step($0) }, "cv/folds/fold-1")
    try checkpoint(step: 30, epoch: 3, "cv/folds/fold-0")
    let own = try RunLock("\(scratch.path)/cv")
    let first = try RunLock("\(scratch.path)/cv/folds/fold-0")
    let second = try RunLock("\(scratch.path)/cv/folds/fold-1")
    status = try folder.look(now: now)
    #expect(status.state == .running && status.done == 0)
    #expect(status.trainings.map(\.activity) == [.predicting, .training, nil])
    // 0 s and 50 s are left of two, and 66 s, the mean of what these take, of the third; two go side by side.
    #expect(status.secondsLeft == 58)
    withExtendedLifetime(first) {}

    let scores = Scores(ConfusionMatrix(classes: ["a", "b"], rows: [[4, 0], [0, 4]]), loss: 0.5)
    try FoldResult(fold: 0, steps: 30, scores: ViewedScores(scores)).write(
      to: RunFolder(path: "\(scratch.path)/cv/folds/fold-0"))
    status = try folder.look(now: now)
    #expect(status.trainings[0].state == .finished && status.trainings[0].activity == nil)
    #expect(status.done == 1 && status.heldOutMean?.value == 1)
    withExtendedLifetime((own, second)) {}
  }

  @Test func `members that are added later are seen`() throws {
    for member in ["a", "b"] {
      try scratch.write(
        "{\"data_digest\":\"d\",\"folds\":2}", to: "set/members/\(member)/crossval.json")
    }
    try scratch.write("{\"members\":[\"a\"]}", to: "set/members.json")
    var folder = watched("set")
    #expect(try folder.look(now: now).trainings.map(\.name) == ["a fold 0", "a fold 1"])
    try scratch.write("{\"members\":[\"a\",\"b\"]}", to: "set/members.json")
    let status = try folder.look(now: now)
    #expect(status.kind == .crossvals && status.count == 4)
    #expect(status.trainings.last?.name == "b fold 1")
  }

  @Test func `trials are trained, stopped at rungs, finished or failed`() throws {
    let identity = TuneFolder.Identity(
      method: "random", seed: 1, rungs: [1, 3], reduction: 3, atOnce: 4, gridPoints: 3,
      space: ["optimizer.learning-rate: {log: [0.0001, 0.1]}"], data: "d", weights: nil,
      teacher: nil)
    try scratch.makeFolder("tune")
    let search = TuneFolder(path: "\(scratch.path)/tune")
    try search.write(identity, trials: 9)
    func record(_ trial: Int, _ values: [Double], failure: String? = nil) throws {
      var record = TrialRecord(trial: trial)
      record.rungs = zip(identity.rungs, values).map { .init(epochs: $0, value: $1) }
      record.failure = failure
      try record.write(to: search)
    }
    for trial in 0...3 {
      try scratch.write(
        "training: {epochs: 3}\noptimizer: {learning-rate: 0.00\(trial + 1)}\n",
        to: "tune/trials/trial-00\(trial)/recipe.yaml")
    }
    try record(0, [0.25, 0.5])
    try record(1, [0.75])
    try record(2, [], failure: "no memory")
    try metrics([Self.start, step(1)], "tune/trials/trial-003")
    let lock = try RunLock("\(scratch.path)/tune/trials/trial-003")
    var folder = watched("tune")
    var status = try folder.look(now: now)
    #expect(status.kind == .search && status.count == 9)
    #expect(status.trainings.map(\.state) == [.finished, .stopped, .failed, .running])
    #expect(status.trainings.map(\.epoch) == [3, 1, nil, 1])
    #expect(status.trainings[1].settings.map(\.value) == ["0.002"])
    #expect(status.trainings[2].note == "no memory")
    #expect(status.done == 3 && status.secondsLeft == nil)
    // It came further than the one with the better value.
    #expect(status.bestTrial?.name == "trial 0")
    try record(4, [0.1])
    status = try folder.look(now: now)
    #expect(status.trainings.map(\.name).last == "trial 4")
    withExtendedLifetime(lock) {}
  }
}
