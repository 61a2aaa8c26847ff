package import Tensors

/// ‖a − b‖ / ‖b‖ over all elements, in Double; infinite when anything isn't finite.
package func relativeDistance(_ a: Tensor, _ b: Tensor) -> Double {
  precondition(a.count == b.count, "a distance between \(a.shape) and \(b.shape)")
  var difference = 0.0
  var norm = 0.0
  for (x, y) in zip(a.values, b.values) {
    difference += (Double(x) - Double(y)) * (Double(x) - Double(y))
    norm += Double(y) * Double(y)
  }
  let distance = (difference / max(norm, .leastNormalMagnitude)).squareRoot()
  return distance.isFinite ? distance : .infinity
}

/// max|a − b| / max|b|; infinite when anything isn't finite.
package func largestDifference(_ a: Tensor, _ b: Tensor) -> Double {
  precondition(a.count == b.count, "a difference between \(a.shape) and \(b.shape)")
  var difference = 0.0
  var scale = 0.0
  for (x, y) in zip(a.values, b.values) {
    guard x.isFinite, y.isFinite else { return .infinity }
    difference = max(difference, abs(Double(x) - Double(y)))
    scale = max(scale, abs(Double(y)))
  }
  return difference / max(scale, .leastNormalMagnitude)
}

/// Random numbers in −1..<1, the same for the same seed.
package func randomTensor(_ shape: Shape, seed: Int) -> Tensor {
  let random = Philox(seed: UInt64(seed), stream: .layer("tests"))
  return Tensor(
    (0..<shape.count).map { 2 * random.uniform(position: 0, index: $0) - 1 }, shape: shape)
}
