import Support
import Tensors
import Testing

@testable import Kernels

@Suite struct PackedProductTests {
  /// Whether five, six or fewer rows share a block, and a panel is whole, half or another part, must
  /// not show: every row is the product of that row alone.
  @Test(arguments: [8, 13, 16, 24, 40]) func `rows don't depend on their number`(columns: Int) {
    let (depth, most) = (400, 64)
    let a = randomTensor([most, depth], seed: 1)
    let b = randomTensor([depth, columns], seed: 2)
    let packed = Tensor(uninitialized: [packedCount(depth: depth, columns: columns)])
    pack(
      b.matrix(columns: columns), depth: depth, columns: columns, into: packed.pointer,
      pool: .caller)
    func product(rows: Int) -> [Float] {
      // What lies behind the result must stay as it is.
      let count = rows * columns + 16
      let result = Tensor([Float](repeating: -7, count: count), shape: [count])
      multiply(
        a.pointer, aStride: depth, packed: packed.pointer, into: result.pointer,
        cStride: columns, rows: rows, columns: columns, depth: depth)
      return result.values
    }
    let whole = product(rows: most)
    for rows in 1..<most {
      let found = product(rows: rows)
      let count = rows * columns
      #expect(found.prefix(count).elementsEqual(whole.prefix(count)), "\(rows) rows")
      #expect(found.suffix(16).allSatisfy { $0 == -7 }, "\(rows) rows")
    }
    for row in [0, 31, most - 1] {
      for column in 0..<columns {
        let exact = (0..<depth).reduce(0.0) {
          $0 + Double(a.pointer[row * depth + $1]) * Double(b.pointer[$1 * columns + column])
        }
        #expect(abs(Double(whole[row * columns + column]) - exact) < 1e-4)
      }
    }
  }
}
