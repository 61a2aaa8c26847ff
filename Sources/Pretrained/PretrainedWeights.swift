import Checkpoints
package import Interchange
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
  private var loaded = 0

  /// - Parameters:
  ///   - classes: of the photos.
  ///   - name: of the model in the catalogue.
  /// - Throws: `PretrainedError`, `WeightsFileError`, `SafetensorsError`, `FileError`.
  package init(
    _ source: WeightsSource, into model: Model, named name: String, classes: [String],
    seed: UInt64, loading: Recipe.Model.Loading
  ) throws {
    let file = try WeightsFile(path: source.path)
    layout = model.layout
    headNames = model.headNames
    map = NameMap(of: layout.entries.map(\.name), in: file.entries.map(\.name))
    headModule = Self.headModule(ofModel: name, map)
    weights = model.initialWeights(seed: seed)
    let entries = Dictionary(uniqueKeysWithValues: file.entries.map { ($0.name, $0) })
    notes.append(
      "\(source.path) (SHA-256 \(source.digest.prefix(8))…), named as by \(map.naming.library)")

    try loadHead(from: file, entries, classes: classes, of: source.model)
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
    let random = missing + misshaped
    notes.append("\(loaded) tensors taken, \(random.count) left at random values")
    if !random.isEmpty { notes.append("random: " + random.joined(separator: ", ")) }
    if !unexpected.isEmpty { notes.append("passed over: " + unexpected.joined(separator: ", ")) }
  }

  /// Takes the file's head if all of it fits.
  private mutating func loadHead(
    from file: borrowing WeightsFile, _ entries: [String: WeightsEntry], classes: [String],
    of model: SavedModel?
  ) throws {
    let head = layout.entries.filter { headNames.contains($0.name) }
    let theirs = head.map { entry in map.names[entry.name].flatMap { entries[$0] } }
    let fits = zip(head, theirs).allSatisfy { $0.torchShape == $1?.shape && $1?.isFloat == true }
    let hasOtherClasses = model.map { $0.checkpoint.state.classes != classes } ?? false
    if fits && !hasOtherClasses {
      for entry in head {
        try file.read(
          map.names[entry.name] ?? entry.name, as: entry, into: weights.pointer + entry.offset)
      }
      let order = model == nil ? ", taken to be in the order of the photos' classes" : ""
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
    return map.name(of: weight).map { String($0.dropLast(suffix.count)) }
  }

  private func isOfHead(_ name: String) -> Bool {
    headModule.map { name.hasPrefix("\($0).") } ?? false
  }

  private mutating func load(
    _ entry: FlatEntry, from file: borrowing WeightsFile, _ entries: [String: WeightsEntry]
  ) throws {
    let name = map.names[entry.name] ?? entry.name
    guard let source = entries[name] else { return missing.append(name) }
    guard source.isFloat else {
      return misshaped.append("\(name) is \(source.type.rawValue)")
    }
    let wanted = entry.torchShape
    if source.shape.hasSameAxes(as: wanted) {
      entry.store(torchValues: try file.floats(source), into: weights.pointer + entry.offset)
    } else if let values = try adapted(source, to: entry, file) {
      entry.store(torchValues: values, into: weights.pointer + entry.offset)
      notes.append("\(entry.name): from \(source.shape) to \(wanted)")
    } else {
      return misshaped.append("\(name) is \(source.shape), wanted \(wanted)")
    }
    loaded += 1
  }

  /// The numbers of a first layer for other channels or of a position embedding for another image
  /// size, in PyTorch's order; nil for any other tensor.
  private func adapted(
    _ source: WeightsEntry, to entry: FlatEntry, _ file: borrowing WeightsFile
  ) throws -> [Float]? {
    if entry.name == "pos_embed" {
      return PositionEmbedding(source.shape)?.resampled(try file.floats(source), to: entry.shape)
    }
    let isFirst = layout.entries.first { $0.order == .filters } == entry
    guard isFirst, let filters = InputFilters(source.shape, as: entry.torchShape) else {
      return nil
    }
    return filters.adapted(try file.floats(source))
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
  /// The classes of the file's head, for a net of that name; nil when there is no plain head.
  package static func classes(of file: borrowing WeightsFile, forModel name: String) -> Int? {
    let map = NameMap(of: ModelCatalogue.tensorNames(of: name), in: file.entries.map(\.name))
    guard let module = headModule(ofModel: name, map) else { return nil }
    return file.entries.first { $0.name == "\(module).weight" }?.shape.extents.first
  }
}
