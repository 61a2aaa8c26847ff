import Checkpoints
import Files
import Interchange
import Models
package import NeuralNetworks
package import Recipes
import Runs
package import Tensors

/// A model's first weights, from a file by anybody's names.
///
/// The head is drawn from the seed where the file has none of its kind and size. Other images than the
/// file's get a first layer and a position embedding made of the file's, as timm makes them.
package struct PretrainedWeights {
  package let weights: FlatStore
  /// What was done, a line for each part.
  package private(set) var notes: [String] = []

  private let layout: FlatLayout
  private let headNames: Set<String>
  private let map: NameMap
  /// The file's module of the head, `_fc`.
  private let headModule: String?
  /// Tensors of the model outside of its head, by the file's names where these are known.
  private var missing: [String] = []
  private var misshaped: [String] = []
  /// Ours of both kinds, which are drawn.
  private var drawn: [String] = []
  private var loaded = 0
  /// Whether the head is the file's, and not drawn.
  package private(set) var hasWholeHead = false

  /// - Parameters:
  ///   - classes: of the photos.
  ///   - name: of the model in the catalogue.
  /// - Throws: `PretrainedError`, `WeightsFileError`, `SafetensorsError`, `FileError`.
  package init(
    _ source: WeightsSource, into model: Model, named name: String, classes: [String],
    seed: UInt64, loading: Recipe.Model.Loading
  ) throws {
    let file = source.file
    layout = model.layout
    headNames = model.headNames
    map = NameMap(
      of: layout.entries.map(\.name), in: file.entries.map(\.name),
      averaged: file.prefersAverages)
    if !file.prefersAverages, !file.hasAverages, map.other == nil {
      throw PretrainedError.noAverages(source.path)
    }
    if !map.rivals.isEmpty {
      throw PretrainedError.severalNets(source.path, model: name, prefixes: map.rivals)
    }
    headModule = Self.headModule(ofModel: name, map)
    weights = FlatStore.weights(layout)
    let entries = Dictionary(uniqueKeysWithValues: file.entries.map { ($0.name, $0) })
    notes.append(
      "\(source.path) (SHA-256 \(source.digest.prefix(8))…), named as by \(map.naming.library)")

    notes += file.notes
    notes += [map.averagesNote].compactMap(\.self)
    try file.verify(map.names.values.sorted().compactMap { entries[$0] })
    try loadHead(from: file, entries, classes: classes, knownAs: source.classes)
    if !hasWholeHead {
      for name in headNames { model.draw(name, into: weights, seed: seed) }
    }
    for entry in layout.entries where !headNames.contains(entry.name) {
      try load(entry, from: file, entries)
    }
    let unexpected = map.unexpected.filter { !isOfHead($0) }
    let problems = ModelMismatch(
      missing: missing, unexpected: unexpected, misshaped: misshaped)
    guard let problems else { return }
    guard loading == .partial, loaded > 0 else {
      throw PretrainedError.mismatch(
        source.path, model: name, library: map.naming.library, list: problems.description,
        share: Double(loaded) / Double(layout.entries.count),
        suits: ModelCatalogue.name(suiting: file))
    }
    for name in drawn { model.draw(name, into: weights, seed: seed) }
    let random = missing + misshaped
    notes.append("\(loaded) tensors taken, \(random.count) left at random values")
    if !random.isEmpty { notes.append("random: " + few(random)) }
    if !unexpected.isEmpty { notes.append("passed over: " + few(unexpected)) }
  }

  /// Takes the file's head if all of it fits.
  private mutating func loadHead(
    from file: WeightsFile, _ entries: [String: WeightsEntry], classes: [String],
    knownAs known: [String]?
  ) throws {
    let head = layout.entries.filter { headNames.contains($0.name) }
    let theirs = head.map { entry in map.names[entry.name].flatMap { entries[$0] } }
    let fits = zip(head, theirs).allSatisfy { $0.torchShape == $1?.shape && $1?.isFloat == true }
    let hasOtherClasses = known.map { $0 != classes } ?? false
    if fits && !hasOtherClasses {
      for entry in head {
        try file.read(
          map.names[entry.name] ?? entry.name, as: entry, into: weights.pointer + entry.offset)
      }
      hasWholeHead = true
      let order = known == nil ? ", taken to be in the order of the photos' classes" : ""
      return notes.append("head: kept, with its \(classes.count) classes\(order)")
    }
    let count = headModule.flatMap { entries["\($0).weight"] }?.shape.extents.first
    let old = count.map { "\($0) → \(classes.count) classes" } ?? "\(classes.count) classes"
    notes.append("head: \(old), new from the seed")
  }

  private static func headModule(ofModel name: String, _ map: NameMap) -> String? {
    let suffix = ".weight"
    // A plain head is one linear layer.
    let names = ModelCatalogue.model(named: name, classes: 1)?.headNames ?? []
    guard let weight = names.first(where: { $0.hasSuffix(suffix) }) else { return nil }
    return map.name(of: weight).map { $0.withoutEnd(bytes: suffix.utf8.count) }
  }

  private func isOfHead(_ name: String) -> Bool {
    headModule.map { name.startsExactly(with: "\($0).") } ?? false
  }

  private mutating func load(
    _ entry: FlatEntry, from file: WeightsFile, _ entries: [String: WeightsEntry]
  ) throws {
    let name = map.names[entry.name] ?? entry.name
    guard let source = entries[name] else {
      drawn.append(entry.name)
      return missing.append(name)
    }
    guard source.isFloat else {
      drawn.append(entry.name)
      return misshaped.append("\(name) is \(source.type.rawValue)")
    }
    let wanted = entry.torchShape
    if source.shape.hasSameAxes(as: wanted) {
      entry.store(
        torchValues: try file.floats(source, for: entry), into: weights.pointer + entry.offset)
    } else if let values = try adapted(source, to: entry, file) {
      entry.store(torchValues: values, into: weights.pointer + entry.offset)
      notes.append("\(entry.name): from \(source.shape) to \(wanted)")
    } else {
      drawn.append(entry.name)
      return misshaped.append("\(name) is \(source.shape), wanted \(wanted)")
    }
    loaded += 1
  }

  /// The numbers of a first layer for other channels or of a position embedding for another image
  /// size, in PyTorch's order; nil for any other tensor.
  private func adapted(
    _ source: WeightsEntry, to entry: FlatEntry, _ file: WeightsFile
  ) throws -> [Float]? {
    if entry.name == "pos_embed" {
      guard let grid = PositionGrid(source.shape, as: entry.shape) else { return nil }
      let embedding = Tensor(try file.floats(source, for: entry), shape: source.shape)
      return grid.resampled(embedding).values
    }
    let isFirst = layout.entries.first { $0.order == .filters } == entry
    guard isFirst, let filters = InputFilters(source.shape, as: entry.torchShape) else {
      return nil
    }
    return filters.adapted(try file.floats(source, for: entry))
  }
}

