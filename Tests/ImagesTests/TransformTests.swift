import Images
import Support
import Tensors
import Testing

@Suite struct TransformTests {
  private func draws(_ position: Int, transform: Int = 0) -> Draws {
    Draws(seed: 42, epoch: 3, position: position, place: transform)
  }

  @Test(arguments: [
    ("420-odd", 7), ("420-odd", 16), ("420-odd", 25), ("420-odd", 33), ("420-odd", 40),
    ("444", 20), ("grey", 16), ("one-pixel", 3), ("tall", 14), ("tall", 19), ("wide", 24),
  ])
  func `resized pixels are Pillow's, bit for bit`(name: String, size: Int) throws {
    var image = try Golden.pixels(name)
    Resize(size).apply(to: &image, draws(0))
    let expected = try Golden.pixels("\(name)-\(size)")
    #expect(image.size == expected.size)
    #expect(image.pixels == expected.pixels)
  }

  @Test(arguments: [("420-odd", 16), ("420-odd", 33), ("444", 20), ("tall", 14), ("wide", 24)])
  func `bicubic pixels are Pillow's, bit for bit`(name: String, size: Int) throws {
    var image = try Golden.pixels(name)
    Resize(size, .bicubic).apply(to: &image, draws(0))
    #expect(try image == Golden.pixels("\(name)-bicubic-\(size)"))
  }

  @Test(arguments: [
    ("420-odd", 16, "0.875"), ("420-odd", 22, "0.88"), ("420-odd", 25, "0.9"),
    ("one-pixel", 8, "0.5"), ("tall", 6, "0.9"), ("tall", 13, "1"), ("tall", 19, "1"),
    ("wide", 20, "0.875"), ("wide", 33, "0.875"),
  ])
  func `the middle is torchvision's, bit for bit`(name: String, size: Int, share: String) throws {
    var image = try Golden.pixels(name)
    Resize(size, size % 2 == 0 ? .bilinear : .bicubic, crop: Double(share).map { .center($0) })
      .apply(to: &image, draws(0))
    #expect(try image == Golden.pixels("\(name)-crop-\(size)-\(share)"))
  }

  @Test(arguments: [
    ("420-odd", 16, [0]), ("420-odd", 37, [200, 30, 7]), ("tall", 13, [0]), ("tall", 25, [9]),
    ("wide", 24, [0]), ("wide", 33, [1, 2, 3]), ("one-pixel", 8, [5]),
  ])
  func `all of it, padded, is Pillow's, bit for bit`(
    name: String, size: Int, fill: [Double]
  ) throws {
    var image = try Golden.pixels(name)
    Resize(size, size % 2 == 0 ? .bilinear : .bicubic, crop: .pad(FillColour(fill)))
      .apply(to: &image, draws(0))
    #expect(try image == Golden.pixels("\(name)-pad-\(size)"))
  }

  @Test(arguments: [(1, 600), (600, 1)])
  func `a padded thread keeps a pixel`(height: Int, width: Int) {
    var image = Image(
      height: height, width: width, channels: 1, pixels: [UInt8](repeating: 255, count: 600))
    Resize(8, crop: .pad(.black)).apply(to: &image, draws(0))
    #expect(image.pixels.filter { $0 == 255 }.count == 8)
  }

  @Test func `what a random crop leaves out in evaluation is all there when padded`() throws {
    var crop = RandomResizedCrop(imageSize: 16)
    crop.crop = .pad(FillColour([7]))
    let evaluation = try #require(crop.inEvaluation as? Resize)
    #expect(evaluation == Resize(16, crop: .pad(FillColour([7]))))
  }

  /// Scaled as a whole, each of them would take 12 GB.
  @Test(arguments: [true, false]) func `of a thread of pixels only the middle is computed`(
    isTall: Bool
  ) {
    let (height, width) = isTall ? (65_500, 1) : (1, 65_500)
    var image = Image(
      height: height, width: width, channels: 3,
      pixels: (0..<65_500).flatMap { [UInt8($0 / 512), 7, 9] })
    Resize(224, crop: .center(0.875)).apply(to: &image, draws(0))
    #expect(image.size == ImageSize(height: 224, width: 224))
    // The middle pixel's neighbours have its value.
    #expect(image.pixels == (0..<(224 * 224)).flatMap { _ in [63, 7, 9] })
  }

