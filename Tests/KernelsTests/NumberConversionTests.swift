import Kernels
import Support
import Tensors
import Testing

/// Floats as numbers of 16 bits, against what PyTorch makes of them.
@Suite struct NumberConversionTests {
  @Test(arguments: [(NumberFormat.bf16, "bf16"), (.fp16, "fp16")])
  func `rounds as PyTorch`(_ format: NumberFormat, _ name: String) throws {
    let golden = try Golden("halves")
    let values = try golden.tensor("values")
    // 3 more than whole vectors: the last are rounded one by one.
    #expect(values.count % 16 == 3)
    let pool = ThreadPool(threads: 1)
    let halves = narrowed(values, to: format, pool: pool)
    let expected = try golden.tensor(name).values
    let found = widened(halves, pool: pool).values
    for (place, value) in values.values.enumerated() {
      #expect(
        found[place].bitPattern == expected[place].bitPattern
          || found[place].isNaN && expected[place].isNaN, "\(value)")
    }
  }

  @Test(arguments: [NumberFormat.bf16, .fp16])
  func `every number of 16 bits is its own float`(_ format: NumberFormat) {
    let all = StoredTensor(uninitialized: [1 << 16], format: format)
    for bits in 0..<(1 << 16) { self.bits(of: all)[bits] = UInt16(bits) }
    let pool = ThreadPool(threads: 3)
    let floats = widened(all, pool: pool)
    let again = narrowed(floats, to: format, pool: pool)
    for bits in 0..<(1 << 16) where !floats.pointer[bits].isNaN {
      #expect(self.bits(of: again)[bits] == UInt16(bits))
    }
  }

  private func bits(of numbers: StoredTensor) -> UnsafeMutablePointer<UInt16> {
    numbers.address.assumingMemoryBound(to: UInt16.self)
  }

  @Test func `floats stay where they are`() {
    let x = randomTensor([5], seed: 1)
    let pool = ThreadPool(threads: 1)
    #expect(widened(narrowed(x, to: .fp32, pool: pool), pool: pool).pointer == x.pointer)
  }
}
