import Differentiation
import Tensors

/// One part of one operation, with all its calls of the same shapes.
package struct KernelRow: Encodable, Sendable {
  package enum Part: String, Encodable, Sendable {
    case forward
    case inputGradient = "input gradient"
    case weightGradient = "weight gradient"
  }

  /// The function's name and its shapes: `convolution [16, 56, 56, 64] → [16, 56, 56, 64], 3×3×64×64`.
  package let operation: String
  package let part: Part
  /// In one pass.
  package let calls: Int
  /// Of all calls together, the median of the passes.
  package let milliseconds: Double
  /// By the definition, so that Winograd's algorithm may exceed the peak; nil where products are not
  /// what counts.
  package let gigaflops: Double?
  /// What has to be read and written at least, once each; nil where the inputs aren't known.
  package let gigabytesPerSecond: Double?
  /// Of the machine's peak arithmetic.
  package let shareOfPeak: Double?
  /// The time that arithmetic at the peak or memory at its bandwidth would take, the longer of the
  /// two, over the measured time. Caches can be faster than memory: above 1 is possible.
  package let shareOfRoofline: Double?

  /// - Parameters:
  ///   - times: of each pass.
  ///   - peak: multiplications and additions a second.
  ///   - bandwidth: bytes a second.
  static func rows(
    of operation: OperationProfile.Operation, times: [OperationProfile.Times], peak: Double,
    bandwidth: Double
  ) -> [KernelRow] {
    let parts: [(Part, (OperationProfile.Times) -> Double)] =
      [(.forward, \.forward)]
      + (operation.givesInputGradient ? [(.inputGradient, \.inputGradient)] : [])
      + (operation.weights.isEmpty ? [] : [(.weightGradient, \.parameterGradient)])
    return parts.map { part, seconds in
      let calls = times[0].calls
      let time = times.map(seconds).median / Double(calls)
      let flops = operation.multiplications.map { 2 * Double($0) }
      let bytes = operation.bytes(of: part).map(Double.init)
      let bound = max((flops ?? 0) / peak, (bytes ?? 0) / bandwidth)
      return KernelRow(
        operation: operation.description, part: part, calls: calls,
        milliseconds: time * Double(calls) * 1e3, gigaflops: flops.map { $0 / time * 1e-9 },
        gigabytesPerSecond: bytes.map { $0 / time * 1e-9 },
        shareOfPeak: flops.map { $0 / time / peak },
        shareOfRoofline: bytes.map { _ in bound / time })
    }
  }
}

extension OperationProfile.Operation {
  fileprivate var description: String {
    let shapes = inputs.first.map { "\($0) → \(output)" } ?? "\(output)"
    let matrices = weights.map { $0.extents.map(String.init).joined(separator: "×") }
    return "\(name) " + ([shapes] + matrices).joined(separator: ", ")
  }

  /// Bytes that a part has to read and write at least; nil when the inputs aren't known.
  fileprivate func bytes(of part: KernelRow.Part) -> Int? {
    guard !inputs.isEmpty else { return nil }
    let input = inputs.reduce(0) { $0 + $1.count }
    let parameters = weights.reduce(0) { $0 + $1.count }
    let floats =
      switch part {
      case .forward: input + parameters + (writesOutput ? output.count : 0)
      // A product's needs its weights, any other the values at which it is taken.
      case .inputGradient: output.count + input + (weights.isEmpty ? input : parameters)
      case .weightGradient: input + output.count + parameters
      }
    return floats * MemoryLayout<Float>.stride
  }
}
