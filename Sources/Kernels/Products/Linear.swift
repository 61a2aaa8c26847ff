package import Tensors

// y[rows,out] = x[rows,in] · w[…,in,out] + b[out]. Work is cut by rows, so that what follows the
// product is done while its rows are in the cache; the weights' gradient is cut by its own rows.

/// - Parameters:
///   - shortcut: `[rows,out]`, added to y.
///   - activation: what `activated`, if given, gets of y.
package func linear(
  _ x: Tensor, weight: Tensor, bias: Tensor, shortcut: Tensor? = nil, into y: Tensor,
  activation: Activation = .identity, activated: Tensor? = nil, pool: ThreadPool
) {
  let (inputs, outputs) = weight.shape.lastTwo
  pool.run(linearRows(x.count / inputs)) { rows in
    multiply(
      Matrix(x.pointer + rows.lowerBound * inputs, stride: inputs), weight.matrix(columns: outputs),
      into: y.pointer + rows.lowerBound * outputs, stride: outputs, rows: rows.count,
      columns: outputs, depth: inputs)
    for row in rows {
      let start = row * outputs
      sweep(
        0..<outputs,
        LinearStep(
          bias: bias.pointer, shortcut: shortcut.map { UnsafePointer($0.pointer + start) },
          activation: activation, y: y.pointer + start,
          activated: activated.map { $0.pointer + start }))
    }
  }
}

private struct LinearStep: LaneStep {
  let bias: UnsafePointer<Float>
  let shortcut: UnsafePointer<Float>?
  let activation: Activation
  let y: UnsafeMutablePointer<Float>
  let activated: UnsafeMutablePointer<Float>?

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    var value = L.load(y + c) + L.load(bias + c)
    if let shortcut { value = value + L.load(shortcut + c) }
    value.store(y + c)
    if let activated { activation(value).store(activated + c) }
  }
}

package func linearInputGradient(
  _ yGradient: Tensor, weight: Tensor, into xGradient: Tensor, accumulating: Bool,
  pool: ThreadPool
) {
  let (inputs, outputs) = weight.shape.lastTwo
  pool.run(linearRows(yGradient.count / outputs)) { rows in
    multiply(
      Matrix(yGradient.pointer + rows.lowerBound * outputs, stride: outputs),
      weight.matrix(columns: outputs, transposed: true),
      into: xGradient.pointer + rows.lowerBound * inputs, stride: inputs, rows: rows.count,
      columns: inputs, depth: outputs, accumulating: accumulating)
  }
}

package func linearWeightGradient(
  _ x: Tensor, yGradient: Tensor, into weightGradient: Tensor, accumulating: Bool,
  pool: ThreadPool
) {
  let (inputs, outputs) = weightGradient.shape.lastTwo
  pool.run(Partition(inputs, least: 192, grain: 8, limit: 4)) { range in
    multiply(
      Matrix(x.pointer + range.lowerBound, stride: inputs, transposed: true),
      yGradient.matrix(columns: outputs),
      into: weightGradient.pointer + range.lowerBound * outputs, stride: outputs,
      rows: range.count, columns: outputs, depth: x.count / inputs, accumulating: accumulating)
  }
}

extension Shape {
  /// Of a matrix, or of the filters of a pointwise convolution.
  fileprivate var lastTwo: (Int, Int) { (self[rank - 2], self[rank - 1]) }
}

/// Blocks of at least 512 rows, over which the packing of the weights is nothing.
private func linearRows(_ rows: Int) -> Partition {
  Partition(rows, least: min(rows, 512), limit: 8)
}
