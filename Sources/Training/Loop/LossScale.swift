import Checkpoints
import DataParallel
import NeuralNetworks
import Optimizers
import Tensors

/// The number that a training multiplies its losses by, and what it remembers of it.
struct LossScale: Equatable {
  private(set) var value: Int
  /// That were applied since the scale last changed.
  private(set) var steps: Int

  init(_ rule: LossScaling, kept: [String: Double]? = nil) {
    let scale = kept?["scale"].flatMap { Int(exactly: $0) } ?? rule.first
    // What can't be one was written by somebody else.
    value = LossScaling.allows(scale) ? scale : rule.first
    steps = kept?["steps"].flatMap { Int(exactly: $0) } ?? 0
  }

  var kept: [String: Double] { ["scale": Double(value), "steps": Double(steps)] }

  /// A step was applied.
  mutating func grow(by rule: LossScaling) {
    steps += 1
    guard steps >= rule.growthSteps else { return }
    value = min(2 * value, LossScaling.range.upperBound)
    steps = 0
  }

  /// A step's gradients overflowed: gives whether a smaller scale is left to try.
  mutating func shrink() -> Bool {
    guard value > LossScaling.range.lowerBound else { return false }
    value /= 2
    steps = 0
    return true
  }
}

extension TrainingState {
  private static let lossScale = "loss-scale"

  func lossScale(_ rule: LossScaling) -> LossScale {
    LossScale(rule, kept: rules[Self.lossScale])
  }

  mutating func keep(_ scale: LossScale) { rules[Self.lossScale] = scale.kept }

  /// Begins with the scale of the recipe, for a training by another one.
  package mutating func forgetLossScale() { rules[Self.lossScale] = nil }
}

extension Trainer {
  /// What the next step's losses are multiplied by; nil where they aren't.
  var lossScale: Int? { settings.lossScaling.map { state.lossScale($0).value } }

  /// Counts a step that was applied.
  func growLossScale() {
    guard let rule = settings.lossScaling else { return }
    var scale = state.lossScale(rule)
    scale.grow(by: rule)
    state.keep(scale)
  }

  /// Passes over a step whose gradients alone aren't finite, at a smaller scale from here on; gives false where that
  /// isn't so. The same on all ranks.
  func passOverByLossScale(_ summary: StepSummary) throws -> Bool {
    guard let rule = settings.lossScaling, let what = summary.nonFinite, summary.loss.isFinite,
      model.layout.entries.contains(where: { $0.name == what && $0.kind != .statistic })
    else {
      return false
    }
    var scale = state.lossScale(rule)
    let former = scale.value
    guard scale.shrink() else { return false }
    state.keep(scale)
    try report(
      .passedOver(
        PassedOverStep(
          step: state.step + 1, epoch: state.epoch,
          reason:
            "step \(state.step + 1): the gradient of \(what) is too large for 16 bits at a loss "
            + "scale of \(former), which is \(scale.value) from here on",
          learningRateFactor: state.nonFinite.learningRateFactor, lossScale: scale.value)))
    return true
  }
}
