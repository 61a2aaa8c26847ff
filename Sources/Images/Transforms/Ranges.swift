// Ranges that random values are drawn from, as recipes have them: a number or two.

/// A number is a range around zero.
func range(_ numbers: some BidirectionalCollection<Double>) -> ClosedRange<Double> {
  guard let first = numbers.first, let last = numbers.last else { return 0...0 }
  return numbers.count == 1 ? -abs(first)...abs(first) : first...max(first, last)
}

/// What is allowed for a range, if its ends are the wrong way round.
func mismatchOfRange(_ numbers: [Double]) -> String? {
  guard numbers.count == 2, numbers[0] > numbers[1] else { return nil }
  return "a range [from, to] with `from` no greater than `to`"
}
