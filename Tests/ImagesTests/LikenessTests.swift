import Support
import Testing

@testable import Images

@Suite struct LikenessTests {
  /// A picture of its own for each number, with shapes and colours.
  private static func picture(_ number: Int) -> Image {
    let (height, width) = (96, 128)
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let isInside = (x - 30 - 9 * number) * (x - 30 - 9 * number) + (y - 50) * (y - 50) < 700
        pixels += [
          isInside ? 230 : UInt8((x * (number + 1)) % 200),
          UInt8((y * 2 + x * number) % 220), isInside ? 40 : UInt8((x + y) % 180),
        ]
      }
    }
    return Image(height: height, width: width, channels: 3, pixels: pixels)
  }

  private static func mirrored(_ image: Image) -> Image {
    var copy = image
    RandomHorizontalFlip(probability: 1).apply(
      to: &copy, Draws(seed: 0, epoch: 0, position: 0, place: 0))
    return copy
  }

  private func correlation(_ a: Image, _ b: Image, mirrored: Bool = false) -> Float {
    Likeness(a).correlation(with: Likeness(b), mirrored: mirrored)
  }

  @Test func `a smaller copy is near by all measures, mirrored too`() throws {
    let photo = Self.picture(0)
    let small = Resize.resized(photo, to: ImageSize(height: 40, width: 50))
    let (own, other) = try (
      #require(PerceptualHash.both(of: photo)), #require(PerceptualHash.both(of: small))
    )
    #expect(own.own.coarseDistance(to: other.own) <= 4)
    #expect(own.own.fineDistance(to: other.own) <= 16)
    #expect(correlation(photo, small) > 0.99)
    let turned = try #require(PerceptualHash.both(of: Self.mirrored(photo)))
    #expect(own.mirrored == turned.own)
    #expect(own.own == turned.mirrored)
    #expect(correlation(photo, Self.mirrored(photo), mirrored: true) > 0.99)
    #expect(correlation(photo, Self.mirrored(photo)) < 0.9)
  }

  @Test(arguments: [(3, 2, 90, 120), (0, 6, 96, 122), (5, 0, 91, 128)])
  func `what is left of a crop fits where it was`(top: Int, left: Int, height: Int, width: Int) {
    let photo = Self.picture(1)
    let part = photo.window(top: top, left: left, ImageSize(height: height, width: width))
    #expect(correlation(photo, part) > 0.98)
    #expect(correlation(part, photo) > 0.98)
  }

  @Test func `other pictures are far`() throws {
    for number in 1..<6 {
      #expect(correlation(Self.picture(0), Self.picture(number)) < 0.9, "\(number)")
    }
  }

  @Test func `a picture of one colour has no hash`() {
    var flat = Self.picture(0)
    let count = flat.count
    flat.withMutablePixels { $0.update(repeating: 7, count: count) }
    #expect(PerceptualHash.both(of: flat) == nil)
  }

  @Test func `grey pictures of one channel have hashes`() throws {
    let colour = Self.picture(2)
    var grey = colour
    grey.removeColour()
    let one = Image(
      height: grey.height, width: grey.width, channels: 1,
      pixels: stride(from: 0, to: grey.count, by: 3).map { grey.pixels[$0] })
    let (first, second) = try (
      #require(PerceptualHash.both(of: grey)), #require(PerceptualHash.both(of: one))
    )
    #expect(first.own.coarse == second.own.coarse)
    #expect(correlation(grey, one) > 0.999)
  }
}
