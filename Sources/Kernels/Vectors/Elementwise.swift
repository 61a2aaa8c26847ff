package import Tensors

/// `destination += source`.
func add(
  _ source: UnsafePointer<Float>, to destination: UnsafeMutablePointer<Float>, count: Int
) {
  sweep(0..<count, AddStep(source: source, destination: destination))
}

private struct AddStep<Number: StoredNumber>: LaneStep {
  let source: UnsafePointer<Number>
  let destination: UnsafeMutablePointer<Number>
  @inline(__always) func callAsFunction<L: Lanes>(_ i: Int, _: L.Type) {
    (L.load(UnsafePointer(destination + i)) + L.load(source + i)).store(destination + i)
  }
}

/// `destination += source`, over all elements.
package func add(_ source: Tensor, to destination: Tensor, pool: ThreadPool) {
  add(source.stored, to: destination.stored, pool: pool)
}

/// The same of numbers that are stored in one format.
package func add(_ source: StoredTensor, to destination: StoredTensor, pool: ThreadPool) {
  precondition(
    source.format == destination.format, "\(source.format) to \(destination.format)")
  func add<Number: StoredNumber>(_ number: Number.Type) {
    let step = AddStep(
      source: UnsafePointer(StoredNumbers(source).of(number)),
      destination: StoredNumbers(destination).of(number))
    pool.run(Partition(source.shape.count, least: 16384)) { sweep($0, step) }
  }
  switch source.format {
  case .fp32: add(Float.self)
  case .bf16: add(BFloat16.self)
  case .fp16: add(Half.self)
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
  _ main: StoredTensor, _ mainTransform: ChannelTransform?, _ shortcut: StoredTensor,
  _ shortcutTransform: ChannelTransform?, activation: Activation, into output: StoredTensor,
  pool: ThreadPool
) {
  precondition(
    main.format == output.format && shortcut.format == output.format,
    "\(main.format) and \(shortcut.format) into \(output.format)")
  func sum<Number: StoredNumber>(_ number: Number.Type) {
    residualSum(
      UnsafePointer(StoredNumbers(main).of(number)), mainTransform?.unowned,
      UnsafePointer(StoredNumbers(shortcut).of(number)), shortcutTransform?.unowned, main.shape,
      activation: activation, into: StoredNumbers(output).of(number), pool: pool)
  }
  switch output.format {
  case .fp32: sum(Float.self)
  case .bf16: sum(BFloat16.self)
  case .fp16: sum(Half.self)
  }
}

private func residualSum<Number: StoredNumber>(
  _ main: UnsafePointer<Number>, _ mainTransform: UnownedTransform?,
  _ shortcut: UnsafePointer<Number>, _ shortcutTransform: UnownedTransform?, _ shape: Shape,
  activation: Activation, into result: UnsafeMutablePointer<Number>, pool: ThreadPool
) {
  let channels = shape[shape.rank - 1]
  pool.run(Partition(shape.count / channels, least: max(1, 16384 / channels))) { rows in
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

private struct ResidualStep<Number: StoredNumber>: LaneStep {
  let main: UnsafePointer<Number>
  let mainTransform: UnownedTransform?
  let shortcut: UnsafePointer<Number>
  let shortcutTransform: UnownedTransform?
  let activation: Activation
  let output: UnsafeMutablePointer<Number>

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
  _ outputGradient: StoredTensor, at x: StoredTensor, activation: Activation,
  into inputGradient: StoredTensor, pool: ThreadPool
) {
  func gradient<Value: StoredNumber, Gradient: StoredNumber>(
    _ value: Value.Type, _ number: Gradient.Type
  ) {
    let step = ActivationGradientStep(
      gradient: UnsafePointer(StoredNumbers(outputGradient).of(number)),
      x: UnsafePointer(StoredNumbers(x).of(value)), activation: activation,
      result: StoredNumbers(inputGradient).of(number))
    pool.run(Partition(x.shape.count, least: 16384)) { sweep($0, step) }
  }
  switch Precision(activations: x.format, gradients: outputGradient.format) {
  case .fp32: gradient(Float.self, Float.self)
  case .bf16: gradient(BFloat16.self, BFloat16.self)
  case .fp16: gradient(Half.self, Float.self)
  case .fp16Gradients: gradient(Half.self, Half.self)
  }
}

private struct ActivationGradientStep<Value: StoredNumber, Gradient: StoredNumber>: LaneStep {
  let gradient: UnsafePointer<Gradient>
  let x: UnsafePointer<Value>
  let activation: Activation
  let result: UnsafeMutablePointer<Gradient>
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
