/// Something that a team of ranks trains from its first epoch to its last, such as a fold.
package struct Job: Equatable, Sendable {
  /// What it takes, against others: seconds, where they were measured.
  package let cost: Double
  /// Micro-batches of its shortest full step: more ranks can't share one.
  package let mostRanks: Int
  /// Ranks can join at the end of each but the last.
  package let epochs: Int

  /// What it is known by: no less than 0, and no other's.
  package let id: Int

  package init(_ id: Int, cost: Double = 1, mostRanks: Int, epochs: Int) {
    precondition(id >= 0 && mostRanks > 0 && epochs > 0)
    self.id = id
    self.cost = cost
    self.mostRanks = mostRanks
    self.epochs = epochs
  }
}
