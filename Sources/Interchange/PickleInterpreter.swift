/// Reads a pickle without running anything: instructions and names of Python that are not on a
/// short list end it.
///
/// Memory and time are bounded by the pickle's length and by `stepLimit`: each instruction makes one
/// value at most, texts have their bytes in the pickle, and what is copied has to be paid for.
struct PickleInterpreter {
  typealias Reference = PickledObject.Reference
  typealias Value = PickledObject.Value

  /// Instructions, and values that are copied. PyTorch writes forty instructions for a tensor.
  static let stepLimit = 1 << 20

  private var cursor: ByteCursor
  private var values: [Value] = []
  private var stack: [Reference] = []
  /// Heights of the stack where a mark was set.
  private var marks: [Int] = []
  private var memo: [UInt32: Reference] = [:]
  private var steps = 0
  /// The instruction at work and its place, for messages.
  private var code: UInt8 = 0
  private var start = 0

  /// Reads the pickle at the cursor and moves the cursor behind it.
  static func read(_ cursor: inout ByteCursor) throws(PickleProblem) -> PickledObject {
    var interpreter = PickleInterpreter(cursor: cursor)
    let root = try interpreter.run()
    cursor = interpreter.cursor
    return PickledObject(values: interpreter.values, root: root)
  }

  private init(cursor: ByteCursor) { self.cursor = cursor }

  private mutating func run() throws(PickleProblem) -> Reference {
    while true {
      start = cursor.position
      code = try integer()
      guard let opcode = PickleOpcode(rawValue: code) else { throw problem(.opcode) }
      if opcode == .stop { return try pop() }
      try spend(1)
      try perform(opcode)
    }
  }

  private mutating func spend(_ count: Int) throws(PickleProblem) {
    steps += count
    if steps > Self.stepLimit { throw problem(.tooManySteps(limit: Self.stepLimit)) }
  }

  private mutating func perform(_ opcode: PickleOpcode) throws(PickleProblem) {
    switch opcode {
    case .stop: break
    case .proto: _ = try integer(UInt8.self)
    case .mark: marks.append(stack.count)
    case .none: push(.none)
    case .newTrue, .newFalse: push(.other)
    case .binInt: push(.integer(Int(try integer(Int32.self))))
    case .binInt1: push(.integer(Int(try integer(UInt8.self))))
    case .binInt2: push(.integer(Int(try integer(UInt16.self))))
    case .long1: push(try long())
    case .binFloat:
      _ = try integer(UInt64.self)
      push(.other)
    case .shortBinString: push(.text(try text(Int(try integer(UInt8.self)))))
    case .binUnicode: push(.text(try text(Int(try integer(UInt32.self)))))
    case .emptyTuple: push(.tuple([]))
    case .emptyList: push(.list([]))
    case .emptyDict: push(.dictionary([]))
    case .tuple1, .tuple2, .tuple3:
      let count = Int(opcode.rawValue - PickleOpcode.tuple1.rawValue) + 1
      push(.tuple(try pop(count)))
    case .tuple: push(.tuple(try popToMark()))
    case .append: try append(try pop(1))
    case .appends: try append(try popToMark())
    case .setItem: try setItems(try pop(2))
    case .setItems: try setItems(try popToMark())
    case .binPut: memo[UInt32(try integer(UInt8.self))] = try top()
    case .longBinPut: memo[try integer()] = try top()
    case .binGet: try recall(UInt32(try integer(UInt8.self)))
    case .longBinGet: try recall(try integer())
    case .global: push(.global(try global()))
    case .binPersID: push(.storage(try storage()))
    case .reduce: try reduce()
    case .build:
      // The attributes of a state dictionary: versions of its modules.
      _ = try pop()
      guard case .dictionary = values[try top()] else { throw problem(.wanted("dictionary")) }
    }
  }

  // MARK: Operands

  private mutating func integer<Number: FixedWidthInteger>(
    _: Number.Type = Number.self
  ) throws(PickleProblem) -> Number {
    guard let value = cursor.integer(Number.self) else { throw problem(.truncated) }
    return value
  }

  private mutating func text(_ count: Int) throws(PickleProblem) -> String {
    guard let bytes = cursor.take(count) else { throw problem(.truncated) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw problem(.wanted("text in UTF-8"))
    }
    return text
  }

  /// Two's complement of any length; those that no extent can have are passed over.
  private mutating func long() throws(PickleProblem) -> Value {
    guard let bytes = cursor.take(Int(try integer(UInt8.self))) else { throw problem(.truncated) }
    guard bytes.count <= 8 else { return .other }
    let sign: Int = bytes.last.map { $0 >= 0x80 ? -1 : 0 } ?? 0
    return .integer(bytes.reversed().reduce(sign) { $0 << 8 | Int($1) })
  }

  private mutating func global() throws(PickleProblem) -> PickleGlobal {
    guard let module = cursor.line(), let name = cursor.line() else { throw problem(.truncated) }
    let path = String(decoding: module, as: UTF8.self) + "." + String(decoding: name, as: UTF8.self)
    guard let global = PickleGlobal(path) else { throw problem(.global(path)) }
    return global
  }

  // MARK: Stack and memo

  private mutating func push(_ value: Value) {
    stack.append(values.count)
    values.append(value)
  }

  private func top() throws(PickleProblem) -> Reference {
    guard stack.count > marks.last ?? 0, let top = stack.last else {
      throw problem(.wanted("value"))
    }
    return top
  }

  private mutating func pop() throws(PickleProblem) -> Reference {
    let top = try top()
    stack.removeLast()
    return top
  }

  private mutating func pop(_ count: Int) throws(PickleProblem) -> [Reference] {
    guard stack.count - count >= marks.last ?? 0 else { throw problem(.wanted("value")) }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(PickleProblem) -> [Reference] {
    guard let mark = marks.popLast() else { throw problem(.wanted("mark")) }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private mutating func recall(_ key: UInt32) throws(PickleProblem) {
    guard let reference = memo[key] else { throw problem(.wanted("value of that number")) }
    stack.append(reference)
  }

  // MARK: Containers

  private mutating func append(_ items: [Reference]) throws(PickleProblem) {
    let target = try top()
    guard case .list(var list) = values[target] else { throw problem(.wanted("list")) }
    values[target] = .none  // So that the list grows in place.
    list += items
    values[target] = .list(list)
  }

  private mutating func setItems(_ items: [Reference]) throws(PickleProblem) {
    let target = try top()
    guard case .dictionary(var dictionary) = values[target], items.count % 2 == 0 else {
      throw problem(.wanted("dictionary or pairs"))
    }
    values[target] = .none
    dictionary += items
    values[target] = .dictionary(dictionary)
  }

  // MARK: Objects

  private mutating func reduce() throws(PickleProblem) {
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
  private mutating func storage() throws(PickleProblem) -> TorchStorage {
    guard case .tuple(let parts) = values[try pop()], (5...6).contains(parts.count),
      case .text("storage") = values[parts[0]],
      case .global(.storage(let type)) = values[parts[1]], case .text(let key) = values[parts[2]],
      case .integer(let count) = values[parts[4]], parts.dropFirst(5).allSatisfy(isNothing)
    else { throw problem(.wanted("whole storage")) }
    return TorchStorage(key: key, type: type, count: count)
  }

  private mutating func integers(
    _ reference: Reference
  ) throws(PickleProblem) -> [Int]? {
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

  private func problem(_ reason: PickleProblem.Reason) -> PickleProblem {
    PickleProblem(opcode: PickleOpcode.name(of: code), byte: start, reason: reason)
  }
}
