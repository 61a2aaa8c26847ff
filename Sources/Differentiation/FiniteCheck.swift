import Kernels
package import Tensors

/// Looks for the first number of a forward and backward pass that isn't finite. A pass without one pays nothing
/// for it.
///
/// What an operation gives is looked at in the order of the forward pass, then gradients in that of backward: the
/// place is that where the number arises, and not one of the many that it reaches from there.
package final class FiniteCheck {
  /// Such as `the output of layer1.0.conv1`; nil as long as all numbers are finite.
  package private(set) var finding: String?
  /// The last layer of the forward pass that has parameters.
  private var layer: String?

  package init() {}

  /// Looks at numbers, which are called `what` if one of them isn't finite.
  package func look(at values: Tensor, as what: @autoclosure () -> String) {
    if finding == nil, !Self.isFinite(values) { finding = what() }
  }

  package func look(at value: Double, as what: @autoclosure () -> String) {
    if finding == nil, !value.isFinite { finding = what() }
  }

  /// Looks at what an operation gives, and names it for a message.
  ///
  /// - Parameter function: the operation's, with its arguments' labels.
  func look(
    at output: Variable, of function: StaticString, _ entries: [FlatEntry], on tape: Tape
  ) -> String {
    let operation = String("\(function)".prefix { $0 != "(" })
    let name: String
    if let own = entries.first?.layer {
      layer = own
      name = own
    } else {
      name = layer.map { "\(operation) behind \($0)" } ?? operation
    }
    look(at: output.value(on: tape), as: "the output of \(name)")
    if let transform = output.transform {
      for values in [transform.scale, transform.shift] {
        look(at: values, as: "the output of \(name)")
      }
    }
    return name
  }

  private static func isFinite(_ values: Tensor) -> Bool {
    // Nothing but 0 and NaN comes of a number times 0, and a sum keeps the NaN.
    var sum: Float = 0
    for index in 0..<values.count { sum += values.pointer[index] * 0 }
    return sum == 0
  }
}

extension FlatEntry {
  /// `layer1.0.conv1` of `layer1.0.conv1.weight`.
  var layer: String {
    name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }
}
