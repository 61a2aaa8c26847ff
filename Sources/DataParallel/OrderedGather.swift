package import MPI

/// Results of neighbouring atoms, brought into the order of the whole list: ranks own intervals in
/// rank order (`LeafIntervals.even`), so that is one after the other. The lengths are free.
extension Communicator {
  /// All ranks' values in atom order, on every rank. Collective.
  package func gatherInOrder<T: Element>(_ values: [T]) throws(MPIError) -> [T] {
    try allGather(values).flatMap { $0 }
  }

  /// All ranks' values in atom order, on rank 0; nil on the others. Collective.
  package func gatherInOrderToFirst<T: Element>(_ values: [T]) throws(MPIError) -> [T]? {
    try gather(values, to: 0)?.flatMap { $0 }
  }

  /// The sum of one number for each atom, added in atom order: the same bits for any number of
  /// ranks, on every rank. Collective.
  package func sumInOrder(_ atoms: [Double]) throws(MPIError) -> Double {
    try gatherInOrder(atoms).reduce(0, +)
  }
}
