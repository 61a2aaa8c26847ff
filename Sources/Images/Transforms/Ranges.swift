// Ranges that random values are drawn from, as recipes have them: a number or two.

/// A number is a range around zero.
func range(_ numbers: some BidirectionalCollection<Double>) -> ClosedRange<Double> {
  guard let first = numbers.first, let last = numbers.last else { return 0...0 }
  return numbers.count == 1 ? -abs(first)...abs(first) : first...max(first, last)
}

/// What is wrong with a key's range: ends the wrong way round, or a number below zero.
func mismatchOfRange(_ key: String, _ numbers: [Double]) -> Mismatch? {
  if numbers.count == 1, numbers[0] < 0 {
    return Mismatch(key, "a number from 0, for a range around it, or a range [from, to]")
  }
  guard numbers.count == 2, numbers[0] > numbers[1] else { return nil }
  return Mismatch(key, "a range [from, to] with `from` no greater than `to`")
}
