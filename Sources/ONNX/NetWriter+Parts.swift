import Differentiation
import Interchange
import Kernels
import Tensors

/// Each part in ONNX's operators, of operator set 17.
extension NetWriter {
  mutating func write(_ node: Trace.Node) {
    if isWritten(node) { return }
    let (x, y) = (node.inputs[0], node.output)
    switch node.part {
    case .convolution(let filters, let bias, let stride, let padding, let after):
      writeConvolution(
        node, filters: filters, bias: bias, stride: stride, padding: padding, paddingAfter: after)

    case .batchNormalization(let entries, let epsilon):
      let inputs = [name(of: x, .channelsFirst)]
      let vectors = [entries.scale, entries.shift, entries.runningMean, entries.runningVariance]
      let parameters = vectors.map { parameter($0) }
      let result = self.node(
        "BatchNormalization", inputs + parameters, [("epsilon", .float(Float(epsilon)))],
        layer: entries.scale)
      set(y, result, .channelsFirst)

    case .layerNormalization(let scale, let shift, let epsilon):
      let inputs = [name(of: x, .channelsLast), parameter(scale), parameter(shift)]
      let result = self.node(
        "LayerNormalization", inputs, [("axis", .integer(-1)), ("epsilon", .float(epsilon))],
        layer: scale)
      set(y, result, .channelsLast)

    case .linear(let weight, let bias):
      set(y, linear(x, weight: weight, bias: bias), .channelsLast)

    case .activation(let activation):
      let layout = layout(of: [x])
      set(y, activated(name(of: x, layout), activation), layout)

    case .sigmoid:
      let layout = layout(of: [x])
      set(y, self.node("Sigmoid", [name(of: x, layout)]), layout)

    case .hardSigmoid:
      let layout = layout(of: [x])
      let result = self.node(
        "HardSigmoid", [name(of: x, layout)], [("alpha", .float(1 / 6)), ("beta", .float(0.5))])
      set(y, result, layout)

    case .sum:
      let layout = layout(of: node.inputs)
      set(y, self.node("Add", node.inputs.map { name(of: $0, layout) }), layout)

    case .gated:
      let layout = layout(of: node.inputs)
      set(y, self.node("Mul", node.inputs.map { name(of: $0, layout) }), layout)

    case .maxPooling(let window, let stride, let padding):
      let result = self.node(
        "MaxPool", [name(of: x, .channelsFirst)],
        [
          ("kernel_shape", .integers([window, window])), ("strides", .integers([stride, stride])),
          ("pads", .integers([padding, padding, padding, padding])),
        ])
      set(y, result, .channelsFirst)

    case .mean:
      set(y, self.node("GlobalAveragePool", [name(of: x, .channelsFirst)]), .channelsFirst)

    case .attention(let heads, let queries):
      writeAttention(of: x, to: y, heads: heads, queries: queries)

    case .prependedToken(let token):
      writeToken(token, before: x, to: y)

    case .added(let entry):
      let inputs = [name(of: x, .channelsLast), parameter(entry)]
      set(y, self.node("Add", inputs, layer: entry), .channelsLast)

    case .scaled(let entry):
      let inputs = [name(of: x, .channelsLast), parameter(entry)]
      set(y, self.node("Mul", inputs, layer: entry), .channelsLast)

    case .firstTokens:
      set(y, slice(name(of: x, .channelsLast), axis: 1, count: y.shape[1]), .channelsLast)

    case .reshaped:
      // One pixel's channels are in the same order in both layouts.
      let isPixel = x.shape.rank == 4 && x.shape[1] * x.shape[2] == 1 && y.shape.rank == 2
      let source = name(of: x, isPixel ? layout(of: [x]) : .channelsLast)
      set(y, reshaped(source, to: y.shape.extents), .channelsLast)
    }
  }

  private mutating func writeConvolution(
    _ node: Trace.Node, filters: FlatEntry, bias: FlatEntry?, stride: Int, padding: Int,
    paddingAfter: Int
  ) {
    let x = node.inputs[0]
    var inputs = [name(of: x, .channelsFirst)]
    let normalization = normalization(after: node)
    if case .batchNormalization(let entries, let epsilon) = normalization?.part {
      let folded = FoldedConvolution(
        filters: values(filters), bias: bias.map { values($0) }, scale: values(entries.scale),
        shift: values(entries.shift), mean: values(entries.runningMean),
        variance: values(entries.runningVariance), epsilon: epsilon)
      inputs.append(parameter(filters, folded.filters))
      let name = bias?.name ?? [path(filters), "bias"].compactMap(\.self).joined(separator: ".")
      inputs.append(builder.parameter(prefix + name, [folded.bias.count], folded.bias))
    } else {
      inputs.append(parameter(filters))
      if let bias { inputs.append(parameter(bias)) }
    }
    let result = self.node(
      "Conv", inputs,
      [
        ("kernel_shape", .integers([filters.shape[0], filters.shape[1]])),
        ("strides", .integers([stride, stride])),
        ("pads", .integers([padding, padding, paddingAfter, paddingAfter])),
        ("group", .integer(x.shape[3] / filters.shape[2])),
      ], layer: filters)
    set((normalization ?? node).output, result, .channelsFirst)
  }

