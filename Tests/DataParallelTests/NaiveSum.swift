import Tensors

/// The pairwise tree as its definition reads, for comparison: the sum of leaves from a multiple of
/// 2^l on, where 2^l is the least power of two that isn't shorter.
func naiveSum(_ leaves: ArraySlice<Float>) -> Float {
  if leaves.count == 1 { return leaves[leaves.startIndex] }
  var half = 1
  while half * 2 < leaves.count { half *= 2 }
  let middle = leaves.startIndex + half
  return naiveSum(leaves[..<middle]) + naiveSum(leaves[middle...])
}

/// Numbers of many magnitudes, so that another order of addition shows in the bits.
func unevenNumbers(_ count: Int, position: Int) -> [Float] {
  let random = Philox(seed: 7, stream: .shuffle)
  return (0..<count).map { index in
    let bits = random.bits(position: position, index: index)
    let power = Float(
      sign: bits & 1 == 0 ? .plus : .minus, exponent: Int(bits >> 1 & 15) - 8, significand: 1)
    return power * (1 + Float(bits >> 8) * 0x1p-24)
  }
}
