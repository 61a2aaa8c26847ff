package import Images
package import Recipes

/// How photos were prepared for a net when its weights were trained, as far as that is known.
package struct Preparation: Equatable, Sendable {
  package var normalization: AugmentStep.Normalization
  /// Nil: whatever is the default here.
  package var interpolation: Interpolation?
  package var crop: AugmentStep.Crop?

  package init(
    _ normalization: AugmentStep.Normalization, _ interpolation: Interpolation?,
    crop: AugmentStep.Crop?
  ) {
    self.normalization = normalization
    self.interpolation = interpolation
    self.crop = crop
  }

  /// What a run's own recipe says, for its weights.
  package init(of recipe: Recipe) {
    self.init(.auto, nil, crop: nil)
    for step in recipe.augment {
      switch step {
      case .resize(_, let interpolation, let crop):
        (self.interpolation, self.crop) = (interpolation, crop)
      case .normalize(let normalization): self.normalization = normalization
      case .randomHorizontalFlip: break
      }
    }
  }

  /// The same for images of so many channels, as timm does it: each gets the mean of all numbers.
  package func forImages(channels: Int) -> Preparation {
    guard case .fixed(let mean, let std) = normalization, mean.count != channels else {
      return self
    }
    func spread(_ numbers: [Double]) -> [Double] {
      [Double](repeating: numbers.reduce(0, +) / Double(numbers.count), count: channels)
    }
    return Preparation(
      .fixed(mean: spread(mean), std: spread(std)), interpolation, crop: crop)
  }

  /// `mean [0.5, 0.5, 0.5], std [0.5, 0.5, 0.5], bicubic, crop 0.875`
  package var description: String {
    var parts: [String] = []
    if case .fixed(let mean, let std) = normalization { parts += ["mean \(mean)", "std \(std)"] }
    if let interpolation { parts.append(interpolation.rawValue) }
    switch crop {
    case .center(let share): parts.append("crop \(RecipeNumber.text(share))")
    case .some(.none): parts.append("no crop")
    case nil: break
    }
    return parts.joined(separator: ", ")
  }
}

extension [AugmentStep] {
  /// With `normalize: auto`, the steps with everything filled in that they leave open.
  package func filled(from preparation: Preparation) -> [AugmentStep] {
    guard contains(.normalize(.auto)) else { return self }
    return map { step in
      switch step {
      case .resize(let size, let interpolation, let crop):
        .resize(
          size, interpolation: interpolation ?? preparation.interpolation,
          crop: crop ?? preparation.crop)
      case .normalize: .normalize(preparation.normalization)
      case .randomHorizontalFlip: step
      }
    }
  }

  /// Where the steps say otherwise than the weights, in the recipe's words.
  package func contradictions(to preparation: Preparation) -> [String] {
    var found: [String] = []
    // Without `normalize: auto` nothing is filled in, and what isn't written is the default.
    let isFilled = contains(.normalize(.auto))
    for step in self {
      switch step {
      case .normalize(let normalization):
        if normalization != .auto, preparation.normalization != .auto,
          normalization != preparation.normalization
        {
          found.append("normalize")
        }
      case .resize(_, let interpolation, let crop):
        if let interpolation = interpolation ?? (isFilled ? nil : AugmentStep.usualInterpolation),
          let wanted = preparation.interpolation, interpolation != wanted
        {
          found.append("interpolation: \(interpolation.rawValue)")
        }
        if let crop = crop ?? (isFilled ? nil : AugmentStep.Crop.none),
          let wanted = preparation.crop, crop != wanted
        {
          found.append("crop")
        }
      case .randomHorizontalFlip: break
      }
    }
    return found
  }
}
