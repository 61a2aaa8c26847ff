/// Which blocks of a net keep only their input in training, and are run again in backward: memory for time (Chen et
/// al., "Training deep nets with sublinear memory cost", 2016). The bits are the same.
package enum Recomputation: Equatable, Sendable {
  case none
  case all
  /// Those with these numbers, counted in the order in which they are run.
  case blocks(Set<Int>)

  func contains(_ number: Int) -> Bool {
    switch self {
    case .none: false
    case .all: true
    case .blocks(let numbers): numbers.contains(number)
    }
  }
}
