import Recipes

/// Something that went wrong in a training, with its evidence: stored properties, which are the keys of `evidence` in
/// JSON. An illness is found by an initialiser that gives nil where there is no sign of it, and has a file.
package protocol Illness: Encodable, Sendable {
  /// In JSON: `learning-rate-too-high`. Never changed.
  static var name: String { get }
  var severity: Severity { get }
  /// What to try, the most promising first.
  var changes: [Change] { get }
}

/// How much of a run an illness takes.
package enum Severity: String, Encodable, Comparable, Sendable {
  /// What the run says of photos is of no use.
  case critical
  /// It could be clearly better, or cost clearly less.
  case serious
  case minor

  private var rank: Int {
    switch self {
    case .critical: 2
    case .serious: 1
    case .minor: 0
    }
  }

  package static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
}

/// Something to try.
package enum Change: Equatable, Sendable {
  /// A key of the recipe: `optimizer.learning-rate=0.0003`.
  case set(String)
  /// A command that tells more or does it.
  case command(String)
  case advice(String)
}

extension Change: Encodable {
  private enum CodingKeys: String, CodingKey { case set, command, advice }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .set(let setting): try container.encode(setting, forKey: .set)
    case .command(let command): try container.encode(command, forKey: .command)
    case .advice(let advice): try container.encode(advice, forKey: .advice)
    }
  }
}
