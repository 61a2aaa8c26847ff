import Tensors

/// The random numbers of one transform for one place in an epoch's list.
///
/// Transform k of the list as the recipe gives it, counted from zero, has Philox's indices
/// 16k … 16k+15 at that position: adding draws to one transform changes no other's.
package struct Draws: Sendable {
  static let perTransform = 16

  private let random: Philox
  private let position: Int
  private let first: Int

  /// - Parameters:
  ///   - position: in the epoch's list of photos.
  ///   - place: of the transform in the recipe's list.
  package init(seed: UInt64, epoch: Int, position: Int, place: Int) {
    random = Philox(seed: seed, stream: .augmentation, epoch: epoch)
    self.position = position
    first = place * Self.perTransform
  }

  /// Uniform in [0, 1): the transform's number `index`, below 16.
  package func uniform(_ index: Int) -> Float {
    precondition(index < Self.perTransform, "draw \(index) belongs to the next transform")
    return random.uniform(position: position, index: first + index)
  }
}
