import Files
package import MPI
package import Tensors

/// Rank 0 looks into folders and decides for all. All calls are collective, and throw on all ranks
/// if rank 0's part does, with one line.
extension Communicator {
  /// The rank that looks, decides and tells.
  package var isFirst: Bool { rank == 0 }

  /// What rank 0 finds; nil on the others.
  @discardableResult
  package func onFirst<Result>(_ body: () throws -> Result) throws -> Result? {
    try agree(isShared: true) { isFirst ? try body() : nil }
  }

  /// The same for what may be missing.
  package func onFirst<Result>(_ body: () throws -> Result?) throws -> Result? {
    try agree(isShared: true) { isFirst ? try body() : nil }
  }

  /// What rank 0 comes to by work that may take longer than ranks may wait; nil on the others.
  ///
  /// - Parameter body: calls its argument again and again, as it gets on: then the others' wait for
  ///   rank 0 begins anew, so that they still end when it hangs.
  package func onFirst<Result>(
    working body: (_ getsOn: () throws -> Void) throws -> Result
  ) throws -> Result? {
    try agree(isShared: true) {
      guard isFirst else {
        while try broadcast([Int64](), from: 0) == [1] {}
        return nil
      }
      var told = ContinuousClock.now
      // Whether or not it comes to a result, the others leave their loop.
      let result = Swift.Result {
        try body {
          guard ContinuousClock.now - told > .milliseconds(100) else { return }
          _ = try broadcast([1] as [Int64], from: 0)
          told = .now
        }
      }
      _ = try broadcast([0] as [Int64], from: 0)
      return try result.get()
    }
  }

  /// What rank 0 finds, on every rank.
  package func share<Value: Codable>(_ body: () throws -> Value) throws -> Value {
    // In a list, so that nothing at all can be shared, too.
    let text = try onFirst { try JSONText.encode([try body()]) } ?? ""
    let all: [Value] = try JSONText.decode(from: broadcast(Array(text.utf8), from: 0))
    return all[0]
  }

  /// Gives every rank the weights of rank 0, which must have as many.
  package func broadcast(_ weights: FlatStore) throws(MPIError) {
    try broadcast(weights.pointer, count: weights.count, from: 0)
  }

  /// Whether it holds on any rank.
  package func any(_ holds: Bool) throws -> Bool {
    try sum([holds ? 1 : 0])[0] > 0
  }
}