  /// Rows times a matrix that stays as PyTorch has it, `[out, in]`.
  private mutating func linear(
    _ x: Trace.Value, weight: FlatEntry, bias: FlatEntry
  ) -> String {
    let source = name(of: x, .channelsLast)
    var matrix = parameter(weight)
    let offsets = parameter(bias)
    if weight.torchShape.rank == 4 {
      // A 1×1 convolution in PyTorch, `[out, in, 1, 1]`.
      matrix = node("Flatten", [matrix], [("axis", .integer(1))])
    }
    if x.shape.rank == 2 {
      return node("Gemm", [source, matrix, offsets], [("transB", .integer(1))], layer: weight)
    }
    let transposed = node("Transpose", [matrix], [("perm", .integers([1, 0]))])
    return node("Add", [node("MatMul", [source, transposed]), offsets], layer: weight)
  }

  private mutating func activated(_ x: String, _ activation: Activation) -> String {
    switch activation {
    case .identity: return x
    case .relu: return node("Relu", [x])
    case .relu6:
      return node("Clip", [x, builder.constant(Float(0)), builder.constant(Float(6))])
    case .silu: return node("Mul", [x, node("Sigmoid", [x])])
    case .hardSwish: return node("HardSwish", [x])
    case .gelu:
      // x · (1 + erf(x / √2)) / 2: `Gelu` itself came with operator set 20.
      let root = builder.constant(Float(2).squareRoot())
      let error = node("Erf", [node("Div", [x, root])])
      let doubled = node("Mul", [x, node("Add", [error, builder.constant(Float(1))])])
      return node("Mul", [doubled, builder.constant(Float(0.5))])
    }
  }

  private mutating func writeAttention(
    of qkv: Trace.Value, to y: Trace.Value, heads: Int, queries: Int
  ) {
    let (tokens, channels) = (qkv.shape[1], y.shape[2])
    let depth = channels / heads
    let source = name(of: qkv, .channelsLast)
    let parts = reshaped(source, to: [0, tokens, 3, heads, depth])
    // [3, N, heads, T, depth]
    let byPart = node("Transpose", [parts], [("perm", .integers([2, 0, 3, 1, 4]))])
    func part(_ index: Int) -> String {
      node("Gather", [byPart, builder.constant(index)], [("axis", .integer(0))])
    }
    var query = part(0)
    if queries < tokens { query = slice(query, axis: 2, count: queries) }
    let scaled = node("Mul", [query, builder.constant(1 / Float(depth).squareRoot())])
    let keys = node("Transpose", [part(1)], [("perm", .integers([0, 1, 3, 2]))])
    let products = node("MatMul", [scaled, keys])
    let probabilities = node("Softmax", [products], [("axis", .integer(-1))])
    let attended = node("MatMul", [probabilities, part(2)])
    let byToken = node("Transpose", [attended], [("perm", .integers([0, 2, 1, 3]))])
    set(y, reshaped(byToken, to: y.shape.extents), .channelsLast)
  }

  /// The token is repeated for as many images as there are.
  private mutating func writeToken(
    _ token: FlatEntry, before x: Trace.Value, to y: Trace.Value
  ) {
    let source = name(of: x, .channelsLast)
    let images = node("Shape", [source], [("start", .integer(0)), ("end", .integer(1))])
    let rest = builder.constant([1, y.shape[2]])
    let shape = node("Concat", [images, rest], [("axis", .integer(0))])
    let repeated = node("Expand", [parameter(token), shape])
    set(
      y, node("Concat", [repeated, source], [("axis", .integer(1))], layer: token), .channelsLast)
  }

  /// - Parameter extents: of one image or any number: the first is left as it is.
  private mutating func reshaped(_ x: String, to extents: [Int]) -> String {
    node("Reshape", [x, builder.constant([0] + extents.dropFirst())])
  }

  /// The first along an axis.
  private mutating func slice(_ x: String, axis: Int, count: Int) -> String {
    let limits = [[0], [count], [axis]].map { builder.constant($0) }
    return node("Slice", [x] + limits)
  }
}
