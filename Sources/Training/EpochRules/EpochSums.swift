package import Checkpoints
import DataParallel
import Optimizers

/// Sums over the steps of an epoch, kept in the checkpoint so that a resumed epoch reports what an
/// uninterrupted one would.
struct EpochSums: Equatable {
  var loss = 0.0
  var weight = 0.0
  var samples = 0.0
  var correct = 0.0
  /// Steps that were applied.
  var steps = 0
  /// Those of them whose gradient was clipped.
  var clippedSteps = 0

  mutating func add(_ step: StepSummary, _ clipping: GradientClipping) {
    if step.isApplied {
      steps += 1
      if clipping.acts(norm: step.gradientNorm, largest: step.largestGradient) { clippedSteps += 1 }
    }
    loss += step.loss
    weight += step.weight
    samples += step.samples
    correct += step.correct
  }

  /// Of no steps, or of photos without weight, there is no mean.
  var meanLoss: Double? { weight == 0 ? nil : loss / weight }
  var accuracy: Double? { samples == 0 ? nil : correct / samples }
  var clippedShare: Double? { steps == 0 ? nil : Double(clippedSteps) / Double(steps) }
}

extension TrainingState {
  private static let rule = "epoch-sums"

  /// Takes the state back to the first step of its epoch, where an epoch has so many steps: they are
  /// others than those that were taken.
  package mutating func restartEpoch(ofSteps stepsPerEpoch: Int) {
    stepInEpoch = 0
    step = epoch * stepsPerEpoch
    epochSums = EpochSums()
  }

  var epochSums: EpochSums {
    get {
      let kept = rules[Self.rule] ?? [:]
      return EpochSums(
        loss: kept["loss"] ?? 0, weight: kept["weight"] ?? 0, samples: kept["samples"] ?? 0,
        correct: kept["correct"] ?? 0, steps: Int(exactly: kept["steps"] ?? 0) ?? 0,
        clippedSteps: Int(exactly: kept["clipped_steps"] ?? 0) ?? 0)
    }
    set {
      rules[Self.rule] = [
        "loss": newValue.loss, "weight": newValue.weight, "samples": newValue.samples,
        "correct": newValue.correct, "steps": Double(newValue.steps),
        "clipped_steps": Double(newValue.clippedSteps),
      ]
    }
  }
}
