package import Tensors

/// A list of transforms from decoded pixels to a slice of a batch, in three stages: transforms of
/// 8-bit pixels, `Normalize`, transforms of floats.
///
/// It is made for images of known channels, and perhaps of a known size, so that what comes out has
/// one shape. A batch's request names its pipelines: another epoch may have others.
package struct Pipeline: Sendable {
  /// Steps of pixels that draw nothing and that several pipelines begin with, so that they are done to a
  /// photo once for all of these.
  package final class Beginning: Sendable {
    fileprivate let steps: Int

    package init(steps: Int) { self.steps = steps }
  }

  private let beginning: Beginning?
  /// With each one's place, which is where its random numbers come from.
  private let pixels: [(place: Int, transform: any PixelTransform)]
  private let normalization: Normalization
  private let floats: [(place: Int, transform: any FloatTransform)]
  /// `[H, W, C]` of what comes out.
  package let shape: Shape

  /// Of the floats that come out.
  package var imageBytes: Int { shape.count * MemoryLayout<Float>.stride }

  /// - Parameters:
  ///   - transforms: some of pixels, one `Normalize`, some of floats.
  ///   - size: of all images; nil when they differ.
  ///   - channels: of all images.
  ///   - firstPlace: of the first transform; the others follow.
  ///   - beginning: what it shares with others, if anything.
  package init(
    _ transforms: [any Transform], size: ImageSize?, channels: Int, firstPlace: Int = 0,
    beginning: Beginning? = nil
  ) throws(PipelineError) {
    guard let border = transforms.firstIndex(where: { $0 is Normalize }),
      let normalize = transforms[border] as? Normalize
    else { throw .order }
    var pixels: [(Int, any PixelTransform)] = []
    var floats: [(Int, any FloatTransform)] = []
    for (index, transform) in transforms.enumerated() where index != border {
      let place = firstPlace + index
      switch transform {
      case let transform as any PixelTransform where index < border:
        pixels.append((place, transform))
      case let transform as any FloatTransform where index > border:
        floats.append((place, transform))
      default: throw .order
      }
    }
    let (mean, std) = normalize.numbers(channels: channels)
    guard mean.count == channels else { throw .channels(images: channels, means: mean.count) }
    guard let final = pixels.reduce(size, { $1.1.outputSize($0) }) else { throw .sizesDiffer }
    self.pixels = pixels
    self.beginning = beginning
    normalization = Normalization(mean: mean, std: std)
    self.floats = floats
    shape = [final.height, final.width, channels]
  }

  /// The pixels that became an image of a batch `[N, H, W, C]`: the photo as the net sees it.
  package func image(_ row: Int, of batch: Tensor) -> Image {
    withExtendedLifetime(batch) {
      normalization.image(
        of: batch.pointer + row * shape.count, ImageSize(height: shape[0], width: shape[1]))
    }
  }

  /// Applies the list to an image and writes its floats `[H, W, C]` to `target`.
  ///
  /// - Parameters:
  ///   - position: in the epoch's list; random numbers depend on it and not on the photo.
  ///   - seed: of all random numbers.
  ///   - journal: is told what is drawn.
  ///   - stopwatch: is told when a stage is done.
  package func write(
    _ image: consuming Image, seed: UInt64, epoch: Int, position: Int,
    to target: UnsafeMutablePointer<Float>, journal: Journal? = nil, stopwatch: Stopwatch? = nil
  ) {
    write(
      image, after: 0, seed: seed, epoch: epoch, position: position, to: target, journal: journal,
      stopwatch: stopwatch)
  }

  /// Makes an image's views: the floats of each of these pipelines, at the target of its index.
  package static func write(
    _ image: Image, by pipelines: [Pipeline], seed: UInt64, epoch: Int, position: Int,
    to target: (_ index: Int) -> UnsafeMutablePointer<Float>
  ) {
    var begun: (by: Beginning, image: Image)?
    for (index, pipeline) in pipelines.enumerated() {
      guard let beginning = pipeline.beginning else {
        pipeline.write(image, seed: seed, epoch: epoch, position: position, to: target(index))
        continue
      }
      let first: Image
      if let begun, begun.by === beginning {
        first = begun.image
      } else {
        first = pipeline.begun(image)
        begun = (beginning, first)
      }
      pipeline.write(
        first, after: beginning.steps, seed: seed, epoch: epoch, position: position,
        to: target(index), journal: nil, stopwatch: nil)
    }
  }

  /// What the steps make of an image that are shared with others.
  private func begun(_ image: consuming Image) -> Image {
    // They draw nothing.
    let draws = Draws(seed: 0, epoch: 0, position: 0, place: 0)
    for (_, transform) in pixels[..<(beginning?.steps ?? 0)] { transform.apply(to: &image, draws) }
    return image
  }

  /// - Parameter first: how many steps have been done.
  private func write(
    _ image: consuming Image, after first: Int, seed: UInt64, epoch: Int, position: Int,
    to target: UnsafeMutablePointer<Float>, journal: Journal?, stopwatch: Stopwatch?
  ) {
    func draws(_ place: Int, _ transform: any Transform) -> Draws {
      journal?.begin(type(of: transform).word, place: place)
      return Draws(seed: seed, epoch: epoch, position: position, place: place, journal: journal)
    }
    for (place, transform) in pixels[first...] {
      transform.apply(to: &image, draws(place, transform))
      stopwatch?.lap(type(of: transform).word)
    }
    normalization.write(image, to: target)
    stopwatch?.lap(Normalize.word)
    for (place, transform) in floats {
      transform.apply(to: target, shape, draws(place, transform))
      stopwatch?.lap(type(of: transform).word)
    }
  }
}
