extension ResamplingFilter {
  /// Filters the middle axis of `[outer, inputs, inner]`; sums are in Double.
  package func applied(to values: [Float], outer: Int, inner: Int) -> [Float] {
    let inputs = values.count / (outer * inner)
    var result: [Float] = []
    result.reserveCapacity(outer * starts.count * inner)
    for block in 0..<outer {
      for (output, start) in starts.enumerated() {
        for place in 0..<inner {
          let sum = (0..<span).reduce(0.0) { sum, tap in
            let input = (block * inputs + start + tap) * inner + place
            return sum + weights[output * span + tap] * Double(values[input])
          }
          result.append(Float(sum))
        }
      }
    }
    return result
  }

  /// The gradient `[outer, inputs, inner]` of what was filtered, of that of what came out: the transposed
  /// filter.
  package func gradient(
    of gradient: [Float], inputs: Int, outer: Int, inner: Int
  ) -> [Float] {
    var sums = [Double](repeating: 0, count: outer * inputs * inner)
    for block in 0..<outer {
      for (output, start) in starts.enumerated() {
        let from = (block * starts.count + output) * inner
        for tap in 0..<span {
          let weight = weights[output * span + tap]
          let to = (block * inputs + start + tap) * inner
          for place in 0..<inner { sums[to + place] += weight * Double(gradient[from + place]) }
        }
      }
    }
    return sums.map { Float($0) }
  }
}
