/// Where the random operations of one pass draw from: which numbers they get is a function of the
/// seed, the epoch, each sample's place in the epoch's list, and the operation's path.
package struct Randomness: Sendable {
  package let seed: UInt64
  package let epoch: Int
  /// Of the micro-batch's samples, in the epoch's list.
  package let positions: [Int]

  package init(seed: UInt64, epoch: Int, positions: [Int]) {
    self.seed = seed
    self.epoch = epoch
    self.positions = positions
  }
}
