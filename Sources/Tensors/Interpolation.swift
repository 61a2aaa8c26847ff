/// How pixels between pixels are found.
package enum Interpolation: String, CaseIterable, Sendable {
  case bilinear
  /// With a = −0.5, as in Pillow, and in PyTorch with antialiasing.
  case bicubic

  /// Input pixels on either side that an output depends on, when enlarging.
  var support: Double { self == .bilinear ? 1 : 2 }

  /// The weight of an input so many pixels away.
  func weight(_ distance: Double) -> Double {
    let x = abs(distance)
    switch self {
    case .bilinear: return max(0, 1 - x)
    case .bicubic:
      if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
      if x < 2 { return (((x - 5) * x + 8) * x - 4) * -0.5 }
      return 0
    }
  }
}
