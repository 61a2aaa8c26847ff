/// The modules of a pickle that were saved whole: no code is needed to find their tensors.
///
/// What objects share is looked through once: some bytes a piece make a hundred thousand objects with the same
/// attributes, or ways to one object whose number doubles with each.
struct PickledModules {
  typealias Reference = PickledObject.Reference
  typealias Members = [(name: String, value: Reference)]

  /// The dictionaries of a PyTorch module.
  struct Parts {
    let parameters: Reference
    let buffers: Reference
    let modules: Reference
  }

  private let object: PickledObject
  /// What was found in attributes; nil for those of something else.
  private var known: [Reference: Parts?] = [:]
  /// Pairs of dictionaries that were looked at, which tests count.
  private(set) var lookedAt = 0

  init(of object: PickledObject) { self.object = object }

  /// The pairs of a dictionary; nothing of any other value.
  mutating func members(of place: Reference) -> Members {
    let members = object.members(of: place) ?? []
    lookedAt += members.count
    return members
  }

  /// Those of the module at the place; nil for any other value.
  mutating func parts(at place: Reference) -> Parts? {
    guard case .object(_, let attributes?) = object[place] else { return nil }
    if let parts = known[attributes] { return parts }
    let parts = findParts(in: attributes)
    known.updateValue(parts, forKey: attributes)
    return parts
  }

  private mutating func findParts(in attributes: Reference) -> Parts? {
    let members = members(of: attributes)
    func part(_ name: String) -> Reference? {
      guard let value = members.last(where: { $0.name == name })?.value,
        case .dictionary = object[value]
      else { return nil }
      return value
    }
    guard let parameters = part("_parameters"), let buffers = part("_buffers"),
      let modules = part("_modules")
    else { return nil }
    return Parts(parameters: parameters, buffers: buffers, modules: modules)
  }
}
