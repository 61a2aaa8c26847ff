package import Tensors
package import Timelines

/// Puts the operations of a pass on a thread's lane of a timeline. A slice of the forward pass begins where the
/// one before ends.
package final class OperationSlices: PassProfile {
  private let lane: Lane
  private var operations: [(name: String, details: Slice.Details)] = []

  package init(_ lane: Lane) { self.lane = lane }

  package func start() {}

  package func countForward(
    _ operation: OperationProfile.Operation, _ parameters: [FlatEntry]
  ) -> Int {
    var details: Slice.Details = []
    if let layer = parameters.first?.layer { details.append(("layer", .text(layer))) }
    if let input = operation.inputs.first { details.append(("input", .text("\(input)"))) }
    details.append(("output", .text("\(operation.output)")))
    lane.slice(sinceMark: operation.name, .operation, details)
    operations.append(("\(operation.name) backward", details))
    return operations.count - 1
  }

  package func countBackward(_ number: Int, _ body: () -> Void) {
    let (name, details) = operations[number]
    lane.slice(name, .operation, details, body)
  }

  package func countParameterGradient(_ parameter: FlatEntry, _ body: () -> Void) {
    lane.slice(
      "parameter gradient", .operation,
      [("parameter", .text(parameter.name)), ("shape", .text("\(parameter.shape)"))], body)
  }
}
