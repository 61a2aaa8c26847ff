import Tensors

/// The random numbers of one transform for one place in an epoch's list.
///
/// Transform k of the list as the recipe gives it has a stream of its own (`Philox.Stream`), so it may
/// draw as many as it likes, and what it draws changes no other's numbers. Each transform says which
/// indices it uses for what.
package struct Draws {
  private let random: Philox
  private let position: Int
  private let journal: Journal?

  /// - Parameters:
  ///   - position: in the epoch's list of photos.
  ///   - place: of the transform in the recipe's list.
  ///   - journal: is told what is drawn.
  package init(seed: UInt64, epoch: Int, position: Int, place: Int, journal: Journal? = nil) {
    random = Philox(seed: seed, stream: .augmentation(place: place), epoch: epoch)
    self.position = position
    self.journal = journal
  }

  /// Uniform in [0, 1): the transform's number `index`, from 0 to 2³⁴ − 1.
  package func uniform(_ index: Int) -> Float {
    precondition(index >= 0 && index < 1 << 34, "draw \(index)")
    return random.uniform(position: position, index: index)
  }

  /// Uniform between two bounds.
  package func uniform(_ index: Int, in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double(uniform(index))
  }

  /// Whether something of that probability happens: always for 1, never for 0.
  package func happens(_ index: Int, probability: Double) -> Bool {
    uniform(index) < Float(probability)
  }

  /// Uniform in 0..<bound.
  package func integer(_ index: Int, below bound: Int) -> Int {
    random.integer(below: bound, position: position, index: index)
  }

  /// An order of `count` things; uses as many numbers from `index` on, less one.
  package func order(_ index: Int, of count: Int) -> [Int] {
    shuffled(count) { integer(index + count - $0, below: $0) }
  }

  /// From the normal distribution, by Box and Muller; uses numbers `index` and `index` + 1.
  package func normal(_ index: Int) -> Double {
    Tensors.normal(Double(uniform(index)), Double(uniform(index + 1)))
  }

  /// Tells the journal, if there is one, what the image is changed by.
  func note(_ name: String, _ value: @autoclosure () -> Journal.Value) {
    journal?.note(name, value())
  }
}
