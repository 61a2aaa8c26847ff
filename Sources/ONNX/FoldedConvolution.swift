/// A convolution and the batch normalisation behind it as one convolution: with the factor
/// f = scale / √(variance + ε) of each output channel, its filters times f, and the bias
/// shift + (bias − mean) · f. Computed in Double.
struct FoldedConvolution {
  /// As they came in.
  let filters: [Float]
  /// One for each output channel.
  let bias: [Float]

  /// - Parameter filters: with the output channel as the outermost axis.
  init(
    filters: [Float], bias: [Float]?, scale: [Float], shift: [Float], mean: [Float],
    variance: [Float], epsilon: Double
  ) {
    let factors = scale.indices.map {
      Double(scale[$0]) / (Double(variance[$0]) + epsilon).squareRoot()
    }
    let perChannel = filters.count / factors.count
    self.filters = filters.indices.map { Float(Double(filters[$0]) * factors[$0 / perChannel]) }
    self.bias = factors.indices.map {
      Float(Double(shift[$0]) + (Double(bias?[$0] ?? 0) - Double(mean[$0])) * factors[$0])
    }
  }
}
