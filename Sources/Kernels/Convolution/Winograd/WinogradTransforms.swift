// Winograd's minimal filtering F(4×4, 3×3) (Lavin and Gray, "Fast algorithms for convolutional
// neural networks", 2015): y = Aᵀ[(G w Gᵀ) ⊙ (Bᵀ d B)]A takes 36 multiplications for 16 outputs
// instead of 144. Here are its one-dimensional transforms; two dimensions are columns, then rows.

/// Extents of the algorithm: tiles of 4 × 4 outputs read 6 × 6 inputs.
enum Winograd {
  static let tile = 4
  static let window = 6
  /// Products for one tile.
  static let places = window * window
}

typealias Six<L> = (L, L, L, L, L, L)
typealias Four<L> = (L, L, L, L)
typealias Three<L> = (L, L, L)

/// `Bᵀ d`, for six neighbouring inputs.
@inline(__always) func winogradInput<L: Lanes>(_ d: Six<L>) -> Six<L> {
  let (two, four) = (L(repeating: 2), L(repeating: 4))
  let (minusFour, minusFive) = (L(repeating: -4), L(repeating: -5))
  let (even, odd) = (d.4.addingProduct(d.2, minusFour), d.3.addingProduct(d.1, minusFour))
  let (evenHalf, oddHalf) = (d.4 - d.2, d.3 - d.1)
  return (
    d.4.addingProduct(d.0, four).addingProduct(d.2, minusFive), even + odd, even - odd,
    evenHalf.addingProduct(oddHalf, two), evenHalf.addingProduct(oddHalf, L(repeating: -2)),
    d.5.addingProduct(d.1, four).addingProduct(d.3, minusFive)
  )
}

/// `Aᵀ m`, from six products to four outputs.
@inline(__always) func winogradOutput<L: Lanes>(_ m: Six<L>) -> Four<L> {
  let (two, four, eight) = (L(repeating: 2), L(repeating: 4), L(repeating: 8))
  let (sum, difference) = (m.1 + m.2, m.1 - m.2)
  let (farSum, farDifference) = (m.3 + m.4, m.3 - m.4)
  return (
    m.0 + sum + farSum, difference.addingProduct(farDifference, two),
    sum.addingProduct(farSum, four), difference.addingProduct(farDifference, eight) + m.5
  )
}

/// `A g`, the adjoint of `winogradOutput`: from the gradient of four outputs to that of six
/// products.
@inline(__always) func winogradOutputAdjoint<L: Lanes>(_ g: Four<L>) -> Six<L> {
  let (two, four, eight) = (L(repeating: 2), L(repeating: 4), L(repeating: 8))
  let (even, odd) = (g.0 + g.2, g.1 + g.3)
  let farEven = g.0.addingProduct(g.2, four)
  let farOdd = (g.1 * two).addingProduct(g.3, eight)
  return (g.0, even + odd, even - odd, farEven + farOdd, farEven - farOdd, g.3)
}

/// `G w`, for the three weights of a filter's column or row.
@inline(__always) func winogradFilter<L: Lanes>(_ w: Three<L>) -> Six<L> {
  let (sixth, twelfth) = (L(repeating: -1 / 6), L(repeating: 1 / 12))
  let near = (w.0 + w.2) * sixth
  let far = (w.0 * L(repeating: 1 / 24)).addingProduct(w.2, L(repeating: 1 / 6))
  return (
    w.0 * L(repeating: 1 / 4), near.addingProduct(w.1, sixth),
    near.addingProduct(w.1, L(repeating: 1 / 6)),
    far.addingProduct(w.1, twelfth), far.addingProduct(w.1, L(repeating: -1 / 12)), w.2
  )
}

/// `Gᵀ u`, the adjoint of `winogradFilter`.
@inline(__always) func winogradFilterAdjoint<L: Lanes>(_ u: Six<L>) -> Three<L> {
  let (sixth, twelfth) = (L(repeating: -1 / 6), L(repeating: 1 / 12))
  let (near, far) = (u.1 + u.2, u.3 + u.4)
  return (
    (u.0 * L(repeating: 1 / 4)).addingProduct(near, sixth)
      .addingProduct(far, L(repeating: 1 / 24)),
    ((u.1 - u.2) * sixth).addingProduct(u.3 - u.4, twelfth),
    u.5.addingProduct(near, sixth).addingProduct(far, L(repeating: 1 / 6))
  )
}
