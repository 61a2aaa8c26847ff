import Tensors

/// The pickle of a state dictionary, as PyTorch's own but without a memo: what comes again is
/// written again.
struct PickleWriter {
  private(set) var bytes: [UInt8] = [PickleOpcode.proto.rawValue, 2]

  /// An `OrderedDict` of tensors, each the whole of a storage whose key is its place in the list.
  init(stateDictionary tensors: [SafetensorsEntry]) {
    orderedDictionary()
    put(.mark)
    for (index, tensor) in tensors.enumerated() {
      text(tensor.name)
      self.tensor(tensor, key: String(index))
    }
    put(.setItems)
    put(.stop)
  }

  private mutating func tensor(_ tensor: SafetensorsEntry, key: String) {
    global("torch._utils", "_rebuild_tensor_v2")
    put(.mark)
    put(.mark)
    text("storage")
    global("torch", Self.storage(of: tensor.type))
    text(key)
    text("cpu")
    integer(tensor.shape.count)
    put(.tuple)
    put(.binPersID)
    integer(0)
    tuple(tensor.shape.extents)
    tuple(WeightsEntry.rowMajor(tensor.shape))
    put(.newFalse)  // Needs no gradient.
    orderedDictionary()  // No hooks.
    put(.tuple)
    put(.reduce)
  }

  /// The types that `SafetensorsNumber` has.
  private static func storage(of type: SafetensorsType) -> String {
    switch type {
    case .f64: "DoubleStorage"
    case .i64: "LongStorage"
    default: "FloatStorage"
    }
  }

  private mutating func orderedDictionary() {
    global("collections", "OrderedDict")
    put(.emptyTuple)
    put(.reduce)
  }

  private mutating func tuple(_ values: [Int]) {
    put(.mark)
    for value in values { integer(value) }
    put(.tuple)
  }

  private mutating func integer(_ value: Int) {
    put(.binInt)
    bytes.append(little: Int32(value))
  }

  private mutating func text(_ text: String) {
    put(.binUnicode)
    bytes.append(little: UInt32(text.utf8.count))
    bytes += text.utf8
  }

  private mutating func global(_ module: String, _ name: String) {
    put(.global)
    bytes += "\(module)\n\(name)\n".utf8
  }

  private mutating func put(_ opcode: PickleOpcode) { bytes.append(opcode.rawValue) }
}
