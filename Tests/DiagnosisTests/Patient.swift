import Diagnosis
import Evaluation
import Files
import Reporting
import Runs
import Support
import Testing

/// A run's folder made up line by line: 341 photos of ten classes, recognised in four of five cases, unless said otherwise.
struct Patient {
  struct Epoch {
    var trainingLoss: Double? = 0.4
    var trainingAccuracy: Double? = 0.9
    var isMixed = false
    var loss = 0.6
    /// Nil: no photos validate.
    var matrix: ConfusionMatrix? = Patient.matrix(right: 8, of: 10, photos: 34)
    var waited = 0.01
    var exchange: Double?
    var waitedForRanks: Double?
    var memory: (limit: Int, left: Int)?
  }

  var recipe = "training: {epochs: 4}"
  /// Falls from 2.3 to 0.4.
  var losses = (0..<100).map { 0.4 + 1.9 / (1 + Double($0) / 5) }
  var norms = (0..<100).map { 1.5 / (1 + Double($0) / 20) }
  var skipped = 0
  var isSkippedByScale = false
  var epochs = [Epoch](repeating: Epoch(), count: 4)
  var ranks = 1
  var photosOfClasses = [Int](repeating: 60, count: 10)
  var seconds = 1.0

  /// Ten classes of so many photos, of which so many of each ten are right and the others spread over the other classes.
  static func matrix(right: Int, of: Int, photos: Int, classes: Int = 10) -> ConfusionMatrix {
    var rows = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
    for label in 0..<classes {
      for photo in 0..<photos {
        let other = (label + 1 + photo % (classes - 1)) % classes
        rows[label][photo % of < right ? label : other] += 1
      }
    }
    return ConfusionMatrix(classes: names(classes), rows: rows)
  }

  static func names(_ count: Int) -> [String] { (0..<count).map { "class\($0)" } }

  /// Writes the folder.
  func write(to scratch: Scratch, _ name: String = "run") throws {
    var lines: [String] = []
    let classes = zip(Self.names(photosOfClasses.count), photosOfClasses).map {
      "{\"name\":\"\($0)\",\"photos\":\($1)}"
    }
    lines.append(
      "{\"kind\":\"start\",\"step\":0,\"epoch\":0,\"ranks\":\(ranks),\"classes\":[\(classes.joined(separator: ","))],"
        + "\"training_photos\":\(photosOfClasses.reduce(0, +))}")
    for number in 0..<skipped {
      lines.append(
        "{\"kind\":\"skipped\",\"step\":\(number + 1),\"epoch\":0,\"learning_rate_factor\":1,\"reason\":\"the loss is nan\"\(isSkippedByScale ? ",\"loss_scale\":2" : "")}"
      )
    }
    for (number, epoch) in epochs.enumerated() {
      let range =
        (losses.count * number / epochs.count)..<(losses.count * (number + 1) / epochs.count)
      for step in range {
        lines.append(
          "{\"kind\":\"step\",\"step\":\(step + 1),\"epoch\":\(number),\"accuracy\":0.5,\"learning_rate\":0.001,"
            + "\"gradient_norm\":\(norms[step]),\"loss\":\(losses[step]),\"seconds\":\(seconds),\"images_per_second\":32}"
        )
      }
      lines.append(try text(epoch, number, step: range.upperBound))
    }
    try scratch.write(lines.joined(separator: "\n") + "\n", to: "\(name)/metrics.jsonl")
    try scratch.write(recipe, to: "\(name)/recipe.yaml")
  }

  private func text(_ epoch: Epoch, _ number: Int, step: Int) throws -> String {
    var parts = [
      "\"kind\":\"epoch\",\"step\":\(step),\"epoch\":\(number),\"is_best\":\(number == epochs.count - 1)",
      "\"images_per_second\":32,\"waited_share\":\(epoch.waited),\"validation_seconds\":1",
    ]
    if let loss = epoch.trainingLoss { parts.append("\"training_loss\":\(loss)") }
    if let accuracy = epoch.trainingAccuracy { parts.append("\"training_accuracy\":\(accuracy)") }
    if epoch.isMixed { parts.append("\"mixed\":true") }
    if let share = epoch.exchange { parts.append("\"exchange_share\":\(share)") }
    if let share = epoch.waitedForRanks { parts.append("\"waited_for_ranks_share\":\(share)") }
    if let memory = epoch.memory {
      parts.append(
        "\"resident_bytes\":100,\"memory_limit\":\(memory.limit),\"memory_left\":\(memory.left)")
    }
    if let matrix = epoch.matrix {
      parts.append("\"validation\":\(try JSONText.encode(Scores(matrix, loss: epoch.loss)))")
    }
    return "{\(parts.joined(separator: ","))}"
  }

  func record(_ suffix: String = "") throws -> RunRecord {
    let scratch = try Scratch()
    try write(to: scratch)
    return try withExtendedLifetime(scratch) {
      try RunRecord(path: "\(scratch.path)/run\(suffix)")
    }
  }

  /// What is found, once it is seen that each finding is told with a number and something to try.
  func findings() throws -> [Diagnosis.Finding] {
    let record = try record()
    let diagnosis = Diagnosis(record)
    let lines = DiagnosisText.lines(diagnosis, of: record)
    for (number, finding) in diagnosis.findings.enumerated() {
      let head =
        "\(number + 1) \(type(of: finding.illness).name) (\(finding.illness.severity.rawValue))"
      let place = try #require(lines.firstIndex(of: head), "\(lines)")
      #expect(lines[place + 1].count > 40 && lines[place + 2].hasPrefix("  try  "))
    }
    #expect(lines[0].contains("healthy") == diagnosis.findings.isEmpty)
    return diagnosis.findings
  }

  /// Their names, the first first.
  func names() throws -> [String] { try findings().map { type(of: $0.illness).name } }
}
