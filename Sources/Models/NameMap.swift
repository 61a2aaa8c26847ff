/// Which of a file's tensors are which of a net's: the naming, and the prefix that all its names have,
/// that explain most of the net.
package struct NameMap: Sendable {
  package let naming: Naming
  /// What wrappers put before each name: `module.`, or nothing.
  package let prefix: String
  /// The file's name for each of ours, whether it is in the file or not; nothing where the naming
  /// knows none.
  package let names: [String: String]
  /// How many of the net's tensors are in the file.
  package let found: Int
  /// Names in the file that are none of the net's, in the file's order.
  package let unexpected: [String]
  private let net: NetNames

  /// What PyTorch's wrappers call the module inside: DataParallel, Lightning, `torch.compile` and
  /// usual code.
  private static let wrappers: Set<Substring> = [
    "module", "model", "_orig_mod", "net", "network", "backbone", "encoder_q", "state_dict",
  ]

  /// - Parameters:
  ///   - net: our names, in forward order.
  ///   - file: the file's names; counts of batches are passed over.
  package init(of net: [String], in file: [String]) {
    let ours = NetNames(net)
    let file = file.filter { !$0.hasSuffix(".num_batches_tracked") }
    let present = Set(file)
    var best: NameMap?
    for naming in Naming.all {
      let plain = net.compactMap { name in naming.name(name, ours).map { (name, $0) } }
      for prefix in Self.prefixes(of: file) {
        let names = Dictionary(uniqueKeysWithValues: plain.map { ($0, prefix + $1) })
        let wanted = Set(names.values)
        let map = NameMap(
          net: ours, naming: naming, prefix: prefix, names: names,
          found: wanted.count(where: present.contains),
          unexpected: file.filter { !wanted.contains($0) })
        if best.map({ $0.found < map.found }) ?? true { best = map }
      }
    }
    self =
      best ?? NameMap(net: ours, naming: .same, prefix: "", names: [:], found: 0, unexpected: file)
  }

  /// What the file would call a tensor of that name.
  package func name(of ours: String) -> String? { naming.name(ours, net).map { prefix + $0 } }

  private init(
    net: NetNames, naming: Naming, prefix: String, names: [String: String], found: Int,
    unexpected: [String]
  ) {
    self.net = net
    self.naming = naming
    self.prefix = prefix
    self.names = names
    self.found = found
    self.unexpected = unexpected
  }

  /// None, and the beginnings of names that consist of wrappers' words, the shortest first.
  private static func prefixes(of file: [String]) -> [String] {
    var prefixes: Set<String> = [""]
    for name in file {
      var prefix = ""
      for word in name.split(separator: ".").dropLast() {
        guard wrappers.contains(word) else { break }
        prefix += word + "."
        prefixes.insert(prefix)
      }
    }
    return prefixes.sorted { ($0.count, $0) < ($1.count, $1) }
  }
}
