/// Reads or writes the keys of a transform as they are shown to it. A value that is read takes the
/// place of the one that is there; a value that is nil is left open, and not written.
package protocol TransformKeys {
  mutating func integer(_ key: String, _ value: inout Int?, in range: ClosedRange<Int>)

  mutating func number(_ key: String, _ value: inout Double, in range: ClosedRange<Double>)

  /// A number, or one of some words.
  mutating func number(
    _ key: String, _ value: inout NumberOrWord?, in range: ClosedRange<Double>, or words: [String])

  /// A list of as many numbers as one of `counts`.
  mutating func numbers(
    _ key: String, _ value: inout [Double]?, counts: [Int], in range: ClosedRange<Double>)

  /// One of an enumeration's words.
  mutating func choice<Word: RawRepresentable<String> & CaseIterable & Sendable>(
    _ key: String, _ value: inout Word?)

  /// One number, or a list of as many as one of `counts`.
  mutating func numbers(
    _ key: String, _ value: inout [Double]?, oneOr counts: [Int], in range: ClosedRange<Double>)
}

/// A number, or a word in its place.
package enum NumberOrWord: Equatable, Sendable {
  case number(Double)
  case word(String)
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

  /// The same, which always has a value.
  mutating func numbers(
    _ key: String, _ value: inout [Double], oneOr counts: [Int], in range: ClosedRange<Double>
  ) {
    var numbers: [Double]? = value
    self.numbers(key, &numbers, oneOr: counts, in: range)
    value = numbers ?? value
  }

  /// What a padded photo is filled with has a key of its own.
  mutating func crop(_ key: String, _ value: inout Resize.Crop?) {
    let (none, pad) = ("none", "pad")
    let fill = value?.fill ?? .black
    var share: NumberOrWord? =
      switch value {
      case .center(let share): .number(share)
      case .pad: .word(pad)
      case .some(.none): .word(none)
      case nil: nil
      }
    number(key, &share, in: Resize.shares, or: [none, pad])
    value =
      switch share {
      case .number(let share): .center(share)
      case .word(let word): word == pad ? .pad(fill) : Resize.Crop.none
      case nil: nil
      }
  }

  mutating func probability(_ value: inout Double) { number("probability", &value, in: 0...1) }

  mutating func fill(_ value: inout FillColour) {
    numbers("fill", &value.numbers, oneOr: [3], in: 0...255)
  }
}
