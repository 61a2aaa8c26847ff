/// Floats that the loops take at once; all slices and blocks are multiples of it.
private let width = 16

/// target += source, element by element, over a multiple of 16 elements.
func add(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int) {
  let from = UnsafeRawPointer(source)
  let into = UnsafeMutableRawPointer(target)
  let stride = width * MemoryLayout<Float>.stride
  for offset in Swift.stride(from: 0, to: count / width * stride, by: stride) {
    let sum =
      into.load(fromByteOffset: offset, as: SIMD16<Float>.self)
      + from.load(fromByteOffset: offset, as: SIMD16<Float>.self)
    into.storeBytes(of: sum, toByteOffset: offset, as: SIMD16<Float>.self)
  }
}

/// Σ x² in Double over a multiple of 16 elements: lane j adds the elements j, j+16, …, then the
/// lanes are added in halves. The squares are exact. NaN or infinite if any element is.
func sumOfSquares(_ values: UnsafePointer<Float>, count: Int) -> Double {
  let from = UnsafeRawPointer(values)
  let half = width / 2
  let stride = half * MemoryLayout<Float>.stride
  var low = SIMD8<Double>()
  var high = SIMD8<Double>()
  for pair in 0..<(count / width) {
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

/// The largest |x| of a multiple of 16 elements; what is no number counts nothing.
func largestMagnitude(_ values: UnsafePointer<Float>, count: Int) -> Float {
  let from = UnsafeRawPointer(values)
  var largest = SIMD16<Float>()
  for place in 0..<(count / width) {
    let some = from.load(
      fromByteOffset: place * width * MemoryLayout<Float>.stride, as: SIMD16<Float>.self)
    largest.replace(with: some, where: some .> largest)
    largest.replace(with: -some, where: -some .> largest)
  }
  return largest.max()
}
