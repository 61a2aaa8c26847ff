/// What a pickle describes: values that refer to each other by their numbers.
///
/// References are numbers and not pointers, so a value that holds itself, or a million that hold
/// each other, cost what their bytes cost, and nothing follows them deeper than it wants to.
struct PickledObject {
  typealias Reference = Int

  enum Value {
    case none
    case integer(Int)
    case text(String)
    case tuple([Reference])
    case list([Reference])
    /// Keys and values in turn, in the order in which they were set.
    case dictionary([Reference])
    case global(PickleGlobal)
    case storage(TorchStorage)
    case tensor(TorchTensor)
    /// A truth value, a fraction, bytes…: nothing that a tensor is made of.
    case other
    /// An object of a class that isn't known, by the name of its class or of the function that makes it,
    /// and the attributes that it was given.
    case object(String, attributes: Reference?)
  }

  let values: [Value]
  let root: Reference

  subscript(reference: Reference) -> Value { values[reference] }

  /// The pairs of a dictionary whose keys are texts, in its order.
  func members(of reference: Reference) -> [(name: String, value: Reference)]? {
    guard case .dictionary(let items) = values[reference] else { return nil }
    return stride(from: 0, to: items.count, by: 2).compactMap { index in
      guard case .text(let name) = values[items[index]] else { return nil }
      return (name, items[index + 1])
    }
  }

  var integer: Int? {
    if case .integer(let value) = values[root] { value } else { nil }
  }

  /// The texts of a list of nothing but texts.
  var texts: [String]? {
    guard case .list(let items) = values[root] else { return nil }
    var texts: [String] = []
    for item in items {
      guard case .text(let text) = values[item] else { return nil }
      texts.append(text)
    }
    return texts
  }
}

/// A run of numbers that the file keeps apart from the pickle, as the pickle tells of it: nothing in
/// it has been compared with the file.
struct TorchStorage: Equatable {
  /// The name of the run: text, and never a path.
  let key: String
  let type: SafetensorsType
  /// Numbers in it.
  let count: Int
}

/// A view of a storage, as the pickle tells of it: extents may be negative or of any size.
struct TorchTensor: Equatable {
  let storage: TorchStorage
  let type: SafetensorsType
  /// The first number's place in the storage.
  let offset: Int
  let extents: [Int]
  /// Numbers between neighbours along each axis.
  let strides: [Int]
}
