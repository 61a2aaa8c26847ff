package import Tensors

// Layer normalisation (Ba, Kiros and Hinton, 2016) over the last axis of x[rows,C]:
// y = (x − mean) · inverseDeviation · γ + β, with the row's own mean and biased variance.

/// Overwrites `output[rows,C]`, and `moments[rows,2]` with each row's mean and inverse deviation.
package func layerNorm(
  _ x: Tensor, scale: Tensor, shift: Tensor, epsilon: Float, moments: Tensor, into output: Tensor,
  pool: ThreadPool
) {
  let channels = scale.count
  pool.run(Partition(x.count / channels, least: 32)) { rows in
    for row in rows {
      let source = x.pointer + row * channels
      let count = Float(channels)
      let mean = total(channels, LoadValue(x: source)) / count
      let variance = total(channels, SquaredDeviation(x: source, mean: mean)) / count
      let inverse = 1 / (variance + epsilon).squareRoot()
      moments.pointer[2 * row] = mean
      moments.pointer[2 * row + 1] = inverse
      sweep(
        0..<channels,
        NormalizeStep(
          x: source, mean: mean, inverse: inverse, scale: scale.pointer, shift: shift.pointer,
          output: output.pointer + row * channels))
    }
  }
}

/// Overwrites the input's gradient, or adds to it when `accumulating`; the gradients of γ and β are
/// a fixed number of partial sums over rows, added in order to `scaleGradient` and `shiftGradient`,
/// which are overwritten.
package func layerNormGradient(
  _ x: Tensor, scale: Tensor, moments: Tensor, outputGradient: Tensor, into inputGradient: Tensor,
  accumulating: Bool, scaleGradient: Tensor, shiftGradient: Tensor, pool: ThreadPool
) {
  let channels = scale.count
  let blocks = Partition(x.count / channels, least: 32)
  BufferPool.shared.withScratch(2 * blocks.chunks * channels) { partials in
    pool.run(blocks.chunks) { block in
      let sums = partials + 2 * block * channels
      sums.update(repeating: 0, count: 2 * channels)
      for row in blocks[block] {
        let start = row * channels
        let mean = moments.pointer[2 * row]
        let inverse = moments.pointer[2 * row + 1]
        let step = LayerNormGradientStep(
          x: x.pointer + start, gradient: outputGradient.pointer + start, scale: scale.pointer,
          mean: mean, inverse: inverse, scaleSum: sums, shiftSum: sums + channels)
        sweep(0..<channels, step)
        let count = Float(channels)
        sweep(
          0..<channels,
          LayerNormInputStep(
            sums: step, offset: total(channels, ScaledGradient(step: step)) / count,
            slope: total(channels, ScaledProduct(step: step)) / count,
            result: inputGradient.pointer + start, accumulating: accumulating))
      }
    }
    scaleGradient.pointer.update(repeating: 0, count: channels)
    shiftGradient.pointer.update(repeating: 0, count: channels)
    for block in 0..<blocks.chunks {
      let sums = partials + 2 * block * channels
      add(sums, to: scaleGradient.pointer, count: channels)
      add(sums + channels, to: shiftGradient.pointer, count: channels)
    }
  }
}

private struct NormalizeStep: LaneStep {
  let x: UnsafePointer<Float>
  let mean: Float
  let inverse: Float
  let scale: UnsafePointer<Float>
  let shift: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    let centred = (L.load(x + c) - L(repeating: mean)) * L(repeating: inverse)
    L.load(shift + c).addingProduct(centred, L.load(scale + c)).store(output + c)
  }
}

/// Adds a row's share to the gradients of γ and β.
private struct LayerNormGradientStep: LaneStep {
  let x: UnsafePointer<Float>
  let gradient: UnsafePointer<Float>
  let scale: UnsafePointer<Float>
  let mean: Float
  let inverse: Float
  let scaleSum: UnsafeMutablePointer<Float>
  let shiftSum: UnsafeMutablePointer<Float>

  @inline(__always) func normalized<L: Lanes>(_ c: Int) -> L {
    (L.load(x + c) - L(repeating: mean)) * L(repeating: inverse)
  }

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    let g = L.load(gradient + c)
    L.load(scaleSum + c).addingProduct(g, normalized(c)).store(scaleSum + c)
    (L.load(shiftSum + c) + g).store(shiftSum + c)
  }
}

/// dx = inverse · (γg − mean(γg) − x̂ · mean(γg · x̂)).
private struct LayerNormInputStep: LaneStep {
  let sums: LayerNormGradientStep
  let offset: Float
  let slope: Float
  let result: UnsafeMutablePointer<Float>
  let accumulating: Bool

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    let g = L.load(sums.gradient + c) * L.load(sums.scale + c)
    let normalized: L = sums.normalized(c)
    let value =
      (g - L(repeating: offset) - normalized * L(repeating: slope)) * L(repeating: sums.inverse)
    (accumulating ? L.load(result + c) + value : value).store(result + c)
  }
}

private struct LoadValue: LaneTerm {
  let x: UnsafePointer<Float>
  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int) -> L { L.load(x + c) }
}

private struct SquaredDeviation: LaneTerm {
  let x: UnsafePointer<Float>
  let mean: Float
  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int) -> L {
    let difference = L.load(x + c) - L(repeating: mean)
    return difference * difference
  }
}

private struct ScaledGradient: LaneTerm {
  let step: LayerNormGradientStep
  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int) -> L {
    L.load(step.gradient + c) * L.load(step.scale + c)
  }
}

private struct ScaledProduct: LaneTerm {
  let step: LayerNormGradientStep
  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int) -> L {
    L.load(step.gradient + c) * L.load(step.scale + c) * step.normalized(c)
  }
}
