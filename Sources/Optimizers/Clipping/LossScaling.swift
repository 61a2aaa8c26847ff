/// How a training finds the number that its losses are multiplied by before the backward pass, so that gradients which
/// wait in half precision don't vanish below 6e-8 ([Micikevicius et al. 2018](https://arxiv.org/abs/1710.03740)).
///
/// As PyTorch's `GradScaler`: halved when a gradient overflows, in a step that is then passed over, and doubled after
/// so many steps without. It is a power of two, which changes no digit of a float.
package struct LossScaling: Equatable, Sendable {
  package static let range = 1...(1 << 40)

  /// Whether it is a power of two in that range.
  package static func allows(_ scale: Int) -> Bool {
    range.contains(scale) && scale.nonzeroBitCount == 1
  }

  /// The scale of the first step.
  package let first: Int
  /// Steps without an overflow after which it is doubled.
  package let growthSteps: Int

  package init(first: Int = 65536, growthSteps: Int = 2000) {
    precondition(Self.allows(first), "a scale of \(first)")
    self.first = first
    self.growthSteps = growthSteps
  }
}
