// Ranges that random values are drawn from, as recipes have them: a number or two.

/// A number is a range around zero.
func range(_ numbers: [Double]) -> ClosedRange<Double> {
  numbers.count == 1 ? -abs(numbers[0])...abs(numbers[0]) : numbers[0]...max(numbers[0], numbers[1])
}

/// What is allowed for a range, if its ends are the wrong way round.
func mismatchOfRange(_ numbers: [Double]) -> String? {
  guard numbers.count == 2, numbers[0] > numbers[1] else { return nil }
  return "a range [from, to] with `from` no greater than `to`"
}
