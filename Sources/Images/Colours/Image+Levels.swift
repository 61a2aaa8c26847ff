/// Operations that give each value of a channel another one, as Pillow's `ImageOps`: whole numbers, bit
/// for bit.
extension Image {
  package mutating func invert() {
    look { _ in (0..<256).map { UInt8(255 - $0) } }
  }

  /// Inverts what is at least `threshold`.
  package mutating func solarize(threshold: Double) {
    look { _ in (0..<256).map { UInt8(Double($0) < threshold ? $0 : 255 - $0) } }
  }

  /// Keeps the upper `bits` of 8.
  package mutating func posterize(bits: Int) {
    let mask = UInt8(truncatingIfNeeded: ~((1 << (8 - bits)) - 1))
    look { _ in (0..<256).map { UInt8($0) & mask } }
  }

  /// Stretches each channel from its darkest value to 0 and its brightest to 255.
  package mutating func autoContrast() {
    look { histogram in
      guard let low = histogram.firstIndex(where: { $0 > 0 }),
        let high = histogram.lastIndex(where: { $0 > 0 }), low < high
      else { return nil }
      let scale = 255 / Double(high - low)
      let offset = Double(-low) * scale
      return (0..<256).map { UInt8(min(max(Int(Double($0) * scale + offset), 0), 255)) }
    }
  }

  /// Makes all values of each channel about equally frequent.
  package mutating func equalize() {
    look { histogram in
      guard let last = histogram.last(where: { $0 > 0 }) else { return nil }
      let step = (histogram.reduce(0, +) - last) / 255
      if step == 0 { return nil }
      var sum = step / 2
      return histogram.map { count in
        defer { sum += count }
        return UInt8(min(sum / step, 255))
      }
    }
  }

  /// Changes each channel by the table that `table` makes of its histogram; nil leaves it as it is.
  private mutating func look(_ table: (_ histogram: [Int]) -> [UInt8]?) {
    let (count, channels) = (count, channels)
    withMutablePixels { pixels in
      for channel in 0..<channels {
        var histogram = [Int](repeating: 0, count: 256)
        for place in stride(from: channel, to: count, by: channels) {
          histogram[Int(pixels[place])] += 1
        }
        guard let table = table(histogram) else { continue }
        for place in stride(from: channel, to: count, by: channels) {
          pixels[place] = table[Int(pixels[place])]
        }
      }
    }
  }
}
