/// Which of a file's tensors are which of a net's: the naming, and the prefix that all its names have,
/// that explain most of the net.
package struct NameMap: Sendable {
  package let naming: Naming
  /// What wrappers put before each name: `module.`, or nothing.
  package let prefix: String
  /// Another prefix below which the file has as much of the net: of the raw weights beside the averaged
  /// ones, or the other way round; nil where there is none.
  package let other: String?
  /// Whether the tensors are averaged weights, by the words of the prefix.
  package let areAveraged: Bool
  /// Prefixes below which there is as much of the net, and no word tells which is meant.
  package let rivals: [String]
  /// The file's name for each of ours, whether it is in the file or not; nothing where the naming
  /// knows none.
  package let names: [String: String]
  /// How many of the net's tensors are in the file.
  package let found: Int
  /// Names in the file that are none of the net's, in the file's order.
  package let unexpected: [String]
  private let net: NetNames

  /// - Parameters:
  ///   - net: our names, in forward order.
  ///   - file: the file's names.
  ///   - averaged: whether averaged weights are preferred to raw ones, where a file has both.
  package init(of net: [String], in file: FileNames, averaged: Bool = true) {
    let ours = NetNames(net)
    var best: (naming: Naming, names: [(String, String)], prefixes: [TensorPrefix], found: Int)?
    for naming in Naming.all {
      let names = net.compactMap { name in naming.name(name, ours).map { (name, $0) } }
      let (prefixes, found) = file.prefixes(ofMost: names.map(\.1))
      if best.map({ $0.found < found }) ?? (found > 0) { best = (naming, names, prefixes, found) }
    }
    self.net = ours
    naming = best?.naming ?? .same
    found = best?.found ?? 0
    let prefixes = (best?.prefixes ?? []).sorted { $0.precedes($1, averaged: averaged) }
    let first = prefixes.first
    prefix = first?.text ?? ""
    areAveraged = first?.kind == .averaged
    other = prefixes.first { $0.kind != .unknown && $0.kind != first?.kind }?.text
    rivals = first?.kind == .unknown && prefixes.count > 1 ? prefixes.map(\.text) : []
    let chosen = prefix
    names = Dictionary(
      uniqueKeysWithValues: (best?.names ?? []).map { ($0, chosen + $1) })
    var explained = Set(names.values)
    if let other { explained.formUnion((best?.names ?? []).map { other + $1 }) }
    unexpected = file.names.filter { !explained.contains($0) }
  }

  /// The same for a list of names.
  package init(of net: [String], in file: [String], averaged: Bool = true) {
    self.init(of: net, in: FileNames(file), averaged: averaged)
  }

  /// What the file would call a tensor of that name.
  package func name(of ours: String) -> String? { naming.name(ours, net).map { prefix + $0 } }
}

/// What stands before all names of a net in a file.
struct TensorPrefix {
  enum Kind {
    /// Words of wrappers, or nothing.
    case known
    /// One of them says that the weights below are averaged.
    case averaged
    case unknown
  }

  let text: String
  let kind: Kind

  /// What PyTorch's wrappers call the module inside: DataParallel, Lightning, `torch.compile` and
  /// usual code.
  private static let wrappers: Set<String> = [
    "module", "model", "_orig_mod", "net", "network", "backbone", "encoder_q", "state_dict",
  ]
  /// What modules call their averaged copy.
  private static let averages: Set<String> = [
    "ema", "model_ema", "ema_model", "ema_net", "net_ema", "module_ema", "averaged_model",
    "average_model", "swa_model",
  ]

  init(_ text: String) {
    self.text = text
    let words = text.split(separator: ".").map(String.init)
    let isAverage = words.contains(where: Self.averages.contains)
    let areKnown = words.allSatisfy { Self.wrappers.contains($0) || Self.averages.contains($0) }
    kind = !areKnown ? .unknown : isAverage ? .averaged : .known
  }

  /// Those of the wanted kind first, then the shortest.
  func precedes(_ other: TensorPrefix, averaged: Bool) -> Bool {
    func rank(_ prefix: TensorPrefix) -> Int {
      switch prefix.kind {
      case .averaged: averaged ? 0 : 1
      case .known: averaged ? 1 : 0
      case .unknown: 2
      }
    }
    let (mine, theirs) = (
      (rank(self), text.utf8.count, text), (rank(other), other.text.utf8.count, other.text)
    )
    return mine < theirs
  }
}
