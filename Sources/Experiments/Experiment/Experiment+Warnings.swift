import Datasets
import Files
import NeuralNetworks
import Optimizers
import Recipes

extension Experiment {
  /// What a recipe hardly meant for these photos, a sentence each: said before the first step, it saves a
  /// night.
  ///
  /// - Parameter train: the photos that are trained on.
  package func warnings(on train: [Int]) -> [String] {
    [
      doubledCorrection(train), scaledGradient, largeBatch(train), longWarmup(train),
      contradictedSchedule, slowAverage(train), frozenBeginnings,
    ].compactMap(\.self)
  }

  /// Each of the corrections makes up for all of the classes' inequality.
  private func doubledCorrection(_ train: [Int]) -> String? {
    let corrections = [
      ("data.sampling", recipe.data.sampling != nil),
      ("loss.class-weights", recipe.loss.classWeights != nil),
      ("loss.logit-adjustment", recipe.loss.logitAdjustment > 0),
    ].filter(\.1).map(\.0)
    guard corrections.count > 1 else { return nil }
    let names =
      corrections.dropLast().joined(separator: ", ") + " and " + corrections[corrections.count - 1]
    return "\(names) each make up for classes of unequal size, and together for more than that"
      + (shareInLoss(train).map { ": \($0)" } ?? "") + "; leave one"
  }

  /// The class whose photos gain most, by sampling and weights. Nil where these aren't of whole photos.
  private func shareInLoss(_ train: [Int]) -> String? {
    if recipe.loss.name == .binaryCrossEntropy { return nil }
    let counts = dataset.classCounts(of: train)
    func factors(_ balance: ClassBalance?) -> [Double] {
      self.factors(of: balance, train) ?? counts.map { _ in 1 }
    }
    let weights = zip(factors(recipe.data.sampling), factors(recipe.loss.classWeights)).map {
      $0 * $1
    }
    let all = zip(counts, weights).reduce(0) { $0 + Double($1.0) * $1.1 }
    guard all > 0, let label = weights.indices.max(by: { weights[$0] < weights[$1] }) else {
      return nil
    }
    func percent(_ share: Double) -> String { "\((1000 * share).rounded() / 10) %" }
    return "\(dataset.classes[label].harmless(atMost: 80)) has "
      + "\(percent(Double(counts[label]) / Double(train.count))) of the photos and "
      + "\(percent(Double(counts[label]) * weights[label] / all)) of the loss"
  }

  private var scaledGradient: String? {
    guard let focal = recipe.loss.rule as? FocalLoss, focal.alpha != 1,
      let clipping = recipe.optimizer.clipNorm.map({ "clip-norm: \($0)" })
        ?? recipe.optimizer.clipValue.map({ "clip-value: \($0)" })
    else { return nil }
    return
      "loss.alpha: \(focal.alpha) scales the gradient, which optimizer.\(clipping) then clips "
      + "\(focal.alpha < 1 ? "more rarely" : "more often") than without; 1 leaves it as it is"
  }

  /// Few photos make epochs of few steps, and a warm-up in steps is meant for many.
  private func longWarmup(_ train: [Int]) -> String? {
    guard let length = length(train) else { return nil }
    let (epochs, perEpoch) = (recipe.training.epochs, length.stepsPerEpoch)
    let warmup = recipe.schedule.rule.warmup.steps(of: length)
    guard perEpoch < 50, warmup > Double(perEpoch), 4 * warmup > Double(length.steps),
      let value = recipe["schedule.warmup"]?.value
    else { return nil }
    let taken = (10 * warmup / Double(perEpoch)).rounded() / 10
    return
      "schedule.warmup: \(value) takes \(taken) epochs of \(perEpoch) step\(perEpoch == 1 ? "" : "s"), and there are "
      + "\(epochs); 10% is usual"
  }

  /// Nil without photos.
  private func length(_ train: [Int]) -> TrainingLength? {
    guard let perEpoch = try? plan(ofPhotos: train.count).stepsPerEpoch, perEpoch > 0 else {
      return nil
    }
    return TrainingLength(steps: recipe.training.epochs * perEpoch, stepsPerEpoch: perEpoch)
  }

  /// What an average still has of the weights that it began with.
  private func slowAverage(_ train: [Int]) -> String? {
    guard let rule = recipe.average.rule as? ExponentialMovingAverage, let length = length(train),
      length.steps > 1
    else { return nil }
    let left = (2...length.steps).reduce(1.0) { $0 * (1 - rule.share(ofUpdate: $1)) }
    guard left > 0.1 else { return nil }
    return
      "average.decay: \(rule.decay) leaves \((1000 * left).rounded() / 10) % of the first weights in the average of "
      + "\(length.steps) steps; set average.warmup: true, or lower it"
  }

  private var frozenBeginnings: String? {
    guard recipe.fineTuning.batchNorm == .frozen, recipe.model.weights == nil else { return nil }
    return
      "fine-tuning.batch-norm: frozen keeps the running statistics of weights, and there are none (model.weights), so "
      + "that nothing is normalised; set it to auto"
  }

  private var contradictedSchedule: String? {
    let rules = [
      ("plateau", recipe.plateau != nil), ("early-stopping", recipe.earlyStopping != nil),
    ].filter(\.1).map(\.0)
    guard !rules.isEmpty, recipe.schedule.name == .oneCycle else { return nil }
    return
      "\(rules.joined(separator: " and ")) and schedule.name: one-cycle contradict each other: that lowers the "
      + "learning rate in its own time, and is best at its end; take constant-with-warmup, or leave "
      + (rules.count == 1 ? "the rule out" : "the rules out")
  }

  private func largeBatch(_ train: [Int]) -> String? {
    let batch = recipe.training.globalBatch
    guard !train.isEmpty, 3 * batch > train.count else { return nil }
    return
      "training.global-batch: \(batch) is more than a third of the \(train.count) photos to train on, so "
      + "that an epoch has few steps; a smaller one learns more from each"
  }
}
