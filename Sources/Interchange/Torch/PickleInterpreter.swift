/// Reads a pickle without running anything. Names of Python that are not on a short list make objects
/// that hold nothing but their name, and instructions that are on no list end it.
///
/// Memory and time are bounded by the pickle's length and by `stepLimit`: each instruction makes one
/// value at most, texts have their bytes in the pickle, and what is copied has to be paid for.
struct PickleInterpreter {
  typealias Reference = PickledObject.Reference
  typealias Value = PickledObject.Value

  /// Instructions, and values that are copied. PyTorch writes forty instructions for a tensor.
  static let stepLimit = 1 << 20

  private var cursor: ByteCursor
  var values: [Value] = []
  var stack: [Reference] = []
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

  mutating func spend(_ count: Int) throws(PickleProblem) {
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
    case .shortBinString: push(try bytesOrText(Int(try integer(UInt8.self))))
    case .binUnicode: push(.text(try text(Int(try integer(UInt32.self)))))
    case .shortBinUnicode: push(.text(try text(Int(try integer(UInt8.self)))))
    case .binUnicode8: push(.text(try text(try size())))
    case .binString, .binBytes: try skip(Int(try integer(UInt32.self)))
    case .shortBinBytes: try skip(Int(try integer(UInt8.self)))
    case .binBytes8, .byteArray8: try skip(try size())
    case .long4: try skip(Int(try integer(UInt32.self)))
    case .frame: _ = try integer(UInt64.self)
    case .emptyTuple: push(.tuple([]))
    case .emptyList: push(.list([]))
    case .emptyDict: push(.dictionary([]))
    case .emptySet: push(.other)
    case .tuple1, .tuple2, .tuple3:
      let count = Int(opcode.rawValue - PickleOpcode.tuple1.rawValue) + 1
      push(.tuple(try pop(count)))
    case .tuple: push(.tuple(try popToMark()))
    case .frozenSet:
      _ = try popToMark()
      push(.other)
    case .pop: _ = try pop()
    case .popMark: _ = try popToMark()
    case .append: try append(try pop(1))
    case .appends, .addItems: try append(try popToMark())
    case .setItem: try setItems(try pop(2))
    case .setItems: try setItems(try popToMark())
    case .binPut: memo[UInt32(try integer(UInt8.self))] = try top()
    case .longBinPut: memo[try integer()] = try top()
    case .memoize: memo[UInt32(memo.count)] = try top()
    case .binGet: try recall(UInt32(try integer(UInt8.self)))
    case .longBinGet: try recall(try integer())
    case .global: push(.global(try global()))
    case .stackGlobal: push(.global(try stackGlobal()))
    case .binPersID: push(try storage())
    case .reduce: try reduce()
    case .newObject: try newObject(arguments: 1)
    case .newObjectEx: try newObject(arguments: 2)
    case .build:
      let attributes = try pop()
      let target = try top()
      switch values[target] {
      case .object(let name, _): values[target] = .object(name, attributes: attributes)
      // Those of a state dictionary are versions of its modules; of a tensor, what Python hung on it.
      case .dictionary, .list, .tensor, .other: break
      default: throw problem(.wanted("object"))
      }
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

  /// A length of eight bytes.
  private mutating func size() throws(PickleProblem) -> Int {
    guard let count = Int(exactly: try integer(UInt64.self)) else { throw problem(.truncated) }
    return count
  }

  /// Bytes, or a number of their length, that no tensor is made of.
  private mutating func skip(_ count: Int) throws(PickleProblem) {
    guard cursor.take(count) != nil else { throw problem(.truncated) }
    push(.other)
  }

  /// What Python 2 has one type for.
  private mutating func bytesOrText(_ count: Int) throws(PickleProblem) -> Value {
    guard let bytes = cursor.take(count) else { throw problem(.truncated) }
    return String(validating: bytes, as: UTF8.self).map { .text($0) } ?? .other
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
    return PickleGlobal(
      String(decoding: module, as: UTF8.self) + "." + String(decoding: name, as: UTF8.self))
  }

  /// Module and name are texts on the stack. Both may be long and come again for a byte each, so what
  /// is put together of them is paid for.
  private mutating func stackGlobal() throws(PickleProblem) -> PickleGlobal {
    let parts = try pop(2)
    guard case .text(let module) = values[parts[0]], case .text(let name) = values[parts[1]] else {
      throw problem(.wanted("module and name"))
    }
    try spend((module.utf8.count + name.utf8.count) / 64)
    return PickleGlobal("\(module).\(name)")
  }

  // MARK: Stack and memo

  mutating func push(_ value: Value) {
    stack.append(values.count)
    values.append(value)
  }

  private func top() throws(PickleProblem) -> Reference {
    guard stack.count > marks.last ?? 0, let top = stack.last else {
      throw problem(.wanted("value"))
    }
    return top
  }

  mutating func pop() throws(PickleProblem) -> Reference {
    let top = try top()
    stack.removeLast()
    return top
  }

  mutating func pop(_ count: Int) throws(PickleProblem) -> [Reference] {
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
    switch values[target] {
    case .list(var list):
      values[target] = .none  // So that the list grows in place.
      list += items
      values[target] = .list(list)
    case .object, .other: break  // A set, or an object that takes items as a list does.
    default: throw problem(.wanted("list"))
    }
  }

  private mutating func setItems(_ items: [Reference]) throws(PickleProblem) {
    let target = try top()
    guard items.count % 2 == 0 else { throw problem(.wanted("dictionary or pairs")) }
    switch values[target] {
    case .dictionary(var dictionary):
      values[target] = .none
      dictionary += items
      values[target] = .dictionary(dictionary)
    case .object: break
    default: throw problem(.wanted("dictionary or pairs"))
    }
  }

  func problem(_ reason: PickleProblem.Reason) -> PickleProblem {
    PickleProblem(opcode: PickleOpcode.name(of: code), byte: start, reason: reason)
  }
}
