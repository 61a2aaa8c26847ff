/// How pixels between pixels are found.
package enum Interpolation: String, CaseIterable, Sendable {
  case bilinear
  /// With a = −0.5, as in Pillow, and in PyTorch with antialiasing.
  case bicubic

  /// Input pixels on either side that an output depends on, when enlarging.
  fileprivate var support: Double { self == .bilinear ? 1 : 2 }

  /// The weight of an input so many pixels away.
  fileprivate func weight(_ distance: Double) -> Double {
    let x = abs(distance)
    switch self {
    case .bilinear: return max(0, 1 - x)
    case .bicubic:
      if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
      if x < 2 { return (((x - 5) * x + 8) * x - 4) * -0.5 }
      return 0
    }
  }
}

/// The weights of a filter with antialiasing along one axis: output i is the weighted mean of `span`
/// inputs from `starts[i]` on. Pillow's `precompute_coeffs`, in Double.
///
/// Where only some of the outputs are kept, output 0 is the first of these.
package struct ResamplingFilter: Sendable {
  package let starts: [Int]
  /// The same for all outputs: what varies costs more in wrong branch predictions than a zero does.
  package let span: Int
  /// `[outputs, span]`; each output's sum to 1.
  package let weights: [Double]

  /// - Parameter kept: the outputs to be computed, all by default; they cost as much as they are many.
  package init(
    from inputs: Int, to outputs: Int, keeping kept: Range<Int>? = nil,
    _ interpolation: Interpolation
  ) {
    let kept = kept ?? 0..<outputs
    let scale = Double(inputs) / Double(outputs)
    // Enlarging interpolates between neighbours; reducing averages over what a pixel covers.
    let stretch = max(scale, 1)
    let support = interpolation.support * stretch
    func center(_ output: Int) -> Double { (Double(kept.lowerBound + output) + 0.5) * scale }
    func range(_ output: Int) -> Range<Int> {
      let center = center(output)
      return max(Int(center - support + 0.5), 0)..<min(Int(center + support + 0.5), inputs)
    }
    let span = (0..<kept.count).reduce(0) { max($0, range($1).count) }
    var starts = [Int](repeating: 0, count: kept.count)
    var weights = [Double](repeating: 0, count: kept.count * span)
    for output in 0..<kept.count {
      let (range, center) = (range(output), center(output))
      starts[output] = min(range.lowerBound, inputs - span)
      let first = output * span - starts[output]
      var sum = 0.0
      for input in range {
        let weight = interpolation.weight((Double(input) - center + 0.5) * (1 / stretch))
        weights[first + input] = weight
        sum += weight
      }
      for input in range { weights[first + input] /= sum }
    }
    self.span = span
    self.starts = starts
    self.weights = weights
  }
}

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
