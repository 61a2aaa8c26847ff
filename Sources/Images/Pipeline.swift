package import Tensors

/// Why a list of transforms can't be used.
package enum PipelineError: Error, Equatable, CustomStringConvertible {
  /// Not pixel transforms followed by one `Normalize`.
  case order
  /// The images differ in size and nothing makes them equal.
  case sizesDiffer
  case channels(images: Int, means: Int)

  package var description: String {
    switch self {
    case .order:
      "augment: the list must end with normalize, which may stand there only once"
    case .sizesDiffer:
      "augment: photos differ in size, but a batch needs one size; add {resize: 224}"
    case .channels(let images, let means):
      "augment: normalize has \(means) means and deviations, but images have \(images) channels"
    }
  }
}

/// A list of transforms from decoded pixels to a slice of a batch.
package struct Pipeline: Sendable {
  /// With each one's place in the recipe's list, which is where its random numbers come from.
  private let pixels: [(place: Int, transform: any PixelTransform)]
  private let normalize: Normalize

  /// The list for training: pixel transforms, then `Normalize`.
  package init(_ transforms: [any Transform]) throws(PipelineError) {
    guard let normalize = transforms.last as? Normalize else { throw .order }
    var pixels: [(Int, any PixelTransform)] = []
    for (place, transform) in transforms.dropLast().enumerated() {
      guard let transform = transform as? any PixelTransform else { throw .order }
      pixels.append((place, transform))
    }
    self.init(pixels: pixels, normalize: normalize)
  }

  private init(pixels: [(Int, any PixelTransform)], normalize: Normalize) {
    self.pixels = pixels
    self.normalize = normalize
  }

  /// The list without its random transforms.
  package var forEvaluation: Pipeline {
    Pipeline(pixels: pixels.filter { !$0.transform.isRandom }, normalize: normalize)
  }

  /// `[H, W, C]` of what the list makes of the dataset's images.
  package func outputShape(for dataset: Dataset) throws(PipelineError) -> Shape {
    guard dataset.channels == normalize.mean.count else {
      throw .channels(images: dataset.channels, means: normalize.mean.count)
    }
    let size = pixels.reduce(dataset.imageSize) { $1.transform.outputSize($0) }
    guard let size else { throw .sizesDiffer }
    return [size.height, size.width, dataset.channels]
  }

  /// The pixels that became an image of a batch `[N, H, W, C]`: the photo as the net sees it.
  package func image(_ row: Int, of batch: Tensor) -> Image {
    let size = ImageSize(height: batch.shape[1], width: batch.shape[2])
    let length = batch.count / batch.shape[0]
    return withExtendedLifetime(batch) {
      normalize.image(of: batch.pointer + row * length, size)
    }
  }

  /// Applies the list to an image and writes its floats `[H, W, C]` to `target`.
  ///
  /// - Parameters:
  ///   - position: in the epoch's list; random numbers depend on it and not on the photo.
  ///   - random: of the stream `.augmentation` and the epoch.
  package func write(
    _ image: consuming Image, position: Int, random: Philox, to target: UnsafeMutablePointer<Float>
  ) {
    for (place, transform) in pixels {
      transform.apply(
        to: &image, Draws(random, position: position, transform: place))
    }
    normalize.write(image, to: target)
  }
}
