/// The objects of state dictionaries, from the arguments that Python's functions would get.
extension PickleInterpreter {
  /// Puts the object together that a name and its arguments stand for.
  mutating func reduce() throws(PickleProblem) {
    let operands = try pop(2)
    guard case .global(let global) = values[operands[0]],
      case .tuple(let arguments) = values[operands[1]]
    else { throw problem(.wanted("name and arguments")) }
    switch global {
    case .orderedDictionary: push(.dictionary(try pairs(arguments)))
    case .tensor, .typedTensor: push(.tensor(try tensor(global, arguments)))
    case .parameter:
      guard let data = arguments.first, case .tensor = values[data] else {
        throw problem(.wanted("tensor of the parameter"))
      }
      stack.append(data)
    case .plain: push(.other)
    case .storage, .number: throw problem(.wanted("function"))
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
  private mutating func tensor(
    _ global: PickleGlobal, _ arguments: [Reference]
  ) throws(PickleProblem) -> TorchTensor {
    guard arguments.count >= 4, case .storage(let storage) = values[arguments[0]],
      case .integer(let offset) = values[arguments[1]], let extents = try integers(arguments[2]),
      let strides = try integers(arguments[3])
    else { throw problem(.wanted("storage, offset, extents and strides of a tensor")) }
    var type = storage.type
    var rest = arguments.dropFirst(6)
    if global == .typedTensor {
      guard let first = rest.popFirst(), case .global(.number(let named)) = values[first] else {
        throw problem(.wanted("type of a tensor"))
      }
      type = named
    }
    // It could say that each number is to be negated.
    guard rest.allSatisfy(isNothing) else { throw problem(.wanted("tensor without metadata")) }
    return TorchTensor(
      storage: storage, type: type, offset: offset, extents: extents, strides: strides)
  }

  /// `('storage', type, key, device, count[, view])`
  mutating func storage() throws(PickleProblem) -> TorchStorage {
    guard case .tuple(let parts) = values[try pop()], (5...6).contains(parts.count),
      case .text("storage") = values[parts[0]],
      case .global(.storage(let type)) = values[parts[1]], case .text(let key) = values[parts[2]],
      case .integer(let count) = values[parts[4]], parts.dropFirst(5).allSatisfy(isNothing)
    else { throw problem(.wanted("whole storage")) }
    return TorchStorage(key: key, type: type, count: count)
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
