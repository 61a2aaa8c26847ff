import Differentiation
import Interchange
import Tensors

/// Writes one traced net into an ONNX graph.
///
/// Images are `[N,H,W,C]` in the trace and `[N,C,H,W]` for ONNX's convolutions and poolings; linear
/// layers, normalisations and tokens keep the channels last. A value is turned round where a node
/// wants it so, once, and stays as it is where a node doesn't care.
struct NetWriter {
  enum Layout {
    case channelsFirst
    /// That of the trace; the only one of values that aren't images.
    case channelsLast
  }

  let trace: Trace
  let weights: FlatStore
  /// Before the names of parameters and nodes.
  let prefix: String
  /// The batch normalisation that is folded into a convolution, by the number of the latter's output.
  private let folded: [Int: Trace.Node]
  var builder: GraphBuilder
  /// The names of what has been written, by the values' numbers.
  private var names: [Int: [Layout: String]] = [:]

  init(
    _ trace: Trace, _ weights: FlatStore, prefix: String, foldsNormalizations: Bool,
    into builder: GraphBuilder
  ) {
    self.trace = trace
    self.weights = weights
    self.prefix = prefix
    self.builder = builder
    folded = foldsNormalizations ? Self.foldable(in: trace) : [:]
  }

  /// Writes all nodes and gives the logits' name.
  ///
  /// - Parameter input: images `[N,C,H,W]`.
  mutating func write(input: String) -> String {
    set(trace.input, input, .channelsFirst)
    for node in trace.nodes { write(node) }
    return name(of: trace.output, .channelsLast)
  }

  /// The normalisations that alone read a convolution's output.
  private static func foldable(in trace: Trace) -> [Int: Trace.Node] {
    var uses: [Int: Int] = [trace.output.number: 1]
    for input in trace.nodes.flatMap(\.inputs) { uses[input.number, default: 0] += 1 }
    var result: [Int: Trace.Node] = [:]
    for node in trace.nodes {
      let input = node.inputs[0].number
      guard case .batchNormalization = node.part, input > 0, uses[input] == 1,
        case .convolution = trace.nodes[input - 1].part
      else { continue }
      result[input] = node
    }
    return result
  }

  /// The normalisation that a convolution takes into itself.
  func normalization(after convolution: Trace.Node) -> Trace.Node? {
    folded[convolution.output.number]
  }

  /// Whether the node was written with one before it.
  func isWritten(_ node: Trace.Node) -> Bool { names[node.output.number] != nil }

  /// Says what a value is called.
  mutating func set(_ value: Trace.Value, _ name: String, _ layout: Layout) {
    names[value.number] = [value.shape.rank == 4 ? layout : .channelsLast: name]
  }

  /// The value's name in that layout, turned round if it isn't there yet.
  mutating func name(of value: Trace.Value, _ layout: Layout) -> String {
    let layout = value.shape.rank == 4 ? layout : .channelsLast
    if let name = names[value.number]?[layout] { return name }
    let (other, order): (Layout, [Int]) =
      layout == .channelsFirst ? (.channelsLast, [0, 3, 1, 2]) : (.channelsFirst, [0, 2, 3, 1])
    guard let source = names[value.number]?[other] else {
      preconditionFailure("value \(value.number) is used before it is made")
    }
    let name = node("Transpose", [source], [("perm", .integers(order))])
    names[value.number]?[layout] = name
    return name
  }

  /// A layout that all of the values have, if there is one.
  func layout(of values: [Trace.Value]) -> Layout {
    values.allSatisfy { names[$0.number]?[.channelsLast] != nil } ? .channelsLast : .channelsFirst
  }

  /// Adds a node, which is called after the layer whose parameter `layer` is, if any.
  mutating func node(
    _ type: String, _ inputs: [String],
    _ attributes: [(name: String, value: GraphBuilder.Attribute)] = [], layer: FlatEntry? = nil
  ) -> String {
    builder.add(type, inputs, named: prefix + (layer.flatMap(path) ?? type), attributes)
  }

  /// The name of the layer that an entry belongs to; nil if it is the whole net.
  func path(_ entry: FlatEntry) -> String? {
    let layers = entry.name.split(separator: ".").dropLast()
    return layers.isEmpty ? nil : layers.joined(separator: ".")
  }

  /// Adds an entry as PyTorch has it, or other numbers in its place.
  mutating func parameter(_ entry: FlatEntry, _ values: [Float]? = nil) -> String {
    builder.parameter(prefix + entry.name, entry.torchShape, values ?? self.values(entry))
  }

  /// An entry's numbers in PyTorch's order.
  func values(_ entry: FlatEntry) -> [Float] { entry.torchValues(weights.tensor(entry).pointer) }
}
