/// A kernel's term in a sum, for `L.width` neighbouring elements from an index on.
protocol LaneTerm {
  func callAsFunction<L: Lanes>(_ index: Int) -> L
}

/// The sum of the terms with index 0 ..< count: two vectors of partial sums, then their lanes, then
/// what is left.
@inline(__always) func total<Term: LaneTerm>(_ count: Int, _ term: Term) -> Float {
  var (s0, s1) = (Vector(repeating: 0), Vector(repeating: 0))
  var index = 0
  while index + 2 * Vector.width <= count {
    s0 = s0 + term(index)
    s1 = s1 + term(index + Vector.width)
    index += 2 * Vector.width
  }
  var sum = (s0 + s1).sum()
  while index < count {
    let value: Float = term(index)
    sum += value
    index += 1
  }
  return sum
}
