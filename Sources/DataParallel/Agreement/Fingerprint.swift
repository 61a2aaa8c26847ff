import Files
package import MPI

/// What has to be equal on all ranks for a run to be one run: the binary, the data list, the
/// recipe, CPU features, the BLAS core; each with its value or digest.
package struct Fingerprint: Sendable {
  package let items: [(what: String, value: String)]

  package init(_ items: [(what: String, value: String)]) { self.items = items }

  /// Compares the ranks with rank 0, in one exchange. Collective.
  ///
  /// - Throws: the same `FingerprintMismatch` on all ranks, or `MPIError`.
  package func compare(over communicator: Communicator) throws {
    let own = [hostName()] + items.flatMap { [$0.what, $0.value] }
    let all = try communicator.allGather(Array(own.joined(separator: "\0").utf8))
      .map {
        String(decoding: $0, as: UTF8.self).split(separator: "\0", omittingEmptySubsequences: false)
      }
    let differences = Self.differences(all.map { $0.map(String.init) })
    if !differences.isEmpty { throw FingerprintMismatch(differences: differences) }
  }

  /// Compares lists of host, then name and value by turns; one line for each name that differs.
  static func differences(_ ranks: [[String]]) -> [String] {
    guard let first = ranks.first else { return [] }
    return stride(from: 1, to: ranks.map(\.count).max() ?? 0, by: 2).compactMap { place in
      func item(_ list: [String]) -> [String] { Array(list.dropFirst(place).prefix(2)) }
      let others = ranks.indices.filter { item(ranks[$0]) != item(first) }
      guard let other = others.first else { return nil }
      func told(_ rank: Int) -> String {
        "\(item(ranks[rank]).last ?? "nothing") on rank \(rank) (host \(ranks[rank][0]))"
      }
      let name = (item(first).first ?? item(ranks[other]).first) ?? ""
      let more = others.count > 1 ? " and \(others.count - 1) more ranks" : ""
      return "\(name) is \(told(0)) but \(told(other))\(more)"
    }
  }
}

/// Ranks that can't train one model together, and why.
package struct FingerprintMismatch: UnusableInput, CustomStringConvertible {
  package let differences: [String]

  package var description: String {
    "the ranks differ: " + differences.joined(separator: "; ")
      + "; give all ranks the same binary, options, files and kind of CPU"
  }
}
