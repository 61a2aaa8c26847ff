import Glibc
import Images
import Tensors
import Testing

/// What transforms draw has the distributions that torchvision documents. Seeds are fixed, so that a test
/// passes always or never; a right one would fail for one seed in ten thousand.
@Suite struct DrawDistributionTests {
  private static let count = 3000

  /// What a list that begins with the transform notes for many photos of 41 × 30, by the notes' names.
  private func notes(_ transform: some PixelTransform) throws -> [String: [[Double]]] {
    try notes([transform, Resize(8), Normalize(mean: [0], std: [1])])
  }

  private func notes(_ transforms: [any Transform]) throws -> [String: [[Double]]] {
    let image = Image(
      height: 30, width: 41, channels: 1, pixels: (0..<1230).map { UInt8($0 % 251) })
    let pipeline = try Pipeline(transforms, size: image.size, channels: 1)
    let target = Tensor(zeros: pipeline.shape)
    var found: [String: [[Double]]] = [:]
    for position in 0..<Self.count {
      let journal = Journal()
      pipeline.write(
        image, seed: 9, epoch: 2, position: position, to: target.pointer, journal: journal)
      for (name, value) in journal.entries.flatMap(\.values) {
        switch value {
        case .number(let number): found[name, default: []].append([number])
        case .numbers(let numbers): found[name, default: []].append(numbers)
        case .word: found[name, default: []].append([])
        }
      }
    }
    return found
  }

  /// Kolmogorov's and Smirnov's test at 10⁻⁴ for numbers that should be uniform in a range.
  private func expectUniform(
    _ numbers: [Double], in range: ClosedRange<Double>, _ what: Comment,
    at location: SourceLocation = #_sourceLocation
  ) {
    let sorted = numbers.sorted()
    let width = range.upperBound - range.lowerBound
    let distance = sorted.enumerated().reduce(0) { greatest, entry in
      let share = (entry.element - range.lowerBound) / width
      let (below, above) = (
        Double(entry.offset) / Double(sorted.count), Double(entry.offset + 1) / Double(sorted.count)
      )
      return max(greatest, abs(share - below), abs(share - above))
    }
    #expect(distance * Double(sorted.count).squareRoot() < 2.23, what, sourceLocation: location)
    #expect(sorted.allSatisfy(range.contains), what, sourceLocation: location)
  }

  /// Pearson's test at 10⁻⁴ for values that should be equally frequent, or as frequent as `shares` say.
  private func expectFrequencies<Value: Hashable>(
    _ values: [Value], of all: [Value], shares: [Double]? = nil, _ what: Comment,
    at location: SourceLocation = #_sourceLocation
  ) {
    let counts = Dictionary(values.map { ($0, 1.0) }, uniquingKeysWith: +)
    let sum = all.enumerated().reduce(0.0) { sum, entry in
      let expected = Double(values.count) * (shares?[entry.offset] ?? 1 / Double(all.count))
      let difference = (counts[entry.element] ?? 0) - expected
      return sum + difference * difference / expected
    }
    let freedom = Double(all.count - 1)
    // Wilson's and Hilferty's approximation of the bound.
    let bound = freedom * pow(1 - 2 / (9 * freedom) + 3.719 * (2 / (9 * freedom)).squareRoot(), 3)
    #expect(sum < bound, what, sourceLocation: location)
    #expect(Set(values).isSubset(of: all), what, sourceLocation: location)
  }