  @Test func `one channel is resized as three are`() throws {
    var colour = try Golden.pixels("grey")
    var grey = Image(
      height: colour.height, width: colour.width, channels: 1,
      pixels: stride(from: 0, to: colour.pixels.count, by: 3).map { colour.pixels[$0] })
    Resize(16).apply(to: &colour, draws(0))
    Resize(16).apply(to: &grey, draws(0))
    #expect(
      grey.pixels == stride(from: 0, to: colour.pixels.count, by: 3).map { colour.pixels[$0] })
  }

  @Test func `an image of the size is untouched`() {
    let image = Image(height: 2, width: 2, channels: 1, pixels: [1, 2, 3, 4])
    var resized = image
    Resize(2).apply(to: &resized, draws(0))
    #expect(resized == image)
  }

  @Test func `a flip turns left and right round`() {
    let image = Image(height: 2, width: 3, channels: 1, pixels: [1, 2, 3, 4, 5, 6])
    var flipped = image
    RandomHorizontalFlip(probability: 1).apply(to: &flipped, draws(0))
    #expect(flipped.pixels == [3, 2, 1, 6, 5, 4])
    var kept = image
    RandomHorizontalFlip(probability: 0).apply(to: &kept, draws(0))
    #expect(kept == image)
  }

  @Test(arguments: [1, 2, 3])
  func `rows change places, and pixels of a row don't`(rows: Int) {
    let image = Image(
      height: rows, width: 2, channels: 3, pixels: Array(0..<UInt8(6 * rows)))
    let upsideDown = (0..<rows).reversed().flatMap { row -> [UInt8] in
      Array(image.pixels[(6 * row)..<(6 * row + 6)])
    }
    var flipped = image
    RandomVerticalFlip(probability: 1).apply(to: &flipped, draws(0))
    #expect(flipped.pixels == upsideDown)
    RandomVerticalFlip(probability: 0).apply(to: &flipped, draws(0))
    RandomVerticalFlip(probability: 1).apply(to: &flipped, draws(0))
    #expect(flipped == image)
  }

  @Test func `a flip depends on the position in the list and the place in the recipe`() {
    func flips(transform: Int) -> [Bool] {
      (0..<200).map { position in
        var image = Image(height: 1, width: 2, channels: 1, pixels: [0, 1])
        RandomHorizontalFlip(probability: 0.5)
          .apply(to: &image, draws(position, transform: transform))
        return image.pixels == [1, 0]
      }
    }
    for place in [0, 1, 300] {
      let random = Philox(seed: 42, stream: .augmentation(place: place), epoch: 3)
      let flips = flips(transform: place)
      #expect((70...130).contains(flips.count { $0 }))
      #expect(flips == (0..<200).map { random.uniform(position: $0, index: 0) < 0.5 })
    }
  }

  @Test func `there is room for as many draws as a transform wants, and none is a neighbour's`() {
    let indices = [0, 1, 15, 16, 17, 65_535, 65_536, 1 << 20, 1 << 33, (1 << 34) - 1]
    let all = (0..<3).flatMap { place in indices.map { draws(5, transform: place).uniform($0) } }
    #expect(Set(all).count == all.count)
    #expect(all.allSatisfy { (0..<1).contains($0) })
  }

  @Test func `normalised values are torchvision's, bit for bit`() throws {
    let bytes = try Golden.bytes("images/normalized.f32")
    let expected = stride(from: 0, to: bytes.count, by: 4).map { place in
      bytes[place..<(place + 4)].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    let image = Image(
      height: 16, width: 16, channels: 3, pixels: (0..<768).map { UInt8($0 / 3) })
    let pipeline = try Pipeline(
      [Normalize(mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225])], size: image.size,
      channels: 3)
    let result = Tensor(zeros: [16, 16, 3])
    pipeline.write(image, seed: 42, epoch: 3, position: 0, to: result.pointer)
    #expect(result.values.map(\.bitPattern) == expected)
  }
}
