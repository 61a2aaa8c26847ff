package import Tensors

/// A square of the photo at one of its corners, in the middle or at a random place: torchvision's
/// `Resize(⌊size / share⌋)` and one of `FiveCrop(size)`, or `RandomCrop(size)`.
///
/// It is resized as `Resize` does it, of which nothing is computed but what is kept.
package struct ResizedCrop: ResizingTransform {
  package enum Position: String, CaseIterable, Sendable {
    case center
    case topLeft = "top-left"
    case topRight = "top-right"
    case bottomLeft = "bottom-left"
    case bottomRight = "bottom-right"
    case random
  }

  package enum Proportions: String, CaseIterable, Sendable {
    /// The square shows as much of both sides: a share of the shorter one.
    case keep
    /// The square shows a share of each side: `Resize((⌊size / share⌋, ⌊size / share⌋))`.
    case squash
  }

  package static let word = "resized-crop"
  package var position = Position.center
  package var share = 0.875
  package var ownSize: Int?
  package let imageSize: Int
  package var interpolation: Interpolation?
  /// Nil: as `crop` of a `resize` would be.
  package var proportions: Proportions?
  package var isRandom: Bool { position == .random }

  /// A random place becomes the middle.
  package var inEvaluation: (any Transform)? {
    guard isRandom else { return self }
    var middle = self
    middle.position = .center
    return middle
  }

  /// As a `Resize` says whether proportions stay, which is all that is taken of one: the share is this
  /// step's own.
  package var crop: Resize.Crop? {
    get { proportions.map { $0 == .keep ? Resize.Crop.center(share) : Resize.Crop.none } }
    set { proportions = newValue.map { $0 == Resize.Crop.none ? .squash : .keep } }
  }

  package init(imageSize: Int) { self.imageSize = imageSize }

  package init(_ position: Position, imageSize: Int) {
    self.init(imageSize: imageSize)
    self.position = position
  }

  package mutating func show(_ keys: inout some TransformKeys) {
    keys.choice("position", &position)
    keys.number("share", &share, in: Resize.shares)
    keys.integer("size", &ownSize, in: Resize.sizes)
    keys.choice("interpolation", &interpolation)
    keys.choice("proportions", &proportions)
  }

  /// Uses draws 0 (the row) and 1 (the column) for a random place.
  package func apply(to image: inout Image, _ draws: Draws) {
    let side = Int(Double(size) / share)
    let shorter = min(image.height, image.width)
    func axis(_ extent: Int, _ start: (_ outputs: Int) -> Int) -> Resize.Axis {
      let outputs =
        proportions == .keep ? Resize.length(of: extent, shorter: shorter, becoming: side) : side
      let first = start(outputs)
      return Resize.Axis(outputs: outputs, kept: first..<(first + size))
    }
    func atStart(_ outputs: Int) -> Int { 0 }
    func atEnd(_ outputs: Int) -> Int { outputs - size }
    func inMiddle(_ outputs: Int) -> Int { Resize.middle(of: outputs, keeping: size) }
    let (height, width) =
      switch position {
      case .center: (axis(image.height, inMiddle), axis(image.width, inMiddle))
      case .topLeft: (axis(image.height, atStart), axis(image.width, atStart))
      case .topRight: (axis(image.height, atStart), axis(image.width, atEnd))
      case .bottomLeft: (axis(image.height, atEnd), axis(image.width, atStart))
      case .bottomRight: (axis(image.height, atEnd), axis(image.width, atEnd))
      case .random:
        (
          axis(image.height) { draws.integer(0, below: $0 - size + 1) },
          axis(image.width) { draws.integer(1, below: $0 - size + 1) }
        )
      }
    if isRandom {
      draws.note("top", .number(Double(height.kept.lowerBound)))
      draws.note("left", .number(Double(width.kept.lowerBound)))
    }
    Resize(size, interpolation).resize(&image, height: height, width: width)
  }
}
