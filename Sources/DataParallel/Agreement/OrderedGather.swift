package import MPI

/// Results of neighbouring atoms, brought into the order of the whole list: ranks own intervals in
/// rank order (`LeafIntervals.even`), so that is one after the other. The lengths are free.
extension Communicator {
  /// All ranks' values in atom order, on every rank. Collective.
  package func gatherInOrder<T: Element>(_ values: [T]) throws(MPIError) -> [T] {
    try allGather(values).flatMap { $0 }
  }
}
