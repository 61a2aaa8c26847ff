/// Functions of the exponential, good to about 1e-7.
extension Lanes {
  /// eˣ within 2 ulp for −87 ≤ x ≤ 88, and its value at the nearer end beyond: x = n·ln 2 + r, and
  /// a polynomial of r (Cephes, `expf`). NaN stays NaN.
  @inline(__always) func exponential() -> Self {
    let x = limited(-87, 88)
    let magic = Self(repeating: 0x1.8p23)
    let shifted = magic.addingProduct(x, Self(repeating: 1.442_695_04))
    let n = shifted - magic
    let r = x.addingProduct(n, Self(repeating: -0.693_359_375))
      .addingProduct(n, Self(repeating: 2.121_944_40e-4))
    var p = Self(repeating: 1.987_569_15e-4)
    p = Self(repeating: 1.398_199_951e-3).addingProduct(p, r)
    p = Self(repeating: 8.333_451_907e-3).addingProduct(p, r)
    p = Self(repeating: 4.166_579_589e-2).addingProduct(p, r)
    p = Self(repeating: 1.666_666_546e-1).addingProduct(p, r)
    p = Self(repeating: 5.000_000_12e-1).addingProduct(p, r)
    p = (r + Self(repeating: 1)).addingProduct(p, r * r)
    return p * shifted.powerOfTwo()
  }

  /// 1 / (1 + e⁻ˣ).
  @inline(__always) func sigmoid() -> Self {
    let one = Self(repeating: 1)
    return one / (one + (Self(repeating: 0) - self).exponential())
  }

  /// The normal distribution's function Φ(x) and density φ(x). Φ within 1.5e-7: erfc by Abramowitz
  /// and Stegun 7.1.26, taken on the side where it is small, so that the lower tail keeps its
  /// digits.
  @inline(__always) func normalDistribution() -> (below: Self, density: Self) {
    let one = Self(repeating: 1)
    let size = (Self(repeating: 0) - self).chosen(where: self, otherwise: self)
    let t = one / one.addingProduct(size, Self(repeating: 0.327_591_1 * 0.707_106_781))
    let bell = (self * self * Self(repeating: -0.5)).exponential()
    var p = Self(repeating: 1.061_405_429)
    p = Self(repeating: -1.453_152_027).addingProduct(p, t)
    p = Self(repeating: 1.421_413_741).addingProduct(p, t)
    p = Self(repeating: -0.284_496_736).addingProduct(p, t)
    p = Self(repeating: 0.254_829_592).addingProduct(p, t)
    let tail = p * t * bell * Self(repeating: 0.5)
    return (tail.chosen(where: self, otherwise: one - tail), bell * Self(repeating: 0.398_942_28))
  }
}
