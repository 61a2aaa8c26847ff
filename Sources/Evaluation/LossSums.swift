/// The loss of each atom of an evaluation, in the list's order.
///
/// Ranks own neighbouring atoms, so the ranks' numbers one after the other are the list's; they are
/// added up there, one by one in Double, and come to the same bits for any number of ranks.
package struct LossSums: Equatable, Sendable {
  /// For each atom two numbers, the sum of its losses times weights and the sum of its weights: what
  /// the ranks gather.
  package private(set) var numbers: [Double]

  package init() { numbers = [] }

  /// Numbers gathered from all ranks, in their order.
  package init(numbers: [Double]) {
    precondition(numbers.count % 2 == 0, "two numbers for each atom")
    self.numbers = numbers
  }

  /// The next atom: its losses times weights, and its weights, each summed.
  package mutating func append(loss: Double, weight: Double) { numbers += [loss, weight] }

  /// The weighted mean over all atoms; 0 when nothing has weight.
  package var mean: Double {
    var loss = 0.0
    var weight = 0.0
    for index in stride(from: 0, to: numbers.count, by: 2) {
      loss += numbers[index]
      weight += numbers[index + 1]
    }
    return weight == 0 ? 0 : loss / weight
  }
}
