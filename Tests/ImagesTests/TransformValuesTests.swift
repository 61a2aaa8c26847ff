import Images
import Support
import Tensors
import Testing

/// Every operation at fixed parameters beside torchvision and Pillow (`Golden/transforms.py`).
@Suite struct TransformValuesTests {
  private let golden = try? Golden("transforms")

  private func image(_ name: String) throws -> Image {
    let tensor = try #require(golden).tensor(name)
    return Image(
      height: tensor.shape[0], width: tensor.shape[1], channels: tensor.shape[2],
      pixels: tensor.values.map { UInt8($0) })
  }

  /// Compares all cases of an operation; `change` gets the words behind its name.
  ///
  /// - Parameters:
  ///   - most: that a value may differ by.
  ///   - mean: that values may differ by on average.
  private func compare(
    _ operation: String, most: Int = 0, mean: Double = 0,
    _ change: (inout Image, [String]) throws -> Void
  ) throws {
    var cases = 0
    for name in try #require(golden).names {
      let words = name.split(separator: "/").map(String.init)
      guard words.count > 1, words[1] == operation else { continue }
      var image = try image("\(words[0])/original")
      try change(&image, Array(words.dropFirst(2)))
      let expected = try self.image(name)
      #expect(image.size == expected.size && image.channels == expected.channels, "\(name)")
      let differences = zip(image.pixels, expected.pixels).map { abs(Int($0) - Int($1)) }
      let average = Double(differences.reduce(0, +)) / Double(max(differences.count, 1))
      // Without interpolation there is nothing to round.
      let isExact = words.contains("nearest")
      #expect((differences.max() ?? 0) <= (isExact ? 0 : most), "\(name)")
      #expect(average <= (isExact ? 0 : mean), "\(name): \(average) on average")
      cases += 1
    }
    #expect(cases >= 3)
  }

  /// Pillow interpolates in Double, this in Float: a whole number there may be one less here.
  private func mode(_ words: [String]) throws -> WarpInterpolation {
    try #require(WarpInterpolation(rawValue: words[0]))
  }

  @Test func `turned as Pillow does`() throws {
    try compare("rotate", most: 1, mean: 0.02) { image, words in
      let warp = Warp.rotation(degrees: Double(words[1]) ?? 0, of: image.size)
      warp.apply(to: &image, try mode(words), fill: .black)
    }
  }

  @Test func `moved, scaled and sheared as torchvision does`() throws {
    typealias Case = (Double, (x: Double, y: Double), Double, (x: Double, y: Double))
    let cases: [Case] = [
      (0, (3, -2), 1, (0, 0)), (10, (0, 0), 0.9, (0, 0)), (-20, (1, 2), 1.2, (12, -7)),
      (0, (0, 0), 0.7, (0, 0)),
    ]
    try compare("affine", most: 1, mean: 0.02) { image, words in
      let (degrees, move, scale, shear) = cases[Int(words[1]) ?? 0]
      let warp = Warp.affine(
        degrees: degrees, move: move, scale: scale, shear: shear, of: image.size)
      warp.apply(to: &image, try mode(words), fill: .black)
    }
    try compare("shear-x", most: 1, mean: 0.02) { image, words in
      Warp.affine(degrees: 0, shear: (17, 0), around: (0, 0))
        .apply(to: &image, try mode(words), fill: .black)
    }
  }

  @Test func `in perspective as torchvision does`() throws {
    try compare("perspective", most: 1, mean: 0.02) { image, words in
      let (right, bottom) = (Double(image.width - 1), Double(image.height - 1))
      Warp.perspective(
        from: [[0, 0], [right, 0], [right, bottom], [0, bottom]],
        to: [[2, 1], [right - 2, 0], [right, bottom - 2], [1, bottom - 1]]
      ).apply(to: &image, try mode(words), fill: .black)
    }
  }

  @Test func `brightness, contrast, saturation and sharpness are Pillow's, bit for bit`() throws {
    try compare("brightness") { $0.adjustBrightness(Double($1[0]) ?? 1) }
    try compare("contrast") { $0.adjustContrast(Double($1[0]) ?? 1) }
    try compare("saturation") { $0.adjustSaturation(Double($1[0]) ?? 1) }
    try compare("sharpness") { $0.adjustSharpness(Double($1[0]) ?? 1) }
  }

  /// Other formulas for the same colours, so other roundings.
  @Test func `hues are torchvision's`() throws {
    try compare("hue", most: 1, mean: 0.02) { $0.adjustHue(Double($1[0]) ?? 0) }
  }

  /// torchvision adds up all of a square at once.
  @Test func `blurred as by torchvision`() throws {
    try compare("blur", most: 1, mean: 0.02) {
      $0.blur(kernel: Int($1[0]) ?? 1, sigma: Double($1[1]) ?? 1)
    }
  }

  @Test func `tables of values are Pillow's, bit for bit`() throws {
    try compare("posterize") { $0.posterize(bits: Int($1[0]) ?? 8) }
    try compare("solarize") { $0.solarize(threshold: Double($1[0]) ?? 255) }
    try compare("auto-contrast") { image, _ in image.autoContrast() }
    try compare("equalize") { image, _ in image.equalize() }
    try compare("invert") { image, _ in image.invert() }
    try compare("grayscale") { image, _ in image.removeColour() }
  }

  @Test func `the middle is torchvision's, of larger and smaller images`() throws {
    try compare("center-crop") { image, words in
      CenterCrop(imageSize: Int(words[0]) ?? 0)
        .apply(to: &image, Draws(seed: 1, epoch: 0, position: 0, place: 0))
    }
  }

  @Test func `a fill colour has its channels`() throws {
    var image = try image("photo/original")
    Warp.rotation(degrees: 30, of: image.size)
      .apply(to: &image, .nearest, fill: FillColour([200, 30, 7]))
    #expect(try image == self.image("photo/rotate-red"))
  }
}
