import Images
import Synchronization
import Tensors
import Testing

@Suite struct PipelineTests {
  private static let grey = Normalize(mean: [0], std: [1])

  /// Adds its first draw and the place's number to all floats.
  private struct Shift: FloatTransform {
    static let word = "shift"
    let isRandom = true

    init(imageSize: Int = 0) {}

    mutating func show(_ keys: inout some TransformKeys) {}

    func apply(to floats: UnsafeMutablePointer<Float>, _ shape: Shape, _ draws: Draws) {
      for index in 0..<shape.count { floats[index] += 1 + draws.uniform(0) }
    }
  }

  @Test func `pixels, normalize, floats: in this order, each with draws of its place`() throws {
    let image = Image(height: 1, width: 2, channels: 1, pixels: [0, 255])
    let pipeline = try Pipeline(
      [RandomHorizontalFlip(probability: 1), Self.grey, Shift()], size: image.size, channels: 1)
    let result = Tensor(zeros: pipeline.shape)
    pipeline.write(image, seed: 42, epoch: 3, position: 7, to: result.pointer)
    let shift = 1 + Draws(seed: 42, epoch: 3, position: 7, place: 2).uniform(0)
    #expect(result.values == [1 + shift, shift])
  }

  @Test(arguments: 0..<5)
  func `pixels come before the only normalize, floats behind it`(case number: Int) {
    let lists: [[any Transform]] = [
      [], [Resize(8)], [Self.grey, Resize(8), Self.grey], [Self.grey, Resize(8)],
      [Shift(), Self.grey],
    ]
    #expect(throws: PipelineError.order) {
      try Pipeline(lists[number], size: ImageSize(height: 8, width: 8), channels: 1)
    }
  }

  @Test func `a pipeline has one shape`() throws {
    let normalize = Normalize(mean: [0, 0, 0], std: [1, 1, 1])
    #expect(
      try Pipeline([Resize(8), normalize], size: nil, channels: 3).shape == [8, 8, 3])
    let size = ImageSize(height: 5, width: 6)
    #expect(try Pipeline([normalize], size: size, channels: 3).shape == [5, 6, 3])
    #expect(throws: PipelineError.sizesDiffer) {
      try Pipeline([RandomHorizontalFlip(), normalize], size: nil, channels: 3)
    }
    #expect(throws: PipelineError.channels(images: 3, means: 1)) {
      try Pipeline([Resize(8), Self.grey], size: nil, channels: 3)
    }
  }

  /// Inverts the image, and counts how often it does.
  private struct Invert: PixelTransform {
    final class Count: Sendable { let times = Mutex(0) }

    static let word = "invert"
    let count: Count

    init(_ count: Count) { self.count = count }
    init(imageSize: Int) { self.init(Count()) }

    mutating func show(_ keys: inout some TransformKeys) {}

    func apply(to image: inout Image, _ draws: Draws) {
      count.times.withLock { $0 += 1 }
      let size = image.count
      image.withMutablePixels { for index in 0..<size { $0[index] = 255 - $0[index] } }
    }
  }

  @Test func `what several pipelines begin with is done to a photo once`() throws {
    let image = Image(height: 1, width: 2, channels: 1, pixels: [0, 51])
    let (count, flip) = (Invert.Count(), RandomHorizontalFlip(probability: 1))
    let beginning = Pipeline.Beginning(steps: 1)
    func pipeline(_ more: [any Transform], _ beginning: Pipeline.Beginning?) throws -> Pipeline {
      try Pipeline(
        [Invert(count)] + more + [Self.grey], size: image.size, channels: 1, beginning: beginning)
    }
    let pipelines = [
      try pipeline([], beginning), try pipeline([flip], beginning), try pipeline([flip], nil),
      try pipeline([], Pipeline.Beginning(steps: 0)),
    ]
    let targets = pipelines.map { Tensor(zeros: $0.shape) }
    Pipeline.write(
      image, by: pipelines, seed: 0, epoch: 0, position: 0, to: { targets[$0].pointer })
    #expect(targets.map(\.values) == [[1, 0.8], [0.8, 1], [0.8, 1], [1, 0.8]])
    #expect(count.times.withLock(\.self) == 3)
  }
}
