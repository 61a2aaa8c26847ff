import Files
import Glibc
import Yams

/// The values that a search tries of one key.
package enum SearchRange: Equatable, Sendable {
  /// Any number between two.
  case uniform(Double, Double)
  /// Any number between two above 0, each factor alike.
  case log(Double, Double)
  /// A whole number between two, both included.
  case int(Int, Int)
  /// The same with each factor alike.
  case logInt(Int, Int)
  /// One of several values, as a recipe writes them.
  case choice([String])

  /// Digits of a drawn number that count: more say nothing that a search could find out.
  private static let digits = 4

  /// The value at a place from 0 to 1, which for drawn ones is below 1.
  func value(at place: Double) -> String {
    switch self {
    case .uniform(let low, let high): Self.text(low + place * (high - low), low...high)
    case .log(let low, let high):
      Self.text(exp(Glibc.log(low) + place * (Glibc.log(high) - Glibc.log(low))), low...high)
    case .int(let low, let high):
      String(min(high, low + Int((place * Double(high - low + 1)).rounded(.down))))
    case .logInt(let low, let high):
      Self.logInt(at: place, Double(low) - 0.5, Double(high) + 0.5, low...high)
    case .choice(let values): values[min(values.count - 1, Int(place * Double(values.count)))]
    }
  }

  /// So many values from one end to the other; of a choice all.
  func grid(points: Int) -> [String] {
    var values: [String] = []
    for point in 0..<points {
      let place = points == 1 ? 0.5 : Double(point) / Double(points - 1)
      let value =
        switch self {
        case .uniform, .log: value(at: place)
        case .int(let low, let high): String(low + Int((place * Double(high - low)).rounded()))
        case .logInt(let low, let high):
          Self.logInt(at: place, Double(low), Double(high), low...high)
        case .choice: ""
        }
      // Whole numbers may be fewer than the points.
      if !values.contains(value) { values.append(value) }
    }
    if case .choice(let all) = self { return all }
    return values
  }

  private static func logInt(
    at place: Double, _ low: Double, _ high: Double, _ range: ClosedRange<Int>
  ) -> String {
    let value = Int(exp(Glibc.log(low) + place * (Glibc.log(high) - Glibc.log(low))).rounded())
    return String(min(max(value, range.lowerBound), range.upperBound))
  }

  /// The nearest number of so many digits that is in the range.
  private static func text(_ value: Double, _ range: ClosedRange<Double>) -> String {
    var nearest = value
    if value != 0 {
      let places = digits - 1 - Int(log10(abs(value)).rounded(.down))
      let whole = (abs(value) * pow(10, Double(places))).rounded(.toNearestOrAwayFromZero)
      // Read as a decimal: a product with a power of ten may miss it by a last bit.
      nearest = (Double("\(Int(whole))e\(-places)") ?? abs(value)) * (value < 0 ? -1 : 1)
    }
    return RecipeNumber.text(min(max(nearest, range.lowerBound), range.upperBound))
  }

  /// Which third of the range a value is in, or which of the choices it is; nil for one that is outside.
  package func part(of value: String) -> Int? {
    if case .choice(let values) = self { return values.firstIndex { $0.isExactly(value) } }
    guard let number = RecipeNumber.decimal(value) else { return nil }
    let (low, high, isLog) =
      switch self {
      case .uniform(let low, let high): (low, high, false)
      case .log(let low, let high): (low, high, true)
      case .int(let low, let high): (Double(low) - 0.5, Double(high) + 0.5, false)
      case .logInt(let low, let high): (Double(low) - 0.5, Double(high) + 0.5, true)
      case .choice: (0.0, 0.0, false)
      }
    guard number >= low, number <= high else { return nil }
    let place =
      isLog
      ? (Glibc.log(number) - Glibc.log(low)) / (Glibc.log(high) - Glibc.log(low))
      : (number - low) / (high - low)
    return min(2, Int(3 * place))
  }

  /// As it is written: `{log: [0.0001, 0.01]}`.
  package var text: String {
    func pair(_ word: String, _ low: String, _ high: String) -> String {
      "{\(word): [\(low), \(high)]}"
    }
    func number(_ value: Double) -> String { RecipeNumber.text(value) }
    return switch self {
    case .uniform(let low, let high): pair("uniform", number(low), number(high))
    case .log(let low, let high): pair("log", number(low), number(high))
    case .int(let low, let high): pair("int", "\(low)", "\(high)")
    case .logInt(let low, let high): pair("log-int", "\(low)", "\(high)")
    case .choice(let values): "[\(values.joined(separator: ", "))]"
    }
  }

  /// Values that tell whether a recipe takes the range: its ends, or all choices.
  var ends: [String] {
    switch self {
    case .choice(let values): values
    default: [value(at: 0), value(at: 1)]
    }
  }
}

extension SearchRange {
  private static let allowed =
    "`{log: [1e-4, 1e-2]}`, or `uniform`, `int` or `log-int` with the lower end first, or a list of values"

  init(_ value: RecipeValue) throws(RecipeError) {
    switch value.node {
    case .sequence(let nodes):
      let values = nodes.map(\.flow)
      guard values.count > 1 else {
        throw value.error("`\(value.key)` has fewer than two values, which leaves no choice")
      }
      if let twice = values.enumerated().first(where: { values[..<$0.offset].contains($0.element) })
      {
        throw value.error("`\(value.key)` has `\(twice.element.shortened)` twice; leave one out")
      }
      self = .choice(values)
    case .mapping(let mapping):
      guard mapping.count == 1, let (name, ends) = mapping.first.map({ ($0.key.name, $0.value) }),
        case .sequence(let nodes) = ends, nodes.count == 2
      else { throw value.mismatch(Self.allowed) }
      let texts = nodes.map { $0.plain ?? "" }
      let numbers = texts.compactMap(RecipeNumber.decimal)
      let whole = texts.compactMap(RecipeNumber.integer)
      guard numbers.count == 2, numbers[0] < numbers[1] else {
        throw value.error(
          "`\(value.key)`: `\(name.shortened)` takes two numbers, the lower first, and has \(ends.shown)"
        )
      }
      let isPositive = numbers[0] > 0
      func require(_ holds: Bool, _ what: String) throws(RecipeError) {
        if !holds {
          throw value.error("`\(value.key)`: `\(name)` takes \(what), and has \(ends.shown)")
        }
      }
      switch name {
      case "uniform": self = .uniform(numbers[0], numbers[1])
      case "log":
        try require(isPositive, "numbers above 0")
        self = .log(numbers[0], numbers[1])
      case "int":
        try require(whole.count == 2, "whole numbers")
        self = .int(whole[0], whole[1])
      case "log-int":
        try require(whole.count == 2 && isPositive, "whole numbers above 0")
        self = .logInt(whole[0], whole[1])
      default: throw value.mismatch(Self.allowed)
      }
    default: throw value.mismatch(Self.allowed)
    }
  }
}

extension Node {
  /// On one line, as a setting takes it.
  fileprivate var flow: String {
    switch self {
    case .scalar(let scalar): scalar.style == .plain ? scalar.string : quoted(scalar.string)
    case .sequence(let nodes): "[" + nodes.map(\.flow).joined(separator: ", ") + "]"
    case .mapping(let pairs):
      "{" + pairs.map { "\($0.key.flow): \($0.value.flow)" }.joined(separator: ", ") + "}"
    case .alias: ""
    }
  }
}
