/// What a PyTorch file of either format comes down to: its pickle, and where its storages lie.
struct TorchContents {
  typealias Problem = WeightsFileError.Problem

  /// The pickle's name in messages.
  let part: String
  let object: PickledObject
  /// Bytes of each storage in the file, by its key. Throws `Problem`.
  let storage: (String) throws -> Range<Int>?

  /// Bytes of a file that its pickle may take.
  static let pickleLimit = 1 << 24

  /// Dictionaries in a checkpoint that hold a model's tensors, the likeliest first.
  private static let wrappers = ["state_dict", "model_state_dict", "model"]

  /// The tensors of the state dictionary: the whole object, or what it has under one of `wrappers`.
  /// What is no tensor is passed over. Throws `Problem`.
  func entries() throws -> [WeightsEntry] {
    var place = object.root
    // A pickle may hold a dictionary that holds itself.
    for _ in 0..<4 {
      guard let inner = wrapped(in: place) else { break }
      place = inner
    }
    guard let members = object.members(of: place) else {
      throw Problem.noTensors("\(part) holds no dictionary")
    }
    var names: Set<String> = []
    var entries: [WeightsEntry] = []
    for member in members {
      guard case .tensor(let tensor) = object[member.value] else { continue }
      guard names.insert(member.name).inserted else {
        throw Problem.tensor(member.name, "is there twice")
      }
      guard let range = try storage(tensor.storage.key) else {
        throw Problem.tensor(
          member.name, "needs the storage \(tensor.storage.key.shown), which is missing")
      }
      entries.append(try WeightsEntry(member.name, tensor, in: range))
    }
    if entries.isEmpty { throw Problem.noTensors(complaint(members.prefix(5).map(\.name.shown))) }
    return entries
  }

  private func complaint(_ keys: [String]) -> String {
    if keys.isEmpty { return "\(part) holds an empty dictionary" }
    return "\(part) has the keys \(keys.joined(separator: ", ")), and tensors are looked for in "
      + Self.wrappers.joined(separator: ", ")
  }

  private func wrapped(in place: PickledObject.Reference) -> PickledObject.Reference? {
    guard let members = object.members(of: place) else { return nil }
    for wrapper in Self.wrappers {
      for member in members where member.name == wrapper {
        if case .dictionary = object[member.value] { return member.value }
      }
    }
    return nil
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