  @Test func `angles, moves, scales and shears`() throws {
    var rotation = RandomRotation(imageSize: 8)
    rotation.degrees = [-10, 30]
    expectUniform(
      try #require(notes(rotation)["degrees"]).map { $0[0] }, in: -10...30, "rotation")
    var affine = RandomAffine(imageSize: 8)
    (affine.degrees, affine.translate, affine.scale) = ([12], [0.1, 0.2], [0.9, 1.2])
    affine.shear = [-5, 5, 1, 3]
    let found = try notes(affine)
    expectUniform(try #require(found["degrees"]).map { $0[0] }, in: -12...12, "degrees")
    expectUniform(try #require(found["scale"]).map { $0[0] }, in: 0.9...1.2, "scale")
    expectUniform(try #require(found["shear"]).map { $0[0] }, in: -5...5, "shear of x")
    expectUniform(try #require(found["shear"]).map { $0[1] }, in: 1...3, "shear of y")
    // 4.1 and 6 pixels at most: the outermost whole numbers have what is left of their range.
    let moves = try #require(found["translate"])
    expectFrequencies(
      moves.map { Int($0[0]) }, of: Array(-4...4),
      shares: (-4...4).map { abs($0) == 4 ? 0.6 / 8.2 : 1 / 8.2 }, "to the right")
    expectFrequencies(
      moves.map { Int($0[1]) }, of: Array(-6...6),
      shares: (-6...6).map { abs($0) == 6 ? 0.5 / 12 : 1.0 / 12 }, "down")
  }

  @Test func `corners`() throws {
    var perspective = RandomPerspective(imageSize: 8)
    (perspective.distortionScale, perspective.probability) = (0.3, 0.4)
    let corners = try #require(notes(perspective)["corners"])
    expectFrequencies(
      (0..<Self.count).map { $0 < corners.count }, of: [true, false], shares: [0.4, 0.6], "whether")
    let (xs, ys) = (Array(0...6), Array(0...4))
    for (corner, (right, below)) in [(false, false), (true, false), (true, true), (false, true)]
      .enumerated()
    {
      expectFrequencies(
        corners.map { Int(right ? 40 - $0[2 * corner] : $0[2 * corner]) }, of: xs, "x of \(corner)")
      expectFrequencies(
        corners.map { Int(below ? 29 - $0[2 * corner + 1] : $0[2 * corner + 1]) }, of: ys,
        "y of \(corner)")
    }
  }

  @Test func `places of crops, areas and proportions of resized ones`() throws {
    var crop = RandomCrop(imageSize: 20)
    crop.padding = [2, 3]
    let places = try notes(crop)
    expectFrequencies(
      try #require(places["top"]).map { Int($0[0]) }, of: Array(-3...13), "top")
    expectFrequencies(
      try #require(places["left"]).map { Int($0[0]) }, of: Array(-2...23), "left")
    // Small parts, which fit at the first try and are cut to whole pixels by little.
    var resized = RandomResizedCrop(imageSize: 8)
    (resized.scale, resized.ratio) = ([0.2, 0.4], [0.8, 1.25])
    let boxes = try #require(notes(resized)["box"])
    let areas = boxes.map { $0[2] * $0[3] / 1230 }
    #expect(areas.allSatisfy { (0.18...0.42).contains($0) })
    let mean = areas.reduce(0, +) / Double(areas.count)
    #expect(abs(mean - 0.3) < 0.005)
    let logarithms = boxes.map { log($0[3] / $0[2]) }
    #expect(abs(logarithms.reduce(0, +) / Double(boxes.count)) < 0.015)
    #expect(boxes.allSatisfy { $0[0] + $0[2] <= 30 && $0[1] + $0[3] <= 41 })
  }

  @Test func `factors and their order`() throws {
    var jitter = ColorJitter(imageSize: 8)
    (jitter.brightness, jitter.contrast, jitter.saturation) = ([0.3], [0.5, 0.8], [1.5])
    jitter.hue = [0.1]
    let found = try notes(jitter)
    expectUniform(try #require(found["brightness"]).map { $0[0] }, in: 0.7...1.3, "brightness")
    expectUniform(try #require(found["contrast"]).map { $0[0] }, in: 0.5...0.8, "contrast")
    expectUniform(try #require(found["saturation"]).map { $0[0] }, in: 0...2.5, "saturation")
    expectUniform(try #require(found["hue"]).map { $0[0] }, in: -0.1...0.1, "hue")
    let draws = (0..<Self.count).map {
      Draws(seed: 9, epoch: 2, position: $0, place: 0).order(0, of: 4)
    }
    expectFrequencies(draws.map { $0.map(String.init).joined() }, of: orders, "order")
  }

  /// All orders of four.
  private var orders: [String] {
    let digits = ["0", "1", "2", "3"]
    return digits.flatMap { a in
      digits.filter { $0 != a }.flatMap { b in
        digits.filter { $0 != a && $0 != b }.flatMap { c in
          digits.filter { $0 != a && $0 != b && $0 != c }.map { a + b + c + $0 }
        }
      }
    }
  }

  @Test func `whether, and how much, photos are greyed, blurred and erased`() throws {
    var grey = RandomGrayscale(imageSize: 8)
    grey.probability = 0.25
    let greyed = try notes(grey)["grayscale"]?.count ?? 0
    expectFrequencies(
      (0..<Self.count).map { $0 < greyed }, of: [true, false], shares: [0.25, 0.75], "grayscale")
    let blurs = try notes(GaussianBlur(imageSize: 8))
    expectUniform(try #require(blurs["sigma"]).map { $0[0] }, in: 0.1...2, "sigma")
    var erasing = RandomErasing(imageSize: 8)
    (erasing.probability, erasing.scale) = (0.6, [0.1, 0.3])
    let boxes = try #require(
      notes([Resize(100), Normalize(mean: [0], std: [1]), erasing])["box"])
    // Nearly all boxes of these proportions fit at the first try.
    #expect(abs(Double(boxes.count) / Double(Self.count) - 0.6) < 0.04)
    let logarithms = boxes.map { log($0[2] / $0[3]) }
    #expect(abs(logarithms.reduce(0, +) / Double(boxes.count)) < 0.05)
    #expect(boxes.allSatisfy { $0[2] < 100 && $0[3] < 100 && $0[0] + $0[2] <= 100 })
  }

  @Test func `operations of policies, their signs and strengths`() throws {
    let operations = AugmentOperation.allCases.filter { $0 != .invert }.map(\.rawValue)
    let randAugment = try notes(RandAugment(imageSize: 8))
    let chosen = randAugment.flatMap { name, values in values.map { _ in name } }
    #expect(chosen.count == 2 * Self.count)
    expectFrequencies(chosen, of: operations, "rand-augment")
    let angles = try #require(randAugment["Rotate"]).map { $0[0] }
    #expect(angles.allSatisfy { abs(abs($0) - 9) < 1e-9 })
    expectFrequencies(angles.map { $0 > 0 }, of: [true, false], "sign")
    let trivial = try notes(TrivialAugmentWide(imageSize: 8))
    expectFrequencies(
      trivial.flatMap { name, values in values.map { _ in name } }, of: operations, "trivial")
    let turns = try #require(trivial["Rotate"]).map { Int((abs($0[0]) / 4.5).rounded()) }
    expectFrequencies(turns, of: Array(0...30), "bins")
    let pairs = try notes(AutoAugment(imageSize: 8))
    expectFrequencies(
      try #require(pairs["pair"]).map { Int($0[0]) }, of: Array(0..<25), "auto-augment")
    let mixed = try notes(AugMix(imageSize: 8))
    let shares = try #require(mixed["shares"])
    // With alpha 1, two shares are one uniform number.
    expectUniform(shares.map { $0[0] }, in: 0...1, "aug-mix's share of the photo")
    #expect(shares.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-9 })
    expectFrequencies(try #require(mixed["chain"]).map { Int($0[0]) }, of: [1, 2, 3], "depth")
  }
}
