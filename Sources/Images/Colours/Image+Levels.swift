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
    let (count, channels) = (count, channels)
    withMutablePixels { pixels in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * 256) { histograms in
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { table in
          let histogram = UnsafeMutableBufferPointer(rebasing: histograms[..<256])
          // A second one for every other pixel: neighbours are often alike, and a count that was just
          // written is slow to be read again.
          let other = UnsafeMutableBufferPointer(rebasing: histograms[256...])
          for channel in 0..<channels {
            histograms.update(repeating: 0)
            var place = channel
            while place < count {
              histogram[Int(pixels[place])] &+= 1
              let next = place + channels
              if next < count { other[Int(pixels[next])] &+= 1 }
              place = next + channels
            }
            for value in 0..<256 { histogram[value] &+= other[value] }
            guard fill(histogram, table) else { continue }
            for place in stride(from: channel, to: count, by: channels) {
              pixels[place] = table[Int(pixels[place])]
            }
          }
        }
      }
    }
  }
}
