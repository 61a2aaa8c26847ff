package import Images

extension AugmentStep {
  /// The mean and deviation of ImageNet's pixels, which most photos resemble.
  private static let photos = Normalize(mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225])
  /// Grey images differ too much for a common choice: −1 to 1.
  private static let grey = Normalize(mean: [0.5], std: [0.5])

  /// What does it, for images of so many channels.
  package func transform(channels: Int) -> any Transform {
    switch self {
    case .resize(let side, let interpolation, let crop):
      Resize(side, interpolation ?? Self.usualInterpolation, crop: crop?.share)
    case .randomHorizontalFlip(let probability):
      RandomHorizontalFlip(probability: Float(probability))
    case .normalize(.auto): channels == 3 ? Self.photos : Self.grey
    case .normalize(.fixed(let mean, let std)):
      Normalize(mean: mean.map { Float($0) }, std: std.map { Float($0) })
    }
  }
}

extension AugmentStep.Crop {
  fileprivate var share: Double? {
    switch self {
    case .none: nil
    case .center(let share): share
    }
  }
}
