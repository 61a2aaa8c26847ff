import Glibc
package import Kernels
package import Tensors

/// A loss of logits to which τ·log π is added, π being the classes' shares among the photos that are trained on:
/// Menon et al., "Long-tail learning via logit adjustment", 2021. What the net then says by itself, without the
/// addition, is as if all classes were equally frequent.
package struct LogitAdjustedLoss: Loss {
  private var loss: any Loss
  /// τ·log π of each class.
  private let offsets: [Float]

  package var divisor: LossDivisor { loss.divisor }

  package var classWeights: [Float]? {
    get { loss.classWeights }
    set { loss.classWeights = newValue }
  }

  /// - Parameters:
  ///   - strength: τ.
  ///   - counts: photos of each class; one without any is taken for one of a single photo.
  package init(_ loss: any Loss, strength: Double, counts: [Int]) {
    self.loss = loss
    let all = Double(counts.reduce(0, +))
    offsets = counts.map { Float(strength * log(Double(max($0, 1)) / all)) }
  }

  package func sums(_ logits: Tensor, _ targets: Targets, gradient: Tensor?) -> LossSums {
    let adjusted = Tensor(uninitialized: logits.shape)
    let classes = offsets.count
    for place in 0..<logits.count {
      adjusted.pointer[place] = logits.pointer[place] + offsets[place % classes]
    }
    var sums = loss.sums(adjusted, targets, gradient: gradient)
    // Right is what the net says by itself.
    sums.correct = CrossEntropyLoss(labelSmoothing: 0).sums(logits, targets, gradient: nil).correct
    return sums
  }
}
