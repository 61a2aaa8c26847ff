import Glibc

/// The numbers 0..<count in another order, by Fisher and Yates.
///
/// - Parameter integer: a number from 0 to below the one that it is given, which is count, count − 1, …, 2.
package func shuffled(_ count: Int, _ integer: (_ bound: Int) -> Int) -> [Int] {
  var order = Array(0..<count)
  for place in stride(from: count - 1, to: 0, by: -1) { order.swapAt(place, integer(place + 1)) }
  return order
}

/// From the normal distribution, by Box and Muller.
///
/// - Parameters: two uniform numbers in [0, 1).
package func normal(_ first: Double, _ second: Double) -> Double {
  // 1 − u is in (0, 1], so the logarithm is finite.
  (-2 * log(1 - first)).squareRoot() * cos(2 * Double.pi * second)
}

/// From the gamma distribution of scale 1, by rejection; Marsaglia and Tsang, "A simple method for
/// generating gamma variables", 2000. Try k uses the uniform numbers 3k + 1 to 3k + 3; number 0 is for shapes
/// below 1.
///
/// - Parameter uniform: the number of that index, in [0, 1).
package func gamma(shape: Double, _ uniform: (Int) -> Double) -> Double {
  precondition(shape > 0, "a gamma distribution of shape \(shape)")
  if shape < 1 {
    return gamma(shape: shape + 1, uniform) * pow(1 - uniform(0), 1 / shape)
  }
  let d = shape - 1.0 / 3
  let c = 1 / (9 * d).squareRoot()
  var index = 1
  while true {
    let x = normal(uniform(index), uniform(index + 1))
    let u = 1 - uniform(index + 2)
    index += 3
    let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
    if v > 0, log(u) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
  }
}

/// Shares that sum to 1 from the symmetric Dirichlet distribution; two of them are from Beta(alpha, alpha).
/// Share k uses the uniform numbers from 2¹⁶·k on.
package func dirichlet(
  _ count: Int, alpha: Double, _ uniform: (Int) -> Double
) -> [Double] {
  let parts = (0..<count).map { part in gamma(shape: alpha) { uniform(part << 16 + $0) } }
  let sum = parts.reduce(0, +)
  // Tiny alphas may leave nothing but zeros: one share is all then.
  return sum > 0 ? parts.map { $0 / sum } : parts.indices.map { $0 == 0 ? 1 : 0 }
}
