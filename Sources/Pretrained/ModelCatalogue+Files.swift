package import Interchange
package import Models
import NeuralNetworks
import Tensors

extension ModelCatalogue {
  /// A model for photos of its usual size.
  static func model(named name: String, classes: Int) -> Model? {
    model(
      named: name, channels: 3, classes: classes, imageSize: usualImageSize(of: name))
  }

  /// Our names of all tensors of a model with a plain head.
  static func tensorNames(of name: String) -> [String] {
    model(named: name, classes: 1)?.layout.entries.map(\.name) ?? []
  }

  /// The model, if there is one, whose tensors are all in the file, and no others, but for heads.
  package static func name(suiting file: WeightsFile) -> String? {
    let contents = FileContents(file)
    return names.first { NetFit(of: $0, in: contents)?.isWhole == true }
  }

  /// Why the file suits no net here, and what would make it fit the one that it is nearest to.
  package static func complaint(about file: WeightsFile) -> PretrainedError {
    let contents = FileContents(file)
    var nearest: NetFit?
    for name in names {
      guard let fit = NetFit(of: name, in: contents) else { continue }
      if nearest.map({ $0.share < fit.share }) ?? true { nearest = fit }
    }
    return nearest?.complaint(about: file.path)
      ?? .noNet(file.path, tensors: file.entries.count)
  }
}

/// A file's tensors by their names.
struct FileContents {
  let names: FileNames
  let shapes: [String: Shape]
  let prefersAverages: Bool

  init(_ file: WeightsFile) {
    prefersAverages = file.prefersAverages
    names = FileNames(file.entries.map(\.name))
    shapes = Dictionary(uniqueKeysWithValues: file.entries.map { ($0.name, $0.shape) })
  }
}

extension NameMap {
  /// Which of averaged and raw weights were taken, where a file has both below prefixes of their own.
  var averagesNote: String? {
    other.map {
      areAveraged
        ? "the averaged weights (\(prefix)…) are taken; model.averaged=false takes the raw ones (\($0)…)"
        : "the raw weights (\(prefix)…) are taken, as model.averaged says, not the averaged ones (\($0)…)"
    }
  }
}

/// How far a file's tensors are those of a net, whose head doesn't count.
struct NetFit {
  let name: String
  let map: NameMap
  /// What differs in the body; nil where nothing does.
  let mismatch: ModelMismatch?
  /// The part of the body's tensors that are in the file in their shapes.
  let share: Double
  /// The channels of the images that the file's first layer is for, where those alone differ.
  private let otherChannels: Int?

  /// Nil for a net that there isn't.
  init?(of name: String, in contents: FileContents) {
    guard let model = ModelCatalogue.model(named: name, classes: 1) else { return nil }
    self.name = name
    let map = NameMap(
      of: model.layout.entries.map(\.name), in: contents.names,
      averaged: contents.prefersAverages)
    let body = model.layout.entries.filter { !model.headNames.contains($0.name) }
    var (missing, misshaped) = ([String](), [String]())
    var channels: Int?
    let first = body.first { $0.order == .filters }
    for entry in body {
      guard let theirs = map.names[entry.name], let shape = contents.shapes[theirs] else {
        missing.append(map.names[entry.name] ?? entry.name)
        continue
      }
      let wanted = entry.torchShape
      if shape.hasSameAxes(as: wanted) { continue }
      misshaped.append("\(theirs) is \(shape), wanted \(wanted)")
      if entry == first, InputFilters(shape, as: wanted) != nil { channels = shape[1] }
    }
    self.map = map
    share = Double(body.count - missing.count - misshaped.count) / Double(max(body.count, 1))
    mismatch = ModelMismatch(
      missing: missing, unexpected: map.unexpected, misshaped: misshaped)
    otherChannels = missing.isEmpty && misshaped.count == 1 ? channels : nil
  }

  var isWhole: Bool { mismatch == nil && map.rivals.isEmpty }

  /// Whether all of the net is in the file, which may have more.
  var isInside: Bool {
    map.rivals.isEmpty && (mismatch.map { $0.missing.isEmpty && $0.misshaped.isEmpty } ?? true)
  }

  /// Nil where the net isn't even nearly the file's.
  func complaint(about path: String) -> PretrainedError? {
    guard share >= 0.5 else { return nil }
    if !map.rivals.isEmpty {
      return .severalNets(path, model: name, prefixes: map.rivals)
    }
    guard let mismatch else { return nil }
    let remedy: String
    if let otherChannels, mismatch.unexpected.isEmpty {
      remedy =
        "its images have \(otherChannels) channel\(otherChannels == 1 ? "" : "s") and photos 3: train "
        + "on from it with model.weights=\(path), which changes its first layer as timm does, and ask "
        + "that run"
    } else if mismatch.missing.isEmpty, mismatch.misshaped.isEmpty {
      remedy =
        "let Python leave the unexpected out of the file, or pass over them with "
        + "--set model.loading=partial"
    } else {
      remedy =
        "let Python give them the names and shapes of torchvision's or timm's net; docs/weights.md says "
        + "which files suit"
    }
    return .nearly(path, model: name, list: "\(mismatch)", remedy: remedy)
  }
}
