/// The names of a file's tensors, ready to be asked what stands before a net's.
package struct FileNames: Sendable {
  /// In the file's order, without counts, which are no weights.
  package let names: [String]
  /// What stands before names, or parts of them, once each.
  private let prefixes: [TensorPrefix]
  /// Which prefixes an ending of names has: `module.conv1.weight` is `conv1.weight` after `module.`.
  private let places: [Substring: [Int]]

  /// Words before a net's own names that are looked for. Names may be made of thousands of dots.
  private static let wordLimit = 8

  /// Counts of batches, of BatchNorm; of averaged models, of PyTorch's `AveragedModel`.
  private static let counts: Set<Substring> = ["num_batches_tracked", "n_averaged"]

  package init(_ names: [String]) {
    // By bytes, which a name of anybody's may have anything behind.
    let dot = UInt8(ascii: ".")
    let names = names.filter { name in
      let bytes = name.utf8
      let last = bytes.lastIndex(of: dot).map { name[bytes.index(after: $0)...] } ?? name[...]
      return !Self.counts.contains(last)
    }
    var prefixes: [TensorPrefix] = []
    var numbers: [Substring: Int] = [:]
    var places: [Substring: [Int]] = [:]
    func add(_ prefix: Substring, before ending: Substring) {
      let number = numbers[prefix] ?? prefixes.count
      if number == prefixes.count {
        numbers[prefix] = number
        prefixes.append(TensorPrefix(String(prefix)))
      }
      places[ending, default: []].append(number)
    }
    for name in names {
      add("", before: name[...])
      var words = 0
      for place in name.utf8.indices where name.utf8[place] == dot {
        words += 1
        if words > Self.wordLimit { break }
        let start = name.utf8.index(after: place)
        add(name[..<start], before: name[start...])
      }
    }
    self.names = names
    self.prefixes = prefixes
    self.places = places
  }

  /// The prefixes below which most of the wanted names are, and how many these are.
  ///
  /// Words that nobody knows have to explain half of the net: `layer1.0.` has a `conv1.weight` below it,
  /// as a net has.
  func prefixes(ofMost wanted: [String]) -> (prefixes: [TensorPrefix], found: Int) {
    var votes: [Int: Int] = [:]
    for name in wanted {
      for prefix in places[name[...]] ?? [] { votes[prefix, default: 0] += 1 }
    }
    let likely = votes.filter { number, count in
      prefixes[number].kind != .unknown || count * 2 >= wanted.count
    }
    let most = likely.values.max() ?? 0
    return (likely.filter { $0.value == most }.map { prefixes[$0.key] }, most)
  }
}
