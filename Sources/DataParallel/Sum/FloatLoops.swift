/// Floats that the loop takes at once; all slices and blocks are multiples of it.
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
