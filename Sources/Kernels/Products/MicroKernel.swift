// The innermost part of our own matrix products: a block of six rows of two vectors each, twelve of
// AVX2's sixteen registers, two more for a row of b and two for the broadcast values of a. Each
// step of the depth loads two vectors of b and 6 values of a for twelve fused multiply-adds. The
// same for five rows, since every number of rows from 20 on is a sum of fives and sixes: 49 = 4 · 6
// + 5 · 5.

/// Rows, these or the fewer, and columns of the block that one call computes.
enum MicroBlock {
  static let rows = 6
  static let fewerRows = 5
  static let columns = 2 * Vector.width
}

/// The sums of one row of the block.
private struct RowSums {
  var left = Vector(repeating: 0)
  var right = Vector(repeating: 0)

  @inline(__always) mutating func take(
    _ a: Float, _ left: Vector, _ right: Vector
  ) {
    let a = Vector(repeating: a)
    self.left = self.left.addingProduct(a, left)
    self.right = self.right.addingProduct(a, right)
  }

  @inline(__always) func write(_ c: UnsafeMutablePointer<Float>, accumulating: Bool) {
    if accumulating {
      (Vector.load(c) + left).store(c)
      (Vector.load(c + Vector.width) + right).store(c + Vector.width)
    } else {
      left.store(c)
      right.store(c + Vector.width)
    }
  }
}

/// `c[6,columns] = a[6,depth] · b[depth,columns]`, or `c += …` when accumulating.
///
/// - Parameters:
///   - a: element (row, d) lies at `row · rowStride + d · depthStride`, so a transposed matrix will
///     do.
///   - b: rows of `columns` floats, one after the other.
///   - c: rows of `columns` floats, `cStride` apart.
@inline(never)
func microKernel(
  _ a: UnsafePointer<Float>, rowStride: Int, depthStride: Int,
  _ b: UnsafePointer<Float>, depth: Int,
  into c: UnsafeMutablePointer<Float>, cStride: Int, accumulating: Bool
) {
  multiplyBlock(
    a, rowStride: rowStride, depthStride: depthStride, b, depth: depth, into: c, cStride: cStride,
    accumulating: accumulating, hasSixth: true)
}

/// The same for five rows.
@inline(never)
func fiveRowKernel(
  _ a: UnsafePointer<Float>, rowStride: Int, _ b: UnsafePointer<Float>, depth: Int,
  into c: UnsafeMutablePointer<Float>, cStride: Int, accumulating: Bool
) {
  multiplyBlock(
    a, rowStride: rowStride, depthStride: 1, b, depth: depth, into: c, cStride: cStride,
    accumulating: accumulating, hasSixth: false)
}

@inline(__always)
private func multiplyBlock(
  _ a: UnsafePointer<Float>, rowStride: Int, depthStride: Int, _ b: UnsafePointer<Float>,
  depth: Int, into c: UnsafeMutablePointer<Float>, cStride: Int, accumulating: Bool, hasSixth: Bool
) {
  var (r0, r1, r2) = (RowSums(), RowSums(), RowSums())
  var (r3, r4, r5) = (RowSums(), RowSums(), RowSums())
  var (a, b) = (a, b)
  for _ in 0..<depth {
    let left = Vector.load(b)
    let right = Vector.load(b + Vector.width)
    r0.take(a[0], left, right)
    r1.take(a[rowStride], left, right)
    r2.take(a[2 * rowStride], left, right)
    r3.take(a[3 * rowStride], left, right)
    r4.take(a[4 * rowStride], left, right)
    if hasSixth { r5.take(a[5 * rowStride], left, right) }
    a += depthStride
    b += MicroBlock.columns
  }
  r0.write(c, accumulating: accumulating)
  r1.write(c + cStride, accumulating: accumulating)
  r2.write(c + 2 * cStride, accumulating: accumulating)
  r3.write(c + 3 * cStride, accumulating: accumulating)
  r4.write(c + 4 * cStride, accumulating: accumulating)
  if hasSixth { r5.write(c + 5 * cStride, accumulating: accumulating) }
}

/// `c[rows,columns/2] = a[rows,depth] · b[depth,columns/2]` for five or six rows, b's rows having
/// `columns` floats; or `c += …` when accumulating.
@inline(never)
func narrowKernel(
  _ a: UnsafePointer<Float>, rowStride: Int, _ b: UnsafePointer<Float>, depth: Int,
  into c: UnsafeMutablePointer<Float>, cStride: Int, accumulating: Bool, hasSixth: Bool
) {
  let zero = Vector(repeating: 0)
  var (s0, s1, s2, s3, s4, s5) = (zero, zero, zero, zero, zero, zero)
  var (a, b) = (a, b)
  let sixth = hasSixth ? 5 * rowStride : 0
  for _ in 0..<depth {
    let row = Vector.load(b)
    s0 = s0.addingProduct(Vector(repeating: a[0]), row)
    s1 = s1.addingProduct(Vector(repeating: a[rowStride]), row)
    s2 = s2.addingProduct(Vector(repeating: a[2 * rowStride]), row)
    s3 = s3.addingProduct(Vector(repeating: a[3 * rowStride]), row)
    s4 = s4.addingProduct(Vector(repeating: a[4 * rowStride]), row)
    s5 = s5.addingProduct(Vector(repeating: a[sixth]), row)
    a += 1
    b += MicroBlock.columns
  }
  @inline(__always) func write(_ sum: Vector, _ c: UnsafeMutablePointer<Float>) {
    (accumulating ? Vector.load(c) + sum : sum).store(c)
  }
  write(s0, c)
  write(s1, c + cStride)
  write(s2, c + 2 * cStride)
  write(s3, c + 3 * cStride)
  write(s4, c + 4 * cStride)
  if hasSixth { write(s5, c + 5 * cStride) }
}
