/// A number with zeros before it, so that names have the order of numbers: `007` of 7 and 3.
///
/// - Parameter digits: the fewest.
package func padded(_ number: some BinaryInteger, to digits: Int) -> String {
  let text = "\(number)"
  return String(repeating: "0", count: max(0, digits - text.count)) + text
}
