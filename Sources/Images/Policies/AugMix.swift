import CProcessor
import Tensors

/// The image mixed with copies of it that went through chains of operations; torchvision's `AugMix`
/// (Hendrycks et al. 2020).
package struct AugMix: PixelTransform {
  package static let word = "aug-mix"
  /// Bins that strengths are drawn from, of 10.
  package var severity = 3
  /// Chains.
  package var width = 3
  /// Operations of a chain; nil: 1, 2 or 3.
  package var depth: Int?
  /// Of the distribution of the shares.
  package var alpha = 1.0
  package var interpolation = WarpInterpolation.bilinear
  package var fill = FillColour.black
  package var isRandom: Bool { true }

  private static let choices = AugmentOperation.allCases.filter {
    $0 != .identity && $0 != .invert
  }

  package init(imageSize: Int) {}

  package mutating func show(_ keys: inout some TransformKeys) {
    keys.integer("severity", &severity, in: 1...10)
    keys.integer("width", &width, in: 1...10)
    keys.integer("depth", &depth, in: 1...10)
    keys.number("alpha", &alpha, in: 0.01...100)
    keys.choice("interpolation", &interpolation)
    keys.fill(&fill)
  }

  /// Uses draws from 2²⁰ on (the image's share), from 2²¹ on (the chains' shares) and from 64·k on for
  /// chain k: its depth, then three for each operation (which, its bin, its sign).
  package func apply(to image: inout Image, _ draws: Draws) {
    func shares(_ count: Int, from first: Int) -> [Double] {
      dirichlet(count, alpha: alpha) { Double(draws.uniform(first + $0)) }
    }
    let own = shares(2, from: 1 << 20)[0]
    let chains = shares(width, from: 1 << 21).map { $0 * (1 - own) }
    draws.note("shares", .numbers([own] + chains))
    let original = image
    let count = image.count
    BufferPool.shared.withScratch(count + 7) { sum in
      func add(_ pixels: UnsafePointer<UInt8>, times share: Double, isFirst: Bool) {
        for place in stride(from: 0, to: count, by: 8) {
          let target = UnsafeMutableRawPointer(sum + place)
          let values = tutti_floats(tutti_load_bytes(pixels + place))
          var value = SIMD8(repeating: Float(share)) * values
          if !isFirst { value = target.load(as: SIMD8<Float>.self) + value }
          target.storeBytes(of: value, as: SIMD8<Float>.self)
        }
      }
      original.withPixels { add($0, times: own, isFirst: true) }
      for (chain, share) in chains.enumerated() {
        var copy = original
        let first = 64 * chain
        let depth = depth ?? 1 + draws.integer(first, below: 3)
        draws.note("chain", .number(Double(depth)))
        for step in 0..<depth {
          let index = first + 1 + 3 * step
          draws.apply(
            Self.choices[draws.integer(index, below: Self.choices.count)], .augMix,
            bin: draws.integer(index + 1, below: severity), sign: index + 2, to: &copy,
            interpolation, fill: fill)
        }
        copy.withPixels { add($0, times: share, isFirst: false) }
      }
      image.withMutablePixels { pixels in
        for place in stride(from: 0, to: count, by: 8) {
          tutti_rounded_down(UnsafeRawPointer(sum + place).load(as: SIMD8<Float>.self))
            .storeBytes(to: pixels + place)
        }
      }
    }
  }
}
