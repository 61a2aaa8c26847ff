/// How strong a policy's operations are: torchvision's tables, from the weakest bin to the strongest.
struct Magnitudes {
  let bins: Int
  /// The strongest shear's tangent.
  let shear: Double
  /// The longest move, as a share of the side, or in pixels.
  let translate: Move
  /// The largest angle in degrees.
  let rotate: Double
  /// The most that is added to a factor of 1, or taken off.
  let factor: Double
  /// The most and the fewest bits.
  let posterize: (most: Double, fewest: Double)

  enum Move {
    case share(Double)
    case pixels(Double)
  }

  static let autoAugment = randAugment(bins: 10)

  static func randAugment(bins: Int) -> Magnitudes {
    Magnitudes(
      bins: bins, shear: 0.3, translate: .share(150.0 / 331), rotate: 30, factor: 0.9,
      posterize: (8, 4))
  }

  static func trivialAugmentWide(bins: Int) -> Magnitudes {
    Magnitudes(
      bins: bins, shear: 0.99, translate: .pixels(32), rotate: 135, factor: 0.99,
      posterize: (8, 2))
  }

  static let augMix = Magnitudes(
    bins: 10, shear: 0.3, translate: .share(1.0 / 3), rotate: 30, factor: 0.9,
    posterize: (4, 0))

  /// An operation's strength in a bin; 0 where it has none.
  func magnitude(of operation: AugmentOperation, bin: Int, _ size: ImageSize) -> Double {
    let share = Double(bin) / Double(bins - 1)
    func move(_ extent: Int) -> Double {
      switch translate {
      case .share(let most): most * Double(extent) * share
      case .pixels(let most): most * share
      }
    }
    switch operation {
    case .identity, .autoContrast, .equalize, .invert: return 0
    case .shearX, .shearY: return shear * share
    case .translateX: return move(size.width)
    case .translateY: return move(size.height)
    case .rotate: return rotate * share
    case .brightness, .color, .contrast, .sharpness: return factor * share
    case .posterize:
      return (posterize.most - (posterize.most - posterize.fewest) * share)
        .rounded(.toNearestOrEven)
    case .solarize: return 1 - share
    }
  }
}
