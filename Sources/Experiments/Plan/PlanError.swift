import Files

/// A plan that can't be made.
enum PlanError: UnusableInput, CustomStringConvertible {
  case ranks(Int)

  var description: String {
    switch self {
    case .ranks(let count):
      "tutti plan measures on one rank what more would take, and was started on \(count); start it without mpirun"
    }
  }
}
