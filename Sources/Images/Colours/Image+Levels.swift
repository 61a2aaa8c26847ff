import Tensors

/// Operations that give each value of a channel another one, as Pillow's `ImageOps`: whole numbers, bit
/// for bit.
extension Image {
  package mutating func invert() { mapBytes { ~$0 } }

  /// Inverts what is at least `threshold`.
  package mutating func solarize(threshold: Double) {
    if threshold > 255 { return }
    let first = UInt8(max(threshold.rounded(.up), 0))
    mapBytes { $0 >= first ? ~$0 : $0 }
  }

  /// Keeps the upper `bits` of 8.
  package mutating func posterize(bits: Int) {
    let mask = UInt8(truncatingIfNeeded: ~((1 << (8 - bits)) - 1))
    mapBytes { $0 & mask }
  }

  /// Stretches each channel from its darkest value to 0 and its brightest to 255.
  package mutating func autoContrast() {
    look { histogram, table in
      guard let low = histogram.firstIndex(where: { $0 > 0 }),
        let high = histogram.lastIndex(where: { $0 > 0 }), low < high
      else { return false }
      let scale = 255 / Double(high - low)
      let offset = Double(-low) * scale
      for value in table.indices {
        table[value] = UInt8(min(max(Int(Double(value) * scale + offset), 0), 255))
      }
      return true
    }
  }

  /// Makes all values of each channel about equally frequent.
  package mutating func equalize() {
    look { histogram, table in
      guard let last = histogram.last(where: { $0 > 0 }) else { return false }
      let step = (histogram.reduce(0) { $0 + Int($1) } - Int(last)) / 255
      if step == 0 { return false }
      var sum = step / 2
      for (value, count) in histogram.enumerated() {
        table[value] = UInt8(min(sum / step, 255))
        sum += Int(count)
      }
      return true
    }
  }

  /// Changes each channel by the table of 256 values that `fill` makes of its histogram; one of which it
  /// makes none stays as it is.
  private mutating func look(
    _ fill: (
      _ histogram: UnsafeMutableBufferPointer<UInt32>,
      _ table: UnsafeMutableBufferPointer<UInt8>
    ) -> Bool
  ) {
    let (area, channels) = (height * width, channels)
    withMutablePixels { pixels in
      BufferPool.shared.withScratch(3 * channels * 256) { scratch in
        let counts = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: UInt32.self)
        let tables = UnsafeMutableRawPointer(counts + 2 * channels * 256)
          .assumingMemoryBound(to: UInt8.self)
        counts.update(repeating: 0, count: 2 * channels * 256)
        /// With the number of channels as a constant, their loop is none.
        @inline(__always)
        func forEachValue(
          _ channels: Int, _ body: (_ pixel: Int, _ channel: Int, inout UInt8) -> Void
        ) {
          var place = pixels
          for pixel in 0..<area {
            for channel in 0..<channels { body(pixel, channel, &place[channel]) }
            place += channels
          }
        }
        // Every other pixel has counts of its own: neighbours are often alike, and a count that was just
        // written is slow to be read again.
        @inline(__always)
        func countValues(_ channels: Int) {
          forEachValue(channels) { pixel, channel, value in
            counts[((pixel & 1) &* channels &+ channel) &* 256 &+ Int(value)] &+= 1
          }
        }
        @inline(__always)
        func changeValues(_ channels: Int) {
          forEachValue(channels) { $2 = tables[$1 &* 256 &+ Int($2)] }
        }
        if channels == 3 { countValues(3) } else { countValues(1) }
        for channel in 0..<channels {
          let own = UnsafeMutableBufferPointer(start: counts + 256 * channel, count: 256)
          for value in 0..<256 { own[value] &+= counts[256 * (channels + channel) + value] }
          let table = UnsafeMutableBufferPointer(start: tables + 256 * channel, count: 256)
          if !fill(own, table) { for value in 0..<256 { table[value] = UInt8(value) } }
        }
        if channels == 3 { changeValues(3) } else { changeValues(1) }
      }
    }
  }
}
