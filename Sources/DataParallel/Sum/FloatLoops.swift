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
