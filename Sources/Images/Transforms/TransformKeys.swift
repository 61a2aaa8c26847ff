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
}
