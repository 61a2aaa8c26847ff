package import Tensors

/// A list of transforms from decoded pixels to a slice of a batch, in three stages: transforms of
/// 8-bit pixels, `Normalize`, transforms of floats.
///
/// It is made for images of known channels, and perhaps of a known size, so that what comes out has
/// one shape. A batch's request names its pipelines: another epoch may have others.
package struct Pipeline: Sendable {
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
  package init(
    _ transforms: [any Transform], size: ImageSize?, channels: Int, firstPlace: Int = 0
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
    func draws(_ place: Int, _ transform: any Transform) -> Draws {
      journal?.begin(type(of: transform).word, place: place)
      return Draws(seed: seed, epoch: epoch, position: position, place: place, journal: journal)
    }
    for (place, transform) in pixels {
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
