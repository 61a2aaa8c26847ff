/// Something that a team of ranks trains from its first epoch to its last, such as a fold.
package struct Job: Equatable, Sendable {
  /// What all of it takes, against others: seconds, where they were measured.
  package let cost: Double
  /// Micro-batches of its shortest full step: more ranks can't share one.
  package let mostRanks: Int
  /// Ranks can join at the end of each but the last.
  package let epochs: Int
  /// Where it goes on from a checkpoint.
  package let epochsLeft: Int

  package var costLeft: Double { cost * Double(epochsLeft) / Double(epochs) }
  /// What it is known by: no less than 0, and no other's.
  package let id: Int

  package init(_ id: Int, cost: Double = 1, mostRanks: Int, epochs: Int, epochsLeft: Int? = nil) {
    precondition(id >= 0 && mostRanks > 0 && epochs > 0)
    self.epochsLeft = epochsLeft ?? epochs
    self.id = id
    self.cost = cost
    self.mostRanks = mostRanks
    self.epochs = epochs
  }
}
