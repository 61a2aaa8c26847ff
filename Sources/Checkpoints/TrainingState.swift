/// Where a training run stands: all that, with the weights and the optimiser's moments, decides how
/// it goes on. No time, host or number of ranks, so that equal runs write equal bytes.
package struct TrainingState: Codable, Equatable, Sendable {
  /// The best value so far of the metric that chooses between checkpoints.
  package struct Best: Codable, Equatable, Sendable {
    package var value: Double
    /// The step after which it was measured.
    package var step: Int

    package init(value: Double, step: Int) {
      self.value = value
      self.step = step
    }
  }

  /// Steps taken.
  package var step: Int
  /// The epoch of the next step, from 0.
  package var epoch: Int
  /// Steps taken in that epoch.
  package var stepInEpoch: Int
  package var samplesSeen: Int
  /// Updates that the optimiser counts for its bias correction: fewer than `step` when some were
  /// skipped.
  package var optimizerSteps: Int
  /// How many of these updates a parameter missed while it was frozen, by its name.
  package var missedUpdates: [String: Int] {
    get { missed ?? [:] }
    set { missed = newValue.isEmpty ? nil : newValue }
  }
  /// Not in the file when there are none.
  private var missed: [String: Int]?
  /// The best epoch's, as the rule `best` remembers it.
  package var best: Best? {
    get {
      guard let memory = rules["best"], let value = memory["value"],
        let step = memory["step"].flatMap({ Int(exactly: $0) })
      else { return formerBest }
      return Best(value: value, step: step)
    }
    set {
      formerBest = nil
      rules["best"] = newValue.map { ["value": $0.value, "step": Double($0.step)] }
    }
  }
  /// Where earlier versions kept it; not in files of this one.
  private(set) var formerBest: Best?
  /// What the schedule's learning rate is multiplied by, as the rule `plateau` remembers it.
  package var learningRateFactor: Double { rules["plateau"]?["factor"] ?? 1 }
  /// Whether the rule `early-stopping` has ended the training.
  package var isStoppedEarly: Bool { rules["early-stopping"]?["stopped"] == 1 }

  /// Forgets the values that epochs were compared with, where another recipe measures otherwise, and with them
  /// that the training was ended.
  ///
  /// - Parameter keepsFactor: what the learning rate was lowered to stays.
  package mutating func judgeAnew(keepingFactor keepsFactor: Bool) {
    let factor = learningRateFactor
    best = nil
    rules["early-stopping"] = nil
    rules["start"] = nil
    rules["plateau"] = keepsFactor && factor < 1 ? ["factor": factor] : nil
  }
  /// The classes' names, in the order of the model's outputs.
  package var classes: [String]
  /// SHA-256 of the recipe's keys that affect results.
  package var recipeDigest: String
  /// SHA-256 of the data's list.
  package var dataDigest: String
  /// What rules with memory remember, by the rule's name: `["plateau": ["best": 0.7, "waited": 3]]`.
  package var rules: [String: [String: Double]]
  /// SHA-256 of each file of the checkpoint, by name. Filled in by `CheckpointWriter.commit`.
  package internal(set) var files: [String: String] = [:]

  package init(
    step: Int = 0, epoch: Int = 0, stepInEpoch: Int = 0, samplesSeen: Int = 0,
    optimizerSteps: Int = 0, best: Best? = nil, classes: [String] = [], recipeDigest: String,
    dataDigest: String,
    rules: [String: [String: Double]] = [:]
  ) {
    self.step = step
    self.epoch = epoch
    self.stepInEpoch = stepInEpoch
    self.samplesSeen = samplesSeen
    self.optimizerSteps = optimizerSteps
    self.classes = classes
    self.recipeDigest = recipeDigest
    self.dataDigest = dataDigest
    self.rules = rules
    if let best { self.best = best }
  }

  private enum CodingKeys: String, CodingKey {
    case step, epoch, classes, rules, files
    case formerBest = "best"
    case stepInEpoch = "step_in_epoch"
    case samplesSeen = "samples_seen"
    case missed = "missed_updates"
    case optimizerSteps = "optimizer_steps"
    case recipeDigest = "recipe_digest"
    case dataDigest = "data_digest"
  }
}
