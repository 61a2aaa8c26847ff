/// Reads or writes the keys of a transform as they are shown to it. A value that is read takes the
/// place of the one that is there; a value that is nil is left open, and not written.
package protocol TransformKeys {
  mutating func integer(_ key: String, _ value: inout Int?, in range: ClosedRange<Int>)

  mutating func number(_ key: String, _ value: inout Double, in range: ClosedRange<Double>)

  /// A number or a word: `.some(nil)` is the word.
  mutating func number(
    _ key: String, _ value: inout Double??, in range: ClosedRange<Double>, or word: String)

  /// A list of as many numbers as one of `counts`.
  mutating func numbers(
    _ key: String, _ value: inout [Double]?, counts: [Int], in range: ClosedRange<Double>)

  /// One of an enumeration's words.
  mutating func choice<Word: RawRepresentable<String> & CaseIterable & Sendable>(
    _ key: String, _ value: inout Word?)

  /// One number, or a list of as many as one of `counts`.
  mutating func numbers(
    _ key: String, _ value: inout [Double], oneOr counts: [Int], in range: ClosedRange<Double>)
}

extension TransformKeys {
  /// One of an enumeration's words, which always has a value.
  mutating func choice<Word: RawRepresentable<String> & CaseIterable & Sendable>(
    _ key: String, _ value: inout Word
  ) {
    var word: Word? = value
    choice(key, &word)
    value = word ?? value
  }

  /// A whole number, which always has a value.
  mutating func integer(_ key: String, _ value: inout Int, in range: ClosedRange<Int>) {
    var number: Int? = value
    integer(key, &number, in: range)
    value = number ?? value
  }

  /// A list of as many numbers, which always has a value.
  mutating func numbers(
    _ key: String, _ value: inout [Double], count: Int, in range: ClosedRange<Double>
  ) {
    var numbers: [Double]? = value
    self.numbers(key, &numbers, counts: [count], in: range)
    value = numbers ?? value
  }

  mutating func crop(_ key: String, _ value: inout Resize.Crop?) {
    var share = value.map(\.share)
    number(key, &share, in: Resize.shares, or: "none")
    value = share.map { $0.map(Resize.Crop.center) ?? Resize.Crop.none }
  }

  mutating func probability(_ value: inout Double) { number("probability", &value, in: 0...1) }

  mutating func fill(_ value: inout FillColour) {
    numbers("fill", &value.numbers, oneOr: [3], in: 0...255)
  }
}
