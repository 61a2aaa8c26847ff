import Tensors
import Testing

@Suite struct PhiloxTests {
  /// Random123 1.14, tests/kat_vectors, philox4x32 with 10 rounds.
  @Test(arguments: [
    (
      SIMD4<UInt32>(0, 0, 0, 0), SIMD2<UInt32>(0, 0),
      SIMD4<UInt32>(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
    ),
    (
      SIMD4<UInt32>(repeating: .max), SIMD2<UInt32>(repeating: .max),
      SIMD4<UInt32>(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
    ),
    (
      SIMD4<UInt32>(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
      SIMD2<UInt32>(0xa409_3822, 0x299f_31d0),
      SIMD4<UInt32>(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
    ),
  ])
  func `blocks are Random123's`(
    _ counter: SIMD4<UInt32>, _ key: SIMD2<UInt32>, _ expected: SIMD4<UInt32>
  ) {
    #expect(Philox.block(counter: counter, key: key) == expected)
  }

  /// The counter's layout is part of every run's reproducibility: these numbers must never change.
  @Test func `draws are frozen`() {
    let random = Philox(
      seed: 0x299f_31d0_a409_3822, stream: Philox.Stream(rawValue: 0x0370_7344),
      epoch: 0x1319_8a2e)
    let lanes = (0..<4).map { lane in
      Philox.block(
        counter: SIMD4(7, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
        key: SIMD2(0xa409_3822, 0x299f_31d0))[lane]
    }
    #expect((28..<32).map { random.bits(position: 0x85a3_08d3, index: $0) } == lanes)
    #expect(Philox.Stream.layer("head.dropout").rawValue == 0xdc89_f2f2)
    #expect(
      Philox(seed: 42, stream: .shuffle, epoch: 3).permutation(8) == [5, 1, 7, 0, 4, 3, 6, 2])
  }

  @Test func `uniform covers the unit interval`() {
    let random = Philox(seed: 1, stream: .augmentation(place: 0))
    let values = (0..<4096).map { random.uniform(position: $0, index: 0) }
    #expect(values.allSatisfy { (0..<1).contains($0) })
    #expect(abs(values.reduce(0, +) / 4096 - 0.5) < 0.02)
  }

  @Test func `permutations hold every number once`() {
    for count in [0, 1, 2, 17, 1000] {
      let order = Philox(seed: 9, stream: .shuffle, epoch: 1).permutation(count)
      #expect(order.sorted() == Array(0..<count))
    }
  }
}
