import Glibc

/// What the automatic policies choose from: torchvision's operations, each with a strength of its own
/// meaning.
package enum AugmentOperation: String, CaseIterable, Sendable {
  case identity = "Identity"
  case shearX = "ShearX"
  case shearY = "ShearY"
  case translateX = "TranslateX"
  case translateY = "TranslateY"
  case rotate = "Rotate"
  case brightness = "Brightness"
  case color = "Color"
  case contrast = "Contrast"
  case sharpness = "Sharpness"
  case posterize = "Posterize"
  case solarize = "Solarize"
  case autoContrast = "AutoContrast"
  case equalize = "Equalize"
  case invert = "Invert"

  /// Whether the strength's sign is drawn as well.
  package var isSigned: Bool {
    switch self {
    case .shearX, .shearY, .translateX, .translateY, .rotate: true
    case .brightness, .color, .contrast, .sharpness: true
    case .identity, .posterize, .solarize, .autoContrast, .equalize, .invert: false
    }
  }

  /// - Parameter magnitude: the tangent of a shear; pixels; degrees counter-clockwise; what is added to a
  ///   factor of 1; bits; a threshold from 0 to 1.
  package func apply(
    to image: inout Image, magnitude: Double, _ interpolation: WarpInterpolation, fill: FillColour
  ) {
    func warp(_ warp: Warp) { warp.apply(to: &image, interpolation, fill: fill) }
    switch self {
    case .identity: break
    case .shearX: warp(.affine(degrees: 0, shear: (degrees(magnitude), 0), around: (0, 0)))
    case .shearY: warp(.affine(degrees: 0, shear: (0, degrees(magnitude)), around: (0, 0)))
    case .translateX:
      warp(.affine(degrees: 0, move: (magnitude.rounded(.towardZero), 0), of: image.size))
    case .translateY:
      warp(.affine(degrees: 0, move: (0, magnitude.rounded(.towardZero)), of: image.size))
    case .rotate: warp(.rotation(degrees: magnitude, of: image.size))
    case .brightness: image.adjustBrightness(1 + magnitude)
    case .color: image.adjustSaturation(1 + magnitude)
    case .contrast: image.adjustContrast(1 + magnitude)
    case .sharpness: image.adjustSharpness(1 + magnitude)
    case .posterize: image.posterize(bits: Int(magnitude))
    case .solarize: image.solarize(threshold: 255 * magnitude)
    case .autoContrast: image.autoContrast()
    case .equalize: image.equalize()
    case .invert: image.invert()
    }
  }

  private func degrees(_ tangent: Double) -> Double { atan(tangent) * 180 / .pi }
}