extension WeightsEntry {
  fileprivate var isFloat: Bool { [.f64, .f32, .f16, .bf16].contains(type) }
}

extension Shape {
  /// Whether the extents are equal but for those of 1: torchvision's ConvNeXt has scales [C, 1, 1].
  func hasSameAxes(as other: Shape) -> Bool {
    extents.filter { $0 != 1 } == other.extents.filter { $0 != 1 }
  }
}

extension PretrainedWeights {
  /// The outputs of the file's head, for a net of that name; nil when there is no plain head over the
  /// net's features.
  static func outputs(of file: WeightsFile, forModel name: String) -> Int? {
    guard let model = ModelCatalogue.model(named: name, classes: 1) else { return nil }
    let map = NameMap(
      of: model.layout.entries.map(\.name), in: file.entries.map(\.name),
      averaged: file.prefersAverages)
    guard let module = headModule(ofModel: name, map),
      let wanted = model.layout.entries.first(where: {
        model.headNames.contains($0.name) && $0.kind == .weight
      })?.torchShape,
      let shape = file.entries.first(where: { $0.name == "\(module).weight" })?.shape,
      shape.extents.dropFirst().filter({ $0 != 1 })
        == wanted.extents.dropFirst().filter({ $0 != 1 })
    else { return nil }
    return shape.extents.first
  }
}
