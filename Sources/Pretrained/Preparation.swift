package import Images
package import Recipes
package import Tensors

/// How photos were prepared for a net when its weights were trained, as far as that is known.
package struct Preparation: Equatable, Sendable {
  package var normalization: Normalize.Statistics
  /// Nil: whatever is the default here.
  package var interpolation: Interpolation?
  package var crop: Resize.Crop?
  /// Of the square images, in pixels. Nil: the usual one of the net.
  package var side: Int?

  package init(
    _ normalization: Normalize.Statistics, _ interpolation: Interpolation?, crop: Resize.Crop?,
    side: Int? = nil
  ) {
    self.normalization = normalization
    self.interpolation = interpolation
    self.crop = crop
    self.side = side
  }

  /// What a run's own recipe says, for its weights.
  package init(of recipe: Recipe) {
    self.init(.auto, nil, crop: nil, side: recipe.model.imageSize)
    for step in recipe.augment {
      switch step {
      case let resize as any ResizingTransform:
        (interpolation, crop) = (resize.interpolation, resize.crop)
      case let normalize as Normalize: normalization = normalize.statistics
      default: break
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
      .fixed(mean: spread(mean), std: spread(std)), interpolation, crop: crop, side: side)
  }

  /// `mean [0.5, 0.5, 0.5], std [0.5, 0.5, 0.5], bicubic, crop 0.875`
  package var description: String {
    var parts: [String] = []
    if case .fixed(let mean, let std) = normalization { parts += ["mean \(mean)", "std \(std)"] }
    if let interpolation { parts.append(interpolation.rawValue) }
    switch crop {
    case .center(let share): parts.append("crop \(RecipeNumber.text(share))")
    case .pad(let fill):
      parts.append("pad with " + fill.numbers.map(RecipeNumber.text).joined(separator: ", "))
    case .some(.none): parts.append("no crop")
    case nil: break
    }
    return parts.joined(separator: ", ")
  }
}

extension [any Transform] {
  /// Whether the list leaves to the weights what it doesn't say.
  package var leavesToWeights: Bool { contains { $0 as? Normalize == Normalize(.auto) } }

  /// With `normalize: auto`, the list with everything filled in that it leaves open.
  package func filled(from preparation: Preparation) -> [any Transform] {
    guard leavesToWeights else { return self }
    return map { step -> any Transform in
      switch step {
      case var resize as any ResizingTransform:
        resize.interpolation = resize.interpolation ?? preparation.interpolation
        resize.crop = resize.crop ?? preparation.crop
        return resize
      case is Normalize: return Normalize(preparation.normalization)
      default: return step
      }
    }
  }

  /// Where the list says otherwise than the weights, in the recipe's words.
  package func contradictions(to preparation: Preparation) -> [String] {
    var found: [String] = []
    // Without `normalize: auto` nothing is filled in, and what isn't written is the default.
    let isFilled = leavesToWeights
    for step in self {
      switch step {
      case let normalize as Normalize:
        let (own, theirs) = (normalize.statistics, preparation.normalization)
        if own != .auto, theirs != .auto, own != theirs { found.append(Normalize.word) }
      case let resize as any ResizingTransform:
        let interpolation =
          resize.interpolation ?? (isFilled ? nil : Resize.usualInterpolation)
        if let interpolation, let wanted = preparation.interpolation, interpolation != wanted {
          found.append("interpolation: \(interpolation.rawValue)")
        }
        let crop = resize.crop ?? (isFilled ? nil : Resize.Crop.none)
        if let crop, let wanted = preparation.crop, crop != wanted { found.append("crop") }
      default: break
      }
    }
    return found
  }
}
