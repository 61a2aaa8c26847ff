/// In which formats a training's pass stores what operations hand to each other. All arithmetic, sums, statistics
/// and parameters are fp32, and so is everything in evaluation.
package enum Precision: String, CaseIterable, Sendable {
  case fp32
  /// Activations and their gradients in bfloat16.
  case bf16
  /// Activations in IEEE half precision, their gradients in fp32.
  case fp16
  /// Activations and their gradients in half precision: needs a loss that is scaled.
  case fp16Gradients = "fp16-gradients"

  /// The one whose activations and gradients wait so, which there must be.
  package init(activations: NumberFormat, gradients: NumberFormat) {
    let found = Self.allCases.first { $0.activations == activations && $0.gradients == gradients }
    guard let found else {
      preconditionFailure("no precision has \(activations) with gradients in \(gradients)")
    }
    self = found
  }

  package var activations: NumberFormat {
    switch self {
    case .fp32: .fp32
    case .bf16: .bf16
    case .fp16, .fp16Gradients: .fp16
    }
  }

  package var gradients: NumberFormat {
    switch self {
    case .fp32, .fp16: .fp32
    case .bf16: .bf16
    case .fp16Gradients: .fp16
    }
  }
}
