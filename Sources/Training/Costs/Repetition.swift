import Tensors

/// Measures what is short as often as it takes for a machine's moods to even out.
enum Repetition {
  /// Seconds in which it is repeated.
  static let span = 1.0

  /// The median of the seconds that `body` takes.
  ///
  /// - Parameters:
  ///   - least: times that it is run, however long it takes.
  ///   - most: times that it can be.
  static func seconds(
    atLeast least: Int = 3, atMost most: Int = .max, _ body: () throws -> Void
  ) rethrows -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    var seconds: [Double] = []
    while seconds.count < most, seconds.count < least || (clock.now - start) / .seconds(1) < span {
      seconds.append(try clock.measure(body) / .seconds(1))
    }
    return seconds.median
  }
}
