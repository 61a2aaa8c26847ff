package import Tensors

// y[N,out] = x[N,in] · w[in,out] + b[out]. A product over the batch is small beside the
// convolutions before it and stays on one thread.

package func linear(_ x: Tensor, weight: Tensor, bias: Tensor?, into y: Tensor) {
  let (rows, inputs, outputs) = (x.shape[0], weight.shape[0], weight.shape[1])
  multiply(
    x.matrix(columns: inputs), weight.matrix(columns: outputs), into: y.pointer, stride: outputs,
    rows: rows, columns: outputs, depth: inputs)
  guard let bias else { return }
  for row in 0..<rows { add(bias.pointer, to: y.pointer + row * outputs, count: outputs) }
}

package func linearInputGradient(
  _ yGradient: Tensor, weight: Tensor, into xGradient: Tensor, accumulating: Bool
) {
  let (inputs, outputs) = (weight.shape[0], weight.shape[1])
  multiply(
    yGradient.matrix(columns: outputs), weight.matrix(columns: outputs, transposed: true),
    into: xGradient.pointer, stride: inputs, rows: yGradient.shape[0], columns: inputs,
    depth: outputs, accumulating: accumulating)
}

package func linearWeightGradient(
  _ x: Tensor, yGradient: Tensor, into weightGradient: Tensor, accumulating: Bool
) {
  let (inputs, outputs) = (x.shape[1], yGradient.shape[1])
  multiply(
    x.matrix(columns: inputs, transposed: true), yGradient.matrix(columns: outputs),
    into: weightGradient.pointer, stride: outputs, rows: inputs, columns: outputs,
    depth: x.shape[0], accumulating: accumulating)
}

package func linearBiasGradient(
  _ yGradient: Tensor, into biasGradient: Tensor, accumulating: Bool
) {
  let (rows, outputs) = (yGradient.shape[0], yGradient.shape[1])
  if !accumulating { biasGradient.pointer.update(repeating: 0, count: outputs) }
  for row in 0..<rows {
    add(yGradient.pointer + row * outputs, to: biasGradient.pointer, count: outputs)
  }
}
