/// Σ x² in Double over a multiple of 16 elements: lane j adds the elements j, j+16, …, then the
/// lanes are added in halves. The squares are exact. NaN or infinite if any element is.
package func sumOfSquares(_ values: UnsafePointer<Float>, count: Int) -> Double {
  let from = UnsafeRawPointer(values)
  let half = 8
  let stride = half * MemoryLayout<Float>.stride
  var low = SIMD8<Double>()
  var high = SIMD8<Double>()
  for pair in 0..<(count / (2 * half)) {
    let first = SIMD8<Double>(
      from.load(fromByteOffset: 2 * pair * stride, as: SIMD8<Float>.self))
    let second = SIMD8<Double>(
      from.load(fromByteOffset: (2 * pair + 1) * stride, as: SIMD8<Float>.self))
    low += first * first
    high += second * second
  }
  let eight = low + high
  let four = eight.lowHalf + eight.highHalf
  let two = four.lowHalf + four.highHalf
  return two.x + two.y
}
