import Files
package import Tensors

/// A model's weights as a file that PyTorch's `load_state_dict` takes: its names and
/// layouts, and beside each `X.running_mean` the number of updates, `X.num_batches_tracked`.
package enum ModelTensors {
  private static let mean = ".running_mean"
  private static let updates = ".num_batches_tracked"

  /// What the file holds, in order: update counts first (they are wider), then the layout's entries.
  package static func entries(of layout: FlatLayout) -> [SafetensorsEntry] {
    updateCounts(of: layout).map { SafetensorsEntry($0, .i64, []) }
      + layout.entries.map { SafetensorsEntry($0.name, .f32, $0.torchShape) }
  }

  /// Writes what `entries(of:)` lists. Each BatchNorm has seen `updates` batches. Throws `FileError`.
  package static func write(
    _ weights: FlatStore, updates: Int, to file: some TensorWriter
  ) throws {
    for _ in updateCounts(of: weights.layout) { try file.write([Int64(updates)]) }
    for entry in weights.layout.entries {
      try file.write(entry, weights.pointer + entry.offset)
    }
  }

  /// Fills the store from a file of the same model; update counts are passed over. Throws before
  /// anything is changed when names, shapes or types differ.
  package static func read(
    from file: borrowing SafetensorsFile, into weights: FlatStore
  ) throws {
    if let mismatch = ModelMismatch(file.entries.filter { !isUpdateCount($0) }, weights.layout) {
      throw SafetensorsError(path: file.path, problem: .model(mismatch))
    }
    for entry in weights.layout.entries {
      try file.read(entry.name, as: entry, into: weights.pointer + entry.offset)
    }
  }

  private static func updateCounts(of layout: FlatLayout) -> [String] {
    layout.entries.map(\.name).filter { $0.hasSuffix(mean) }
      .map { $0.dropLast(mean.count) + updates }
  }

  private static func isUpdateCount(_ entry: SafetensorsEntry) -> Bool {
    entry.type == .i64 && entry.name.endsExactly(with: updates)
  }
}

/// How a file's tensors differ from a model's.
package struct ModelMismatch: Equatable, Sendable, CustomStringConvertible {
  /// Names that the model has and the file has not.
  package let missing: [String]
  /// Names that the file has and the model has not.
  package let unexpected: [String]
  /// Tensors of another shape, or of no float type, each with both.
  package let misshaped: [String]

  /// Nothing when all lists are empty.
  package init?(missing: [String], unexpected: [String], misshaped: [String]) {
    self.missing = missing
    self.unexpected = unexpected
    self.misshaped = misshaped
    if missing.isEmpty, unexpected.isEmpty, misshaped.isEmpty { return nil }
  }

  /// Nothing when the tensors are the model's.
  init?(_ found: [SafetensorsEntry], _ layout: FlatLayout) {
    let foundNames = Set(found.map(\.name))
    let wanted = Dictionary(uniqueKeysWithValues: layout.entries.map { ($0.name, $0.torchShape) })
    let misshaped: [String] = found.compactMap { entry in
      guard let shape = wanted[entry.name] else { return nil }
      if shape == entry.shape, [.f64, .f32, .f16, .bf16].contains(entry.type) { return nil }
      return "\(entry.name) is \(entry.type.rawValue) \(entry.shape), wanted F32 \(shape)"
    }
    self.init(
      missing: layout.entries.map(\.name).filter { !foundNames.contains($0) },
      unexpected: found.map(\.name).filter { wanted[$0] == nil }, misshaped: misshaped)
  }

  /// Counts, and the first three of each kind.
  package var description: String {
    func part(_ word: String, _ names: [String]) -> String? {
      if names.isEmpty { return nil }
      return "\(names.count) \(word) (\(few(names, atMost: 3, counted: nil)))"
    }
    return [
      part("missing", missing), part("unexpected", unexpected), part("of another shape", misshaped),
    ].compactMap(\.self).joined(separator: "; ")
  }
}
