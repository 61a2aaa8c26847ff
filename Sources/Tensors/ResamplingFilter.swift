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
