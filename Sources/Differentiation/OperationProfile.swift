package import Tensors

/// The time that each operation of one forward and backward pass takes where it stands: its input in
/// whatever cache the operation before it left it in. Calls with the same shapes are added up.
package final class OperationProfile: PassProfile {
  /// An operation and what it works on.
  package struct Operation: Hashable, Sendable {
    /// The function's name, such as `convolution`.
    package let name: String
    /// Empty where the operation doesn't tell.
    package let inputs: [Shape]
    /// Those of matrices and filters, not of biases and norms.
    package let weights: [Shape]
    package let output: Shape
    /// False when the output is the input's memory, and still pending.
    package let writesOutput: Bool
    /// Products of two numbers in the forward pass by the definition, as many again in each of the
    /// two parts of backward; nil for an operation that isn't a matter of products.
    package let multiplications: Int?
    package let givesInputGradient: Bool
  }

  /// Seconds of all calls.
  package struct Times: Sendable {
    package fileprivate(set) var calls = 0
    package fileprivate(set) var forward = 0.0
    /// Backward without what follows.
    package fileprivate(set) var inputGradient = 0.0
    /// Writing the gradients of parameters; of a norm, its sums are in `inputGradient`.
    package fileprivate(set) var parameterGradient = 0.0
  }

  /// In the order of the forward pass.
  package private(set) var entries: [(operation: Operation, times: Times)] = []
  private var places: [Operation: Int] = [:]
  private let clock = ContinuousClock()
  /// When the operation before this one was done.
  private var last: ContinuousClock.Instant
  /// Parameters' gradients of all operations so far.
  private var parameterSeconds = 0.0

  package init() { last = clock.now }

  package func start() { last = clock.now }

  /// Gives the operation's place among the entries.
  package func countForward(_ operation: Operation, _ parameters: [FlatEntry]) -> Int {
    let place = places[operation] ?? entries.count
    if place == entries.count {
      places[operation] = place
      entries.append((operation, Times()))
    }
    let now = clock.now
    entries[place].times.calls += 1
    entries[place].times.forward += (now - last) / .seconds(1)
    last = now
    return place
  }

  package func countBackward(_ place: Int, _ body: () -> Void) {
    let parameters = parameterSeconds
    let seconds = clock.measure(body) / .seconds(1)
    let share = parameterSeconds - parameters
    entries[place].times.parameterGradient += share
    entries[place].times.inputGradient += seconds - share
  }

  package func countParameterGradient(_ parameter: FlatEntry, _ body: () -> Void) {
    parameterSeconds += clock.measure(body) / .seconds(1)
  }
}

extension OperationProfile.Operation {
  /// - Parameter function: with its arguments' labels, as `#function` gives it.
  init(
    _ function: StaticString, _ inputs: [Variable], _ entries: [FlatEntry], _ output: Variable,
    multiplications: Int?
  ) {
    name = String("\(function)".prefix { $0 != "(" })
    self.inputs = inputs.map(\.shape)
    let matrices = entries.filter { $0.order != .same }
    weights = matrices.map(\.shape)
    self.output = output.shape
    writesOutput = !inputs.contains { $0.stored.sharesMemory(with: output.stored) }
    let rows = output.shape.count / max(output.shape.extents.last ?? 1, 1)
    let products = matrices.reduce(0) { $0 + rows * $1.shape.count }
    self.multiplications = multiplications ?? (matrices.isEmpty ? nil : products)
    givesInputGradient = inputs.isEmpty || inputs.contains(where: \.needsGradient)
  }
}
