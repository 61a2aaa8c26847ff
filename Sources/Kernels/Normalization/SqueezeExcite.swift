package import Tensors

// Squeeze-and-excitation (Hu et al., 2018) of images x[N,H,W,C]:
//
//     mean = average of x over the pixels      [N,C]
//     z    = mean · reduce + reduceBias        [N,R]
//     gate = σ(φ(z) · expand + expandBias)             [N,C]
//     y    = x · gate
//
// Images are independent, so each is read again while the cache still has it.

/// The functions φ and σ.
package struct SqueezeExciteFunctions: Sendable {
  package enum Gate: Sendable {
    /// 1 / (1 + e⁻ˣ).
    case sigmoid
    /// relu6(x + 3) / 6.
    case hardSigmoid
  }

  package let activation: Activation
  package let gate: Gate

  package init(activation: Activation, gate: Gate) {
    self.activation = activation
    self.gate = gate
  }
}

extension SqueezeExciteFunctions.Gate {
  fileprivate func callAsFunction(_ x: Float) -> Float {
    switch self {
    case .sigmoid: x.sigmoid()
    case .hardSigmoid: Activation.hardSigmoid(x)
    }
  }

  /// The gate's slope over its value; a closed gate has let nothing through that would show it.
  fileprivate func relativeSlope(at value: Float) -> Float {
    switch self {
    case .sigmoid: 1 - value
    case .hardSigmoid: value > 0 && value < 1 ? 1 / (6 * value) : 0
    }
  }
}

/// The layer's parameters: `reduce` `[C,R]`, `expand` `[R,C]`.
package struct SqueezeExciteWeights {
  package let reduce: Tensor
  package let reduceBias: Tensor
  package let expand: Tensor
  package let expandBias: Tensor

  package init(reduce: Tensor, reduceBias: Tensor, expand: Tensor, expandBias: Tensor) {
    self.reduce = reduce
    self.reduceBias = reduceBias
    self.expand = expand
    self.expandBias = expandBias
  }

  var channels: Int { expandBias.count }
  var reduced: Int { reduceBias.count }
}

/// What the forward pass leaves for the backward pass.
package struct SqueezeExciteState {
  /// `[N,C]`
  package let mean: Tensor
  /// z before the activation, `[N,R]`.
  package let hidden: Tensor
  /// φ(z), `[N,R]`.
  package let activated: Tensor
  /// `[N,C]`
  package let gate: Tensor

  package init(images: Int, channels: Int, reduced: Int) {
    mean = Tensor(uninitialized: [images, channels])
    hidden = Tensor(uninitialized: [images, reduced])
    activated = Tensor(uninitialized: [images, reduced])
    gate = Tensor(uninitialized: [images, channels])
  }
}

/// Overwrites `output[N,H,W,C]` and `state`; the input is transformed as it is loaded.
package func squeezeExcite(
  _ input: StoredTensor, transform: ChannelTransform?, weights: SqueezeExciteWeights,
  functions: SqueezeExciteFunctions, state: SqueezeExciteState, into output: StoredTensor,
  pool: ThreadPool
) {
  precondition(input.format == output.format, "\(input.format) into \(output.format)")
  func gate<Number: StoredNumber>(_ number: Number.Type) {
    squeezeExcite(
      UnsafePointer(StoredNumbers(input).of(number)), input.shape, transform: transform?.unowned,
      weights: weights, functions: functions, state: state, into: StoredNumbers(output).of(number),
      pool: pool)
  }
  switch input.format {
  case .fp32: gate(Float.self)
  case .bf16: gate(BFloat16.self)
  case .fp16: gate(Half.self)
  }
}

private func squeezeExcite<Number: StoredNumber>(
  _ input: UnsafePointer<Number>, _ shape: Shape, transform: UnownedTransform?,
  weights: SqueezeExciteWeights, functions: SqueezeExciteFunctions, state: SqueezeExciteState,
  into output: UnsafeMutablePointer<Number>, pool: ThreadPool
) {
  let (rows, columns) = (shape[1], shape[2])
  let (channels, reduced) = (weights.channels, weights.reduced)
  pool.run(shape[0]) { image in
    let start = image * rows * columns * channels
    let mean = state.mean.pointer + image * channels
    let hidden = state.hidden.pointer + image * reduced
    let activated = state.activated.pointer + image * reduced
    let gate = state.gate.pointer + image * channels
    averageImage(
      input + start, transform: transform, rows: rows, columns: columns,
      channels: channels, into: mean)
    multiply(mean, weights.reduce, adding: weights.reduceBias, into: hidden)
    for r in 0..<reduced { activated[r] = functions.activation(hidden[r]) }
    multiply(activated, weights.expand, adding: weights.expandBias, into: gate)
    for c in 0..<channels { gate[c] = functions.gate(gate[c]) }
    for pixel in 0..<(rows * columns) {
      let place = start + pixel * channels
      sweep(
        0..<channels,
        GateStep(
          x: input + place, transform: transform, gate: gate, result: output + place))
    }
  }
}

