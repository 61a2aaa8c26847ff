/// The objects of state dictionaries, from the arguments that Python's functions would get.
extension PickleInterpreter {
  /// Puts the object together that a name and its arguments stand for.
  mutating func reduce() throws(PickleProblem) {
    let operands = try pop(2)
    guard case .tuple(let arguments) = values[operands[1]] else {
      throw problem(.wanted("name and arguments"))
    }
    switch values[operands[0]] {
    case .global(let global): try apply(global, to: arguments)
    // What an object that isn't known would give is not known either.
    case .object(let name, _): push(.object(name, attributes: nil))
    default: throw problem(.wanted("name and arguments"))
    }
  }

  private mutating func apply(
    _ global: PickleGlobal, to arguments: [Reference]
  ) throws(PickleProblem) {
    switch global {
    case .orderedDictionary: push(.dictionary(try pairs(arguments)))
    case .tensor, .typedTensor: push(try tensor(global, arguments))
    case .wrappedTensor:
      guard arguments.count >= 3, case .global(let function) = values[arguments[0]],
        function == .tensor || function == .typedTensor,
        case .tuple(let inner) = values[arguments[2]]
      else { return push(.object("torch.Tensor", attributes: nil)) }
      push(try tensor(function, inner))
    case .parameter:
      guard let data = arguments.first else { throw problem(.wanted("tensor of the parameter")) }
      switch values[data] {
      case .tensor, .object: stack.append(data)
      default: throw problem(.wanted("tensor of the parameter"))
      }
    case .other(let name): push(.object(name, attributes: nil))
    case .storage, .number: throw problem(.wanted("function"))
    }
  }

  /// Makes an object of a class, whose arguments don't matter: those of a dictionary are set later.
  mutating func newObject(arguments: Int) throws(PickleProblem) {
    guard case .global(let global) = values[try pop(1 + arguments)[0]] else {
      throw problem(.wanted("class"))
    }
    switch global {
    case .orderedDictionary: push(.dictionary([]))
    case .other(let name): push(.object(name, attributes: nil))
    default: throw problem(.wanted("class"))
    }
  }

  /// What an `OrderedDict` starts with: nothing, or as Python 2 wrote it, a list of pairs.
  private mutating func pairs(_ arguments: [Reference]) throws(PickleProblem) -> [Reference] {
    if arguments.isEmpty { return [] }
    guard arguments.count == 1, case .list(let items) = values[arguments[0]] else {
      throw problem(.wanted("list of pairs"))
    }
    try spend(items.count)
    var result: [Reference] = []
    for item in items {
      switch values[item] {
      case .list(let pair) where pair.count == 2, .tuple(let pair) where pair.count == 2:
        result += pair
      default: throw problem(.wanted("list of pairs"))
      }
    }
    return result
  }

  /// `(storage, offset, extents, strides, requires gradient, hooks[, type][, metadata])`
  ///
  /// One whose numbers are of a type that isn't known is an object that isn't.
  private mutating func tensor(
    _ global: PickleGlobal, _ arguments: [Reference]
  ) throws(PickleProblem) -> Value {
    if let first = arguments.first, case .object(let name, _) = values[first] {
      return .object(name, attributes: nil)
    }
    guard arguments.count >= 4, case .storage(let storage) = values[arguments[0]],
      case .integer(let offset) = values[arguments[1]], let extents = try integers(arguments[2]),
      let strides = try integers(arguments[3])
    else { throw problem(.wanted("storage, offset, extents and strides of a tensor")) }
    var type = storage.type
    var rest = arguments.dropFirst(6)
    if global == .typedTensor {
      guard let first = rest.popFirst(), case .global(let named) = values[first] else {
        throw problem(.wanted("type of a tensor"))
      }
      switch named {
      case .number(let number): type = number
      case .other(let name): return .object(name, attributes: nil)
      default: throw problem(.wanted("type of a tensor"))
      }
    }
    // It could say that each number is to be negated.
    guard rest.allSatisfy(isNothing) else { throw problem(.wanted("tensor without metadata")) }
    return .tensor(
      TorchTensor(storage: storage, type: type, offset: offset, extents: extents, strides: strides))
  }

  /// `('storage', type, key, device, count[, view])`
  mutating func storage() throws(PickleProblem) -> Value {
    guard case .tuple(let parts) = values[try pop()], (5...6).contains(parts.count),
      case .text("storage") = values[parts[0]], case .global(let global) = values[parts[1]],
      case .text(let key) = values[parts[2]], case .integer(let count) = values[parts[4]],
      parts.dropFirst(5).allSatisfy(isNothing)
    else { throw problem(.wanted("whole storage")) }
    switch global {
    case .storage(let type): return .storage(TorchStorage(key: key, type: type, count: count))
    case .other(let name): return .object(name, attributes: nil)
    default: throw problem(.wanted("whole storage"))
    }
  }

  private mutating func integers(_ reference: Reference) throws(PickleProblem) -> [Int]? {
    guard case .tuple(let items) = values[reference] else { return nil }
    try spend(items.count)
    var result: [Int] = []
    for item in items {
      guard case .integer(let value) = values[item] else { return nil }
      result.append(value)
    }
    return result
  }

  private func isNothing(_ reference: Reference) -> Bool {
    switch values[reference] {
    case .none: true
    case .dictionary(let items): items.isEmpty
    default: false
    }
  }
}
