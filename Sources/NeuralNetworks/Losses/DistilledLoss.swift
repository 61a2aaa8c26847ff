package import Kernels
package import Tensors

/// A loss by labels and, for a share of it, by what a teacher says of the same photos; see `distillation`:
///
///     (1 − share)·loss + share·distillation
///
/// A sample counts in the second part what it adds to the divisor of the first, so that both are divided by
/// the same sum. Targets without a teacher's answers have the first part alone.
package struct DistilledLoss: Loss {
  private var loss: any Loss
  /// Of the teacher, 0...1.
  package let share: Double
  package let temperature: Double

  package var divisor: LossDivisor { loss.divisor }

  package var classWeights: [Float]? {
    get { loss.classWeights }
    set { loss.classWeights = newValue }
  }

  package init(_ loss: any Loss, share: Double, temperature: Double) {
    self.loss = loss
    self.share = share
    self.temperature = temperature
  }

  package func sums(_ logits: Tensor, _ targets: Targets, gradient: Tensor?) -> LossSums {
    var sums = loss.sums(logits, targets, gradient: gradient)
    guard let teacher = targets.teacher else { return sums }
    precondition(
      teacher.count == logits.count, "\(teacher.count) answers of a teacher for \(logits.shape)")
    if let gradient {
      let own = Float(1 - share)
      for place in 0..<gradient.count { gradient.pointer[place] *= own }
    }
    let weights = targets.divisorWeights(divisor, classWeights: classWeights)
    let distilled = distillation(
      logits, teacher: teacher, weights: weights.map { share * $0 }, temperature: temperature,
      gradient: gradient)
    sums.loss = (1 - share) * sums.loss + distilled
    return sums
  }
}
