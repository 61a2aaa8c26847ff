/// What a PyTorch file of either format comes down to: its pickle, and where its storages lie.
struct TorchContents {
  typealias Problem = WeightsFileError.Problem

  /// A run of numbers in the file, and the checksum that the file says it has, if it says one.
  struct Storage: Equatable {
    let range: Range<Int>
    let checksum: UInt32?
  }

  /// The pickle's name in messages.
  let part: String
  let object: PickledObject
  /// What Tutti says of a model that it exported; nothing in other files.
  var metadata: [String: String] = [:]
  /// Each storage in the file, by its key. Throws `Problem`.
  let storage: (String) throws -> Storage?

  /// Bytes of a file that its pickle may take.
  static let pickleLimit = 1 << 24

  /// The tensors of the state dictionary, as `TorchStateDictionary` finds it. Throws `Problem`.
  func entries(of dictionary: TorchStateDictionary) throws -> [WeightsEntry] {
    var names: Set<String> = []
    var entries: [WeightsEntry] = []
    for (name, tensor) in dictionary.tensors {
      guard names.insert(name).inserted else { throw Problem.tensor(name, "is there twice") }
      guard let storage = try storage(tensor.storage.key) else {
        throw Problem.tensor(
          name, "needs the storage \(tensor.storage.key.shown), which is missing")
      }
      entries.append(try WeightsEntry(name, tensor, in: storage))
    }
    return entries
  }

  /// Classes and functions of the objects that were passed over, sorted.
  var passedOver: [String] {
    var names: Set<String> = []
    for case .object(let name, _) in object.values { names.insert(name) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Reads one pickle and says where it was damaged. Throws `Problem`.
  static func unpickle(
    _ cursor: inout ByteCursor, part: String
  ) throws(Problem) -> PickledObject {
    do {
      return try PickleInterpreter.read(&cursor)
    } catch {
      throw .part(part, "\(error)")
    }
  }
}
