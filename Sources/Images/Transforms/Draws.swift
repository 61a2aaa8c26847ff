import Tensors

/// The random numbers of one transform for one place in an epoch's list.
///
/// Transform k of the list as the recipe gives it has a stream of its own (`Philox.Stream`), so it may
/// draw as many as it likes, and what it draws changes no other's numbers.
package struct Draws: Sendable {
  private let random: Philox
  private let position: Int

  /// - Parameters:
  ///   - position: in the epoch's list of photos.
  ///   - place: of the transform in the recipe's list.
  package init(seed: UInt64, epoch: Int, position: Int, place: Int) {
    random = Philox(seed: seed, stream: .augmentation(place: place), epoch: epoch)
    self.position = position
  }

  /// Uniform in [0, 1): the transform's number `index`, from 0 to 2³⁴ − 1.
  package func uniform(_ index: Int) -> Float {
    precondition(index >= 0 && index < 1 << 34, "draw \(index)")
    return random.uniform(position: position, index: index)
  }
}
