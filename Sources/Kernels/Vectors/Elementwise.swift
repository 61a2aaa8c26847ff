package import Tensors

/// `destination += source`.
func add(
  _ source: UnsafePointer<Float>, to destination: UnsafeMutablePointer<Float>, count: Int
) {
  sweep(0..<count, AddStep(source: source, destination: destination))
}

private struct AddStep: LaneStep {
  let source: UnsafePointer<Float>
  let destination: UnsafeMutablePointer<Float>
  @inline(__always) func callAsFunction<L: Lanes>(_ i: Int, _: L.Type) {
    (L.load(destination + i) + L.load(source + i)).store(destination + i)
  }
}

/// `destination += source`, over all elements.
package func add(_ source: Tensor, to destination: Tensor, pool: ThreadPool) {
  pool.run(Partition(source.count, least: 16384)) { range in
    add(
      source.pointer + range.lowerBound, to: destination.pointer + range.lowerBound,
      count: range.count)
  }
}

/// `x *= factor`, over `count` elements.
package func scale(
  _ x: UnsafeMutablePointer<Float>, count: Int, by factor: Float, pool: ThreadPool
) {
  pool.run(Partition(count, least: 16384)) { range in
    sweep(range, ScaleStep(x: x, factor: factor))
  }
}

private struct ScaleStep: LaneStep {
  let x: UnsafeMutablePointer<Float>
  let factor: Float
  @inline(__always) func callAsFunction<L: Lanes>(_ i: Int, _: L.Type) {
    (L.load(x + i) * L(repeating: factor)).store(x + i)
  }
}

/// `output = activation(main + shortcut)`, both `[…, C]` and transformed as they are loaded.
package func residualSum(
  _ main: Tensor, _ mainTransform: ChannelTransform?, _ shortcut: Tensor,
  _ shortcutTransform: ChannelTransform?, activation: Activation, into output: Tensor,
  pool: ThreadPool
) {
  let channels = main.shape[main.shape.rank - 1]
  let (mainTransform, shortcutTransform) = (mainTransform?.unowned, shortcutTransform?.unowned)
  let (main, shortcut, result) = (main.pointer, shortcut.pointer, output.pointer)
  pool.run(Partition(output.count / channels, least: max(1, 16384 / channels))) { rows in
    for row in rows {
      let start = row * channels
      sweep(
        0..<channels,
        ResidualStep(
          main: main + start, mainTransform: mainTransform, shortcut: shortcut + start,
          shortcutTransform: shortcutTransform, activation: activation, output: result + start))
    }
  }
}

private struct ResidualStep: LaneStep {
  let main: UnsafePointer<Float>
  let mainTransform: UnownedTransform?
  let shortcut: UnsafePointer<Float>
  let shortcutTransform: UnownedTransform?
  let activation: Activation
  let output: UnsafeMutablePointer<Float>

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    var a = L.load(main + c)
    if let mainTransform {
      a = mainTransform(a, channel: c)
    }
    var b = L.load(shortcut + c)
    if let shortcutTransform {
      b = shortcutTransform(b, channel: c)
    }
    activation(a + b).store(output + c)
  }
}

/// `output = transform(x)` for `x[…, C]`.
package func apply(
  _ transform: ChannelTransform, to x: Tensor, into output: Tensor, pool: ThreadPool
) {
  let channels = x.shape[x.shape.rank - 1]
  let (pending, source, result) = (transform.unowned, x.pointer, output.pointer)
  pool.run(Partition(x.count / channels, least: max(1, 16384 / channels))) { rows in
    let start = rows.lowerBound * channels
    loadPixels(
      rows.count, from: source + start, pixel: channels, into: result + start, place: channels,
      channels: channels, transform: pending)
  }
}

/// The gradient before an activation, from the one after it and the activation's input `x`; or its
/// output, if the activation is gated by that: ReLU's is above zero exactly where its input was.
package func activationGradient(
  _ outputGradient: Tensor, at x: Tensor, activation: Activation, into inputGradient: Tensor,
  pool: ThreadPool
) {
  pool.run(Partition(x.count, least: 16384)) { range in
    sweep(
      range,
      ActivationGradientStep(
        gradient: outputGradient.pointer, x: x.pointer, activation: activation,
        result: inputGradient.pointer))
  }
}

private struct ActivationGradientStep: LaneStep {
  let gradient: UnsafePointer<Float>
  let x: UnsafePointer<Float>
  let activation: Activation
  let result: UnsafeMutablePointer<Float>
  @inline(__always) func callAsFunction<L: Lanes>(_ i: Int, _: L.Type) {
    activation.gradient(L.load(gradient + i), at: L.load(x + i)).store(result + i)
  }
}

/// `destination = source`, for pieces that are too short for a call to `memcpy`.
struct CopyStep: LaneStep {
  let source: UnsafePointer<Float>
  let destination: UnsafeMutablePointer<Float>
  @inline(__always) func callAsFunction<L: Lanes>(_ i: Int, _: L.Type) {
    L.load(source + i).store(destination + i)
  }
}
