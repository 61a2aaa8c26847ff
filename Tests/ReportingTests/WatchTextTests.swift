import Evaluation
import Files
import Foundation
import Testing

@testable import Reporting
@testable import Runs

@Suite struct WatchTextTests {
  private static func training(
    _ name: String = "", _ state: TrainingStatus.State = .running,
    _ activity: TrainingStatus.Activity? = .training
  ) -> TrainingStatus {
    var training = TrainingStatus(name: name, path: "runs/a")
    (training.state, training.activity) = (state, activity)
    training.metric = .macroF1
    return training
  }

  private static func status(
    _ kind: WatchStatus.Kind, _ trainings: [TrainingStatus],
    _ state: TrainingStatus.State = .running
  ) -> WatchStatus {
    var status = WatchStatus(path: "runs/a", kind: kind, now: 1_000_000)
    status.trainings = trainings
    status.state = state
    return status
  }

  @Test func `of a run everything that is known is a line`() {
    var training = Self.training()
    (training.epoch, training.epochs, training.step, training.lastStep) = (13, 30, 3480, 8130)
    (training.loss, training.learningRate, training.imagesPerSecond) = (0.5121, 0.00021, 61.2)
    training.checkpoint = .init(
      path: "runs/a/checkpoints/step-00003252", step: 3252, secondsAgo: 120)
    training.best = 0.912
    training.skipped = 1
    (training.isQuiet, training.secondsSinceChange) = (true, 240)
    training.note = "odd"
    var status = Self.status(.run, [training])
    status.holder = RunLock.Holder(
      host: "a", process: 4711, since: Date(timeIntervalSince1970: 1_000_000 - 2040))
    let warning = WatchWarnings.Warning(
      name: "slow-exchange", severity: "serious", text: "2 ranks exchange")
    #expect(
      WatchText.lines(status, [warning]) == [
        "run       runs/a: running, training", "progress  epoch 13/30, step 3,480/8,130",
        "step      61.2 images/s, loss 0.5121, lr 0.00021",
        "ranks     process 4711 on host a, for 34 min",
        "saved     step 3,252, 2 min ago: runs/a/checkpoints/step-00003252",
        "best      macro F1 0.912 on the validation photos",
        "skipped   1 step that wasn't finite", "quiet     no step for 4 min", "note      odd",
        "warning   slow-exchange: 2 ranks exchange",
      ])
    training.secondsLeft = 2460
    #expect(
      WatchText.lines(Self.status(.run, [training]))[1].hasPrefix(
        "progress  epoch 13/30, step 3,480/8,130; 41 min left, done "))
  }

  @Test func `before there is anything, that is said`() {
    #expect(
      WatchText.lines(Self.status(.run, [Self.training("", .notBegun, nil)], .notBegun)) == [
        "run       runs/a: not begun; nothing is there yet"
      ])
  }

  @Test
  func `folds are a row each, and those that are trained come first where there is little room`() {
    var trainings = (0..<5).map { Self.training("fold \($0)", .finished, nil) }
    for fold in 0..<4 { (trainings[fold].best, trainings[fold].heldOut) = (0.9, 0.875) }
    trainings[4] = Self.training("fold 4")
    (trainings[4].epoch, trainings[4].epochs) = (2, 9)
    (trainings[4].imagesPerSecond, trainings[4].secondsLeft) = (123.4, 70)
    var status = Self.status(.crossval, trainings)
    (status.done, status.count) = (4, 5)
    status.secondsLeft = 70
    let lines = WatchText.lines(status)
    #expect(
      lines[0].hasPrefix("folds     runs/a: running, 4 of 5 folds are done; about 70 s left, done ")
    )
    #expect(lines[1] == "held out  macro F1 0.875, the mean of the folds that are done")
    #expect(lines[2] == "")
    #expect(
      lines[3...].joined(separator: "\n") == """
        fold  state     epoch  step  images/s  left  macro F1  held out
        0     finished      –     –         –     –     0.900     0.875
        1     finished      –     –         –     –     0.900     0.875
        2     finished      –     –         –     –     0.900     0.875
        3     finished      –     –         –     –     0.900     0.875
        4     training    2/9     –       123  70 s         –         –
        """)
    let few = WatchText.lines(status, rows: 2)
    #expect(few.count == 7 && few[4].hasPrefix("4     training"))
    #expect(few[5].hasPrefix("0     finished") && few[6] == "and 3 more")
  }

  @Test func `members' names stand before their folds, and are harmless`() {
    let trainings = ["a\u{1B}[31m fold 0", "b fold 0"].map { Self.training($0, .notBegun, nil) }
    let lines = WatchText.lines(Self.status(.crossvals, trainings))
    #expect(lines[3].hasPrefix("a\\u{1B}[31m fold 0  not begun"))
    #expect(lines[4].hasPrefix("b fold 0"))
  }

  @Test func `trials tell what they try, or why they failed`() {
    var trainings = [
      Self.training("trial 0", .finished, nil), Self.training("trial 1", .failed, nil),
    ]
    (trainings[0].best, trainings[0].epoch, trainings[0].epochs) = (0.9, 3, 3)
    trainings[0].settings = [("optimizer.learning-rate", "0.001"), ("model.head", "plain")]
    trainings[1].note = "no memory"
    var status = Self.status(.search, trainings)
    status.count = 9
    let lines = WatchText.lines(status)
    #expect(lines[0] == "search    runs/a: running, 2 of 9 trials have begun, 1 failed")
    #expect(lines[1] == "best      trial 0 after 3 epochs: macro F1 0.900 on the validation photos")
    #expect(
      lines[3...].joined(separator: "\n") == """
        trial  state     epoch  macro F1  learning-rate  head   note
        0      finished    3/3     0.900  0.001          plain
        1      failed        –         –  –              –      no memory
        """)
  }

  @Test func `JSON has what is known, and leaves out the rest`() throws {
    var training = Self.training()
    training.step = 7
    training.settings = [("optimizer.learning-rate", "0.001")]
    training.curves = LearningCurves(
      epochs: [.init(number: 1, trainingLoss: 2, validationLoss: .nan, value: nil)],
      metric: .macroF1, chosen: nil)
    let text = try JSONText.encode(
      WatchDocument(Self.status(.run, [training])), inSnakeCase: true)
    #expect(
      text == """
        {"count":0,"done":0,"kind":"run","metric":"macro_f1","metric_title":"macro F1","path":"runs/a","state":"running","time":1000000,\
        "trainings":[{"activity":"training","curves":[{"epoch":1,"training_loss":2,"validation_loss":"nan"}],\
        "is_quiet":false,"name":"","path":"runs/a","settings":{"optimizer.learning-rate":"0.001"},"skipped":0,\
        "state":"running","step":7}],"warnings":[]}
        """)
  }
}
