import FoundationEssentials
import Tensors

/// An ONNX graph being written: nodes in the order in which they compute, and what they are given.
/// A node has one output, and both have one name, which no other has.
struct GraphBuilder {
  private(set) var graph = Onnx_GraphProto()
  /// How many names began so.
  private var taken: [String: Int] = [:]
  /// Constants by what they hold: equal ones are written once.
  private var constants: Set<String> = []

  /// Adds a node and gives its output's name.
  ///
  /// - Parameter name: the wanted name, the operator's when nil; a number is added if another has it.
  mutating func add(
    _ type: String, _ inputs: [String], named name: String? = nil,
    _ attributes: [(name: String, value: Attribute)] = []
  ) -> String {
    var node = Onnx_NodeProto()
    node.opType = type
    node.input = inputs
    node.name = unique(name ?? type)
    node.output = [node.name]
    node.attribute = attributes.map { name, value in
      var attribute = Onnx_AttributeProto()
      attribute.name = name
      switch value {
      case .float(let number): (attribute.type, attribute.f) = (.float, number)
      case .integer(let number): (attribute.type, attribute.i) = (.int, Int64(number))
      case .integers(let numbers):
        (attribute.type, attribute.ints) = (.ints, numbers.map(Int64.init))
      }
      return attribute
    }
    graph.node.append(node)
    return node.name
  }

  enum Attribute {
    case float(Float)
    case integer(Int)
    case integers([Int])
  }

  /// Adds learned numbers under their own name.
  mutating func parameter(_ name: String, _ shape: Shape, _ values: [Float]) -> String {
    // ONNX files are little-endian, as are the processors that Tutti runs on.
    let bytes = values.withUnsafeBytes { Data($0) }
    return initializer(unique(name), .float, shape.extents, bytes)
  }

  /// A number, or a list of them, that operators want as an input.
  mutating func constant(_ value: Float) -> String {
    constant("\(value)", .float, [], withUnsafeBytes(of: value) { Data($0) })
  }

  mutating func constant(_ value: Int) -> String {
    constant("\(value)", .int64, [], withUnsafeBytes(of: Int64(value)) { Data($0) })
  }

  mutating func constant(_ values: [Int]) -> String {
    constant(
      "\(values)", .int64, [values.count], values.map(Int64.init).withUnsafeBytes { Data($0) })
  }

  private mutating func constant(
    _ text: String, _ type: Onnx_TensorProto.DataType, _ dimensions: [Int], _ bytes: Data
  ) -> String {
    let name = "constant " + text
    guard constants.insert(name).inserted else { return name }
    return initializer(name, type, dimensions, bytes)
  }

  private mutating func initializer(
    _ name: String, _ type: Onnx_TensorProto.DataType, _ dimensions: [Int], _ bytes: Data
  ) -> String {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dataType = Int32(type.rawValue)
    tensor.dims = dimensions.map(Int64.init)
    tensor.rawData = bytes
    graph.initializer.append(tensor)
    return name
  }

  /// Makes a value the graph's output, under another name: `[N, classes]`.
  mutating func makeOutput(_ value: String, named name: String, classes: Int) {
    for index in graph.node.indices {
      graph.node[index].input = graph.node[index].input.map { $0 == value ? name : $0 }
      graph.node[index].output = graph.node[index].output.map { $0 == value ? name : $0 }
    }
    graph.output.append(valueInfo(name, [classes]))
  }

  /// Declares an input of `[N] + extents`.
  mutating func addInput(_ name: String, _ extents: [Int]) {
    graph.input.append(valueInfo(unique(name), extents))
  }

  mutating func name(_ name: String) { graph.name = name }

  private func valueInfo(_ name: String, _ extents: [Int]) -> Onnx_ValueInfoProto {
    var images = Onnx_TensorShapeProto.Dimension()
    images.dimParam = "N"
    var info = Onnx_ValueInfoProto()
    info.name = name
    info.type.tensorType.elemType = Int32(Onnx_TensorProto.DataType.float.rawValue)
    info.type.tensorType.shape.dim =
      [images]
      + extents.map {
        var dimension = Onnx_TensorShapeProto.Dimension()
        dimension.dimValue = Int64($0)
        return dimension
      }
    return info
  }

  private mutating func unique(_ name: String) -> String {
    var candidate = name
    while let count = taken[candidate] {
      taken[candidate] = count + 1
      candidate = "\(name)_\(count)"
    }
    taken[candidate] = 1
    return candidate
  }
}
