import Files
import Glibc

/// The C library's functions that results depend on, as it computes them here.
///
/// Its versions may differ in a last bit, and losses, schedules and optimizers are computed by each
/// rank for itself: ranks on hosts with two of them would come apart without a word.
package enum MathLibrary {
  /// What is computed by them: exponentials and logarithms of losses, AdamW's powers, cosines of
  /// schedules.
  struct Functions {
    var exponential: (Double) -> Double = { exp($0) }
    var logarithm: (Double) -> Double = { log($0) }
    var power: (Double, Double) -> Double = { pow($0, $1) }
    var cosine: (Double) -> Double = { cos($0) }
  }

  /// `results ` and the first 12 digits of the SHA-256 of some hundred of them.
  package static let description = "results \(digest(of: Functions()).prefix(12))"

  static func digest(of functions: Functions) -> String {
    var state: UInt64 = 1
    // Knuth's generator: a compiler that knew the arguments might compute the results itself.
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
    var bytes: [UInt8] = []
    for _ in 0..<256 {
      let x = uniform()
      let results = [
        functions.exponential(-40 * x), functions.logarithm(x + 0x1p-53),
        functions.power(0.9 + x / 10, (1 + 1e4 * uniform()).rounded()), functions.cosine(.pi * x),
      ]
      for result in results {
        withUnsafeBytes(of: result.bitPattern.littleEndian) { bytes += $0 }
      }
    }
    return Digest.hex(of: bytes)
  }
}