/// Overwrites the gradients of z and of the gate's argument, `hidden[N,R]` and `gate[N,C]`, and
/// that of the (transformed) input, which may lie where the output's gradient does. The parameters'
/// gradients are those of two linear layers.
package func squeezeExciteGradient(
  output: StoredTensor, weights: SqueezeExciteWeights, functions: SqueezeExciteFunctions,
  state: SqueezeExciteState, outputGradient: StoredTensor, hidden: Tensor, gate: Tensor,
  into inputGradient: StoredTensor, pool: ThreadPool
) {
  func gradient<Value: StoredNumber, Gradient: StoredNumber>(
    _ value: Value.Type, _ number: Gradient.Type
  ) {
    squeezeExciteGradient(
      output: UnsafePointer(StoredNumbers(output).of(value)), output.shape, weights: weights,
      functions: functions, state: state,
      outputGradient: UnsafePointer(StoredNumbers(outputGradient).of(number)), hidden: hidden,
      gate: gate, into: StoredNumbers(inputGradient).of(number), pool: pool)
  }
  switch Precision(activations: output.format, gradients: outputGradient.format) {
  case .fp32: gradient(Float.self, Float.self)
  case .bf16: gradient(BFloat16.self, BFloat16.self)
  case .fp16: gradient(Half.self, Float.self)
  case .fp16Gradients: gradient(Half.self, Half.self)
  }
}

private func squeezeExciteGradient<Value: StoredNumber, Gradient: StoredNumber>(
  output: UnsafePointer<Value>, _ shape: Shape, weights: SqueezeExciteWeights,
  functions: SqueezeExciteFunctions, state: SqueezeExciteState,
  outputGradient: UnsafePointer<Gradient>, hidden: Tensor, gate: Tensor,
  into inputGradient: UnsafeMutablePointer<Gradient>, pool: ThreadPool
) {
  let (rows, columns) = (shape[1], shape[2])
  let (channels, reduced) = (weights.channels, weights.reduced)
  pool.run(shape[0]) { image in
    let start = image * rows * columns * channels
    let opened = state.gate.pointer + image * channels
    let gate = gate.pointer + image * channels
    let hidden = hidden.pointer + image * reduced
    gate.update(repeating: 0, count: channels)
    BufferPool.shared.withScratch(channels) { sum in
      for row in 0..<rows {
        sum.update(repeating: 0, count: channels)
        for pixel in (row * columns)..<((row + 1) * columns) {
          let place = start + pixel * channels
          sweep(
            0..<channels,
            GateGradientStep(
              output: output + place, gradient: outputGradient + place, sum: sum))
        }
        add(sum, to: gate, count: channels)
      }
    }
    // Σ dy · x · σ′ = Σ dy · y · σ′ / σ
    for c in 0..<channels { gate[c] *= functions.gate.relativeSlope(at: opened[c]) }
    multiplyTransposed(gate, weights.expand, into: hidden)
    for r in 0..<reduced {
      hidden[r] = functions.activation.gradient(
        hidden[r], at: state.hidden.pointer[image * reduced + r])
    }
    BufferPool.shared.withScratch(channels) { mean in
      multiplyTransposed(hidden, weights.reduce, into: mean)
      for c in 0..<channels { mean[c] /= Float(rows * columns) }
      for pixel in 0..<(rows * columns) {
        let place = start + pixel * channels
        sweep(
          0..<channels,
          InputGradientStep(
            gradient: outputGradient + place, gate: opened, mean: mean,
            result: inputGradient + place))
      }
    }
  }
}

/// `y = gate · x` for a pixel.
private struct GateStep<Number: StoredNumber>: LaneStep {
  let x: UnsafePointer<Number>
  let transform: UnownedTransform?
  let gate: UnsafePointer<Float>
  let result: UnsafeMutablePointer<Number>

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    let value = L.load(x + c)
    (L.load(gate + c) * (transform.map { $0(value, channel: c) } ?? value)).store(result + c)
  }
}

/// `sum += gradient · output` for a pixel.
private struct GateGradientStep<Value: StoredNumber, Gradient: StoredNumber>: LaneStep {
  let output: UnsafePointer<Value>
  let gradient: UnsafePointer<Gradient>
  let sum: UnsafeMutablePointer<Float>

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    L.load(sum + c).addingProduct(L.load(gradient + c), L.load(output + c)).store(sum + c)
  }
}

/// `result = gradient · gate + mean` for a pixel.
private struct InputGradientStep<Gradient: StoredNumber>: LaneStep {
  let gradient: UnsafePointer<Gradient>
  let gate: UnsafePointer<Float>
  let mean: UnsafePointer<Float>
  let result: UnsafeMutablePointer<Gradient>

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    L.load(mean + c).addingProduct(L.load(gradient + c), L.load(gate + c)).store(result + c)
  }
}

/// `y[n] = x[m] · matrix[m,n] + bias[n]`.
private func multiply(
  _ x: UnsafePointer<Float>, _ matrix: Tensor, adding bias: Tensor,
  into y: UnsafeMutablePointer<Float>
) {
  let (inputs, outputs) = (matrix.count / bias.count, bias.count)
  y.update(from: bias.pointer, count: outputs)
  for i in 0..<inputs {
    sweep(0..<outputs, RowProductStep(factor: x[i], row: matrix.pointer + i * outputs, sum: y))
  }
}

/// `x[m] = y[n] · matrix[m,n]ᵀ`, with n and m as the matrix has them, `[…, m, n]`.
private func multiplyTransposed(
  _ y: UnsafePointer<Float>, _ matrix: Tensor, into x: UnsafeMutablePointer<Float>
) {
  let shape = matrix.shape
  let (inputs, outputs) = (shape[shape.rank - 2], shape[shape.rank - 1])
  for i in 0..<inputs {
    let row = matrix.pointer + i * outputs
    var sum: Float = 0
    for o in 0..<outputs { sum += y[o] * row[o] }
    x[i] = sum
  }
}

private struct RowProductStep: LaneStep {
  let factor: Float
  let row: UnsafePointer<Float>
  let sum: UnsafeMutablePointer<Float>
  @inline(__always) func callAsFunction<L: Lanes>(_ i: Int, _: L.Type) {
    L.load(sum + i).addingProduct(L.load(row + i), L(repeating: factor)).store(sum + i)
  }
}
