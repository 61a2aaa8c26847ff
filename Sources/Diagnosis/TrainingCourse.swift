import Recipes
import Evaluation
import Glibc
import Runs

/// How a training's loss and gradients went, smoothed: a step's loss is that of few photos.
struct TrainingCourse {
  /// Medians of the loss in up to twenty stretches of the steps. A loss that is no number counts as infinite.
  let losses: [Double]
  /// The same of the gradient's norm.
  let norms: [Double]
  /// Before anything was learned: the mean of the first three steps, or fewer.
  let firstLoss: Double
  /// The mean of the last tenth of the steps, three at least.
  let lastLoss: Double

  /// Nil for fewer than five steps, which tell nothing.
  init?(_ training: RunRecord.Training) {
    let steps = training.metrics.steps.filter { $0.loss != nil }
    guard steps.count >= 5 else { return nil }
    let all = steps.map { step in step.loss.flatMap { $0.isNaN ? nil : $0 } ?? .infinity }
    let pieces = min(20, steps.count / 3)
    losses = Self.medians(all, pieces: pieces)
    norms = Self.medians(
      steps.map { $0.gradientNorm.isNaN ? .infinity : $0.gradientNorm }, pieces: pieces)
    firstLoss = Self.mean(all.prefix(min(3, all.count)))
    lastLoss = Self.mean(all.suffix(max(3, all.count / 10)))
  }

  static func mean(_ values: some Collection<Double>) -> Double {
    values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
  }

  static func median(_ values: some Collection<Double>) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
  }

  private static func medians(_ values: [Double], pieces: Int) -> [Double] {
    (0..<max(1, pieces)).map { piece in
      let (start, end) = (
        piece * values.count / max(1, pieces), (piece + 1) * values.count / max(1, pieces)
      )
      return median(values[start..<end])
    }
  }
}

extension RunRecord.Training {
  /// After the last epoch: of many epochs at chance, the best is above it.
  var lastScores: Scores? { metrics.epochs.last.flatMap { scores(after: $0) } }

  /// Whether what is said of the validation photos has nothing to do with them: after the last epoch the accuracy isn't
  /// known to be above chance, and is known not to be far above. Nil where photos have several labels, or none validate.
  var isAtChance: Bool? {
    guard let lastScores, lastScores.matrix != nil, let chance else { return nil }
    let interval = Interval.ofAccuracy(lastScores)
    return interval.lower <= chance && interval.upper <= chance + 0.2
  }

  /// Of a model that gives each class the same probability, ln K; with several labels ln 2.
  var lossOfKnowingNothing: Double? {
    lastScores.map { $0.matrix == nil ? log(2) : log(Double(max($0.perClass.count, 2))) }
  }

  /// The accuracy that comes of how often classes occur and how often they are said, with no look at the photos: Cohen's
  /// chance, Σ labels·predictions / n². Of a model that always says one class, that class's share.
  var chance: Double? {
    guard let matrix = lastScores?.matrix, matrix.photos > 0 else { return nil }
    let photos = Double(matrix.photos)
    return zip(matrix.support, matrix.predicted).reduce(0) {
      $0 + Double($1.0) / photos * Double($1.1) / photos
    }
  }

  /// Whether more than half of the photos that are trained on are of one class, so that a model does well by saying
  /// nothing else.
  var hasOneLargeClass: Bool {
    guard let classes = metrics.starts.last?.classes.map({ Double($0.photos) }) else {
      return false
    }
    return 2 * (classes.max() ?? 0) > classes.reduce(0, +)
  }

  /// Of the last epoch in which photos weren't mixed.
  var trainingAccuracy: Double? {
    metrics.epochs.last { $0.mixed != true && $0.trainingAccuracy != nil }?.trainingAccuracy
  }

  /// The recipe's learning rate times a factor, as a setting with two digits.
  func learningRate(times factor: Double) -> Change {
    .set("optimizer.learning-rate=\(Self.rounded(recipe.optimizer.learningRate * factor))")
  }

  /// With two significant digits, as recipes have numbers: `0.0003`, `3.0e-06`.
  static func rounded(_ value: Double) -> Double {
    guard value.isFinite, value > 0 else { return value }
    let exponent = Int(log10(value).rounded(.down)) - 1
    let digits = (value / pow(10, Double(exponent))).rounded()
    // Read from its digits, so that it has no others.
    return Double("\(Int(digits))e\(exponent)") ?? value
  }
}
