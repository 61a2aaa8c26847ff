import Files

/// The dictionary of a checkpoint that holds a model's tensors, among all that training programs write
/// beside it: the whole object, or what it has under a key that is known.
///
/// Where the averaged weights lie beside the raw ones, those are the model: they are what was evaluated.
/// So do timm's `load_state_dict` (`use_ema`) and Ultralytics.
struct TorchStateDictionary {
  typealias Problem = WeightsFileError.Problem

  private(set) var tensors: [(name: String, tensor: TorchTensor)] = []
  /// The keys under which averaged and raw weights lie, where the file has both.
  private(set) var averages: Averages?
  private(set) var modules: PickledModules

  /// Averaged weights beside raw ones, and which were taken.
  struct Averages: Equatable {
    let averaged: String
    let raw: String
    let areTaken: Bool
  }

  /// Keys of the raw weights, the likeliest first: of Lightning, timm and usual code; torchvision; both.
  fileprivate static let wrappers = ["state_dict", "model_state_dict", "model"]
  /// Keys of the averaged ones: timm's; torchvision's and timm's; Ultralytics'; usual code's.
  fileprivate static let averagedWrappers = [
    "state_dict_ema", "model_ema", "ema", "ema_state_dict", "model_ema_state_dict", "ema_model",
  ]
  /// What Lightning's `WeightAveraging` writes: the averaged weights are the `state_dict`.
  private static let averagingMark = "averaging_state"
  private static let rawBesideAverages = "current_model_state"

  /// - Parameter averaged: whether averaged weights are preferred to raw ones.
  /// - Throws: `Problem` where there is none.
  init(in contents: TorchContents, averaged: Bool) throws(Problem) {
    let object = contents.object
    modules = PickledModules(of: object)
    var place = object.root
    // A pickle may hold a dictionary that holds itself.
    for _ in 0..<4 {
      guard let inner = choose(in: place, of: object, averaged: averaged) else { break }
      place = inner
    }
    tensors = try modules.tensors(at: place, of: object)
    if !tensors.isEmpty { return }
    switch object[place] {
    case .dictionary:
      let members = object.members(of: place) ?? []
      let keys = few(members.lazy.map(\.name.shown), atMost: 5)
      throw .noTensors(Self.complaint(keys, contents.part))
    case .object(let name, _):
      throw .noTensors(
        "\(contents.part) holds an object of \(name.shown), which is not looked into; let Python "
          + "write torch.save(model.state_dict(), …)")
    default: throw .noTensors("\(contents.part) holds no dictionary")
    }
  }

  private static func complaint(_ keys: String, _ part: String) -> String {
    if keys.isEmpty { return "\(part) holds an empty dictionary" }
    return "\(part) has the keys \(keys), and tensors are looked for in "
      + wrappers.joined(separator: ", ")
  }

  /// What to look into next: the value of a known key that holds tensors, directly or further in.
  private mutating func choose(
    in place: PickledObject.Reference, of object: PickledObject, averaged: Bool
  ) -> PickledObject.Reference? {
    guard let members = object.members(of: place) else { return nil }
    var raw = find(Self.wrappers, among: members, of: object)
    var best = find(Self.averagedWrappers, among: members, of: object)
    if members.contains(where: { $0.name == Self.averagingMark }),
      let current = find([Self.rawBesideAverages], among: members, of: object)
    {
      (raw, best) = (current, raw)
    }
    if let raw, let best {
      averages = Averages(averaged: best.key, raw: raw.key, areTaken: averaged)
      return averaged ? best.value : raw.value
    }
    if let only = best ?? raw { return only.value }
    // One without tensors, of which that can be said.
    return members.first { Self.wrappers.contains($0.name) && object.members(of: $0.value) != nil }?
      .value
  }

  /// The first of the keys whose value holds tensors.
  private mutating func find(
    _ keys: [String], among members: PickledModules.Members, of object: PickledObject
  ) -> (key: String, value: PickledObject.Reference)? {
    for key in keys {
      // A later value of the same key is the dictionary's, as in Python.
      guard let value = members.last(where: { $0.name == key })?.value else { continue }
      if mayHoldTensors(value, of: object) { return (key, value) }
    }
    return nil
  }

  /// Whether the value is a module, or a dictionary with a tensor, a module or a dictionary below a
  /// known key.
  private mutating func mayHoldTensors(
    _ place: PickledObject.Reference, of object: PickledObject
  ) -> Bool {
    if modules.parts(at: place) != nil { return true }
    for member in modules.members(of: place) {
      switch object[member.value] {
      case .tensor: return true
      case .dictionary:
        if Self.wrappers.contains(member.name) || Self.averagedWrappers.contains(member.name) {
          return true
        }
      default: if modules.parts(at: member.value) != nil { return true }
      }
    }
    return false
  }
}

extension PickledModules {
  /// Modules inside of each other in a model that was saved whole.
  private static let depthLimit = 64

  /// The tensors of a dictionary, or those of a module that was saved whole, by the names that its
  /// `state_dict()` would give them.
  fileprivate mutating func tensors(
    at place: Reference, of object: PickledObject
  ) throws(WeightsFileError.Problem) -> [(name: String, tensor: TorchTensor)] {
    var found: [(String, TorchTensor)] = []
    // A module may hold itself, so each dictionary is looked into once.
    var seen: Set<Reference> = []
    func add(_ dictionary: Reference, to prefix: String) throws(WeightsFileError.Problem) {
      guard seen.insert(dictionary).inserted else { return }
      for member in members(of: dictionary) {
        guard case .tensor(let tensor) = object[member.value] else { continue }
        let name = prefix + member.name
        guard name.utf8.count <= WeightsEntry.nameLimit else {
          throw .tensor(name, "has a name of \(name.utf8.count) bytes, longer than any model's")
        }
        guard found.count < WeightsFile.tensorLimit else {
          throw .tooManyTensors(limit: WeightsFile.tensorLimit)
        }
        found.append((name, tensor))
      }
    }
    func visit(_ parts: Parts, _ prefix: String, depth: Int) throws(WeightsFileError.Problem) {
      guard prefix.utf8.count <= WeightsEntry.nameLimit else {
        throw .tensor(prefix, "has a name longer than any model's")
      }
      try add(parts.parameters, to: prefix)
      try add(parts.buffers, to: prefix)
      guard depth < Self.depthLimit, seen.insert(parts.modules).inserted else { return }
      for child in members(of: parts.modules) {
        guard let inner = self.parts(at: child.value) else { continue }
        try visit(inner, "\(prefix)\(child.name).", depth: depth + 1)
      }
    }
    if let module = parts(at: place) {
      try visit(module, "", depth: 1)
    } else {
      try add(place, to: "")
    }
    return found
  }
}
