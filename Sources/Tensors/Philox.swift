/// Random numbers as a function: Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random
/// numbers: as easy as 1, 2, 3", SC 2011.
///
/// `draw(seed, stream, epoch, position, index)` depends on nothing but its arguments, so any rank
/// and thread can make any number. The layout of the counter is part of every run's reproducibility
/// and frozen:
///
///     key     = (seed's low 32 bits, seed's high 32 bits)
///     counter = (index / 4, position, epoch, stream);   lane = index mod 4
package struct Philox: Sendable {
  /// What a number is for. The values are frozen; a layer's own stream has the top bit set.
  package struct Stream: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let initialization = Stream(rawValue: 1)
    package static let split = Stream(rawValue: 2)
    package static let shuffle = Stream(rawValue: 3)
    package static let mixing = Stream(rawValue: 5)
    package static let sampling = Stream(rawValue: 6)

    /// The stream of each transform of a recipe's list, by its place from 0: 4 + 256·place.
    package static func augmentation(place: Int) -> Stream {
      precondition(place >= 0 && place < 1 << 23, "transform \(place)")
      return Stream(rawValue: UInt32(place) << 8 | 4)
    }

    /// The stream of a layer by its path: FNV-1a of the name, with the top bit set.
    package static func layer(_ path: String) -> Stream {
      var hash: UInt32 = 2_166_136_261
      for byte in path.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
      return Stream(rawValue: hash | 0x8000_0000)
    }
  }

  private let key: SIMD2<UInt32>
  private let epoch: UInt32
  private let stream: UInt32

  package init(seed: UInt64, stream: Stream, epoch: Int = 0) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.epoch = UInt32(truncatingIfNeeded: epoch)
    self.stream = stream.rawValue
  }

  /// 32 random bits.
  package func bits(position: Int, index: Int) -> UInt32 {
    Self.block(
      counter: SIMD4(
        UInt32(truncatingIfNeeded: index >> 2), UInt32(truncatingIfNeeded: position), epoch, stream),
      key: key)[index & 3]
  }

  /// Uniform in [0, 1): the upper 24 bits over 2²⁴, so that each value is exact in Float.
  package func uniform(position: Int, index: Int) -> Float {
    Float(bits(position: position, index: index) >> 8) * 0x1p-24
  }

  /// The numbers `uniform` gives for the indices 4·block to 4·block + 3, for the price of one.
  package func uniforms(position: Int, block: Int) -> SIMD4<Float> {
    let bits = Self.block(
      counter: SIMD4(
        UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: position), epoch, stream),
      key: key)
    return SIMD4<Float>(bits &>> 8) * 0x1p-24
  }

  /// Uniform in 0..<bound without bias worth speaking of (bound / 2³²): Lemire's multiplication.
  package func integer(below bound: Int, position: Int, index: Int) -> Int {
    Int((UInt64(bits(position: position, index: index)) * UInt64(bound)) >> 32)
  }

  /// 0..<count in random order: Fisher and Yates, drawing for place i at position i.
  package func permutation(_ count: Int) -> [Int] {
    shuffled(count) { integer(below: $0, position: $0 - 1, index: 0) }
  }

  /// The bijection itself: ten rounds on a 128-bit counter under a 64-bit key.
  ///
  /// The words are scalars on the way: taking a vector apart for each multiplication costs more than
  /// the rounds do.
  package static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var (a, b, c, d) = (counter[0], counter[1], counter[2], counter[3])
    var (low, high) = (key[0], key[1])
    for _ in 0..<10 {
      let first = UInt64(0xD251_1F53) &* UInt64(a)
      let second = UInt64(0xCD9E_8D57) &* UInt64(c)
      (a, b, c, d) = (
        UInt32(truncatingIfNeeded: second >> 32) ^ b ^ low, UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ d ^ high, UInt32(truncatingIfNeeded: first)
      )
      low &+= 0x9E37_79B9
      high &+= 0xBB67_AE85
    }
    return SIMD4(a, b, c, d)
  }
}
