/// What stands where a transform has nothing to show: a number for all channels, or three for colours.
package struct FillColour: Hashable, Sendable {
  package static let black = FillColour([0])

  package var numbers: [Double]

  package init(_ numbers: [Double]) { self.numbers = numbers }

  /// Whether the numbers can be those of a colour.
  package var isColour: Bool {
    [1, 3].contains(numbers.count) && numbers.allSatisfy { (0...255).contains($0) }
  }

  /// Whether both are one colour, however it is written.
  package func isSame(as other: FillColour) -> Bool {
    (0..<3).allSatisfy { byte($0) == other.byte($0) }
  }

  func byte(_ channel: Int) -> UInt8 {
    UInt8(numbers[numbers.count == 1 ? 0 : channel])
  }

  /// Fills an image's pixels.
  func fill(_ target: UnsafeMutablePointer<UInt8>, _ size: ImageSize, channels: Int) {
    let area = size.height * size.width
    if channels == 1 || numbers.count == 1 {
      return target.update(repeating: byte(0), count: area * channels)
    }
    let (red, green, blue) = (byte(0), byte(1), byte(2))
    for pixel in 0..<area {
      target[3 * pixel] = red
      target[3 * pixel + 1] = green
      target[3 * pixel + 2] = blue
    }
  }
}
