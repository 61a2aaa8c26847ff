import Kernels
package import Tensors

/// The four parameters that make tokens of images.
package struct TokenEntries: Sendable {
  /// `[S,S,channels,C]`
  package let filters: FlatEntry
  /// `[C]`
  package let bias: FlatEntry
  /// `[1,1,C]`
  package let classToken: FlatEntry
  /// `[1,1+P,C]`
  package let position: FlatEntry

  package init(
    filters: FlatEntry, bias: FlatEntry, classToken: FlatEntry, position: FlatEntry
  ) {
    self.filters = filters
    self.bias = bias
    self.classToken = classToken
    self.position = position
  }
}

/// The tokens `[N,1+P,C]` of images: a class token, then the image's patches of S×S pixels, each
/// mapped to C numbers; their positions' embeddings added, interpolated where there are more patches or
/// fewer than positions.
package func tokens(of images: Variable, _ entries: TokenEntries, on tape: Tape) -> Variable {
  let side = entries.filters.shape[0]
  let patches = convolution(images, filters: entries.filters, stride: side, padding: 0, on: tape)
  let parameters = tape.parameters
  let grid = PositionGrid(
    entries.position.shape, height: patches.shape[1], width: patches.shape[2])
  let shape: Shape = [images.shape[0], 1 + grid.height * grid.width, entries.bias.shape[0]]
  let value = Tensor(uninitialized: shape)
  tape.compute {
    embedTokens(
      patches.value(on: tape), bias: parameters.value(entries.bias),
      classToken: parameters.value(entries.classToken),
      position: grid.resampled(parameters.value(entries.position)), into: value, pool: tape.pool)
  }
  let learned = [entries.classToken, entries.position, entries.bias]
  let slot = patches.slot
  let y = Variable(
    value, needsGradient: patches.needsGradient || learned.contains(where: parameters.isTrained),
    on: tape)
  tape.record(
    y, of: [patches], uses: learned, multiplications: 0,
    parts: {
      let rows = $0.append(
        .reshaped, $0[patches], shape: [shape[0], shape[1] - 1, shape[2]])
      let biased = $0.append(.added(entries.bias), rows)
      let all = $0.append(.prependedToken(entries.classToken), biased, shape: shape)
      return $0.append(.added(entries.position), all)
    }
  ) { gradient in
    // Summed over the images: the positions' gradient, whose first row is the class token's and
    // whose other rows add up to the bias's.
    let (length, channels) = (shape[1], shape[2])
    let sums = Tensor(uninitialized: [length, channels])
    sumRows(gradient, into: sums, accumulating: false, pool: tape.pool)
    func rows(_ first: Int, _ count: Int) -> Tensor {
      Tensor(sums.storage, offset: first * channels, shape: [count, channels])
    }
    for (entry, rows) in [
      (entries.position, grid.gradient(of: sums)), (entries.classToken, rows(0, 1)),
      (entries.bias, rows(1, length - 1)),
    ] {
      tape.writeGradient(of: entry) { destination, accumulating in
        sumRows(rows, into: destination, accumulating: accumulating, pool: tape.pool)
      }
    }
    guard slot.needsGradient else { return }
    let share = Tensor(uninitialized: slot.shape)
    takeTokens(
      gradient, from: 1,
      into: Tensor(share.storage, shape: [shape[0], length - 1, channels]))
    slot.receiveGradient(sharing: share, pool: tape.pool)
  }
  return y
}

/// A learned token `[1,1,C]` in front of each image's: `[N,1+P,C]` of `x`, which is `[N,P,C]` or the
/// P positions of `[N,H,W,C]`; finished values in and out.
package func withToken(_ token: FlatEntry, before x: Variable, on tape: Tape) -> Variable {
  precondition(x.transform == nil, "tokens are finished values")
  let (images, channels) = (x.shape[0], token.shape.count)
  let positions: Shape = [images, x.shape.count / (images * channels), channels]
  let value = Tensor(uninitialized: [images, positions[1] + 1, channels])
  let rows = x.value(on: tape)
  tape.compute {
    prependToken(
      tape.parameters.value(token),
      to: Tensor(rows.storage, offset: rows.offset, shape: positions), into: value)
  }
  let y = Variable(
    value, needsGradient: x.needsGradient || tape.parameters.isTrained(token),
    on: tape)
  let slot = x.slot
  tape.record(
    y, of: [x], uses: [token], multiplications: 0,
    parts: {
      let rows = x.shape == positions ? $0[x] : $0.append(.reshaped, $0[x], shape: positions)
      return $0.append(.prependedToken(token), rows, shape: y.shape)
    }
  ) { gradient in
    tape.writeGradient(of: token) { destination, accumulating in
      let first = Tensor(uninitialized: [images, 1, channels])
      takeTokens(gradient, from: 0, into: first)
      sumRows(first, into: destination, accumulating: accumulating, pool: tape.pool)
    }
    guard slot.needsGradient else { return }
    let share = Tensor(uninitialized: slot.shape)
    takeTokens(gradient, from: 1, into: Tensor(share.storage, shape: positions))
    slot.receiveGradient(sharing: share, pool: tape.pool)
  }
  return y
}

/// The first `count` tokens of each image: `[N,T,C]` to `[N,count,C]`.
package func firstTokens(_ x: Variable, _ count: Int, on tape: Tape) -> Variable {
  precondition(x.transform == nil, "tokens are finished values")
  if count == x.shape[1] { return x }
  let value = Tensor(uninitialized: [x.shape[0], count, x.shape[2]])
  tape.compute {
    takeTokens(x.value(on: tape), from: 0, into: value)
  }
  let y = Variable(value, needsGradient: x.needsGradient, on: tape)
  let slot = x.slot
  tape.record(
    y, of: [x], parts: { $0.append(.firstTokens, $0[x], shape: y.shape) }
  ) { gradient in
    slot.receiveGradient { destination, accumulating in
      takeTokensGradient(gradient, from: 0, into: destination, accumulating: accumulating)
    }
  }
  return y
}

/// The same numbers under another shape.
package func reshaped(_ x: Variable, to shape: Shape, on tape: Tape) -> Variable {
  precondition(x.transform == nil && x.shape.count == shape.count, "\(x.shape) as \(shape)")
  let y = Variable(
    x.stored.reshaped(to: shape), needsGradient: x.needsGradient, on: tape)
  let slot = x.slot
  tape.record(
    y, of: [x], parts: { $0.append(.reshaped, $0[x], shape: shape) }
  ) { gradient in
    let share = Tensor(gradient.storage, offset: gradient.offset, shape: slot.shape)
    slot.receiveGradient(sharing: share, pool: tape.pool)
  }
  return y
}
