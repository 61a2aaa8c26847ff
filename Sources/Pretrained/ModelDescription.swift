import Files
package import Images
import Interchange
package import Models
package import Recipes
package import Tensors

/// What a file that Tutti exported says of its model: all that is needed, beside the weights, to ask it
/// about photos. The keys are timm's where timm has some; lists are JSON.
package struct ModelDescription: Equatable, Sendable {
  package let architecture: String
  package let head: Head
  /// In the order of the outputs.
  package let classes: [String]
  /// Of each class, from which sigmoid on a photo has it, where it may have several; nil where outputs are for a
  /// softmax, of one class a photo.
  package let thresholds: [Double]?
  package let channels: Int
  /// Of the square images, in pixels.
  package let side: Int
  package let interpolation: Interpolation
  package let crop: Resize.Crop
  package let mean: [Float]
  package let std: [Float]

  /// How images are made of photos.
  package var preparation: Preparation {
    // The shortest digits of a Float: 0.485 and not 0.4850000143.
    func doubles(_ numbers: [Float]) -> [Double] { numbers.map { Double("\($0)") ?? Double($0) } }
    return Preparation(
      .fixed(mean: doubles(mean), std: doubles(std)), interpolation, crop: crop, side: side)
  }

  /// How images are made of photos, as pairs of texts.
  package var imageMetadata: [(key: String, value: String)] {
    let (mode, share) =
      switch crop {
      // The whole photo to a square, whatever its proportions.
      case .none: ("squash", 1.0)
      case .center(let share): ("center", share)
      case .pad: ("border", 1.0)
      }
    return [
      ("input_size", "[\(channels), \(side), \(side)]"),
      ("interpolation", interpolation.rawValue), ("crop_mode", mode), ("crop_pct", "\(share)"),
      ("mean", "\(mean)"), ("std", "\(std)"),
    ] + (crop.fill.map { [("fill", "\($0.numbers)")] } ?? [])
  }

  /// The settings of a recipe that say how many labels a photo has.
  var labelSettings: [String] {
    guard let thresholds else { return [] }
    let pairs = zip(classes, thresholds).filter { $0.1 != 0.5 }
      .map { "{\(Recipe.value($0)): \($1)}" }
    return ["data.labels=several", "loss.name=binary-cross-entropy"]
      + (pairs.isEmpty ? [] : ["evaluation.thresholds=[\(pairs.joined(separator: ", "))]"])
  }

  /// All of it as pairs of texts.
  package var metadata: [(key: String, value: String)] {
    get throws {
      [
        ("architecture", architecture), ("head", head.rawValue),
        ("classes", try JSONText.encode(classes)),
      ]
        + (try thresholds.map {
          [("labels", "several"), ("thresholds", try JSONText.encode($0))]
        } ?? []) + imageMetadata
    }
  }
}

extension ModelDescription {
  /// - Parameters:
  ///   - recipe: of the model, which says how its photos are prepared.
  ///   - channels: of its images.
  package init(of recipe: Recipe, channels: Int, classes: [String]) {
    let preparation = Preparation(of: recipe)
    architecture = recipe.model.name
    head = recipe.model.head
    self.classes = classes
    thresholds =
      recipe.data.hasSeveralLabels ? recipe.evaluation.thresholds(of: classes) : nil
    self.channels = channels
    side = recipe.model.imageSize
    interpolation = preparation.interpolation ?? Resize.usualInterpolation
    crop = preparation.crop ?? .none
    (mean, std) = Normalize(preparation.normalization).numbers(channels: channels)
  }

  /// What the file says of itself; nil for a file that isn't Tutti's.
  ///
  /// - Throws: `PretrainedError.description` where it can't be so.
  init?(in file: WeightsFile) throws(PretrainedError) {
    let path = file.path
    let pairs = file.metadata
    guard let architecture = pairs["architecture"], pairs["classes"] != nil,
      pairs["input_size"] != nil
    else { return nil }
    func unusable(_ key: String) -> PretrainedError {
      .description(path, key: key, value: pairs[key] ?? "")
    }
    func list<Element: Decodable>(_ key: String) throws(PretrainedError) -> [Element] {
      guard let list = try? JSONText.decode([Element].self, from: (pairs[key] ?? "").utf8) else {
        throw unusable(key)
      }
      return list
    }
    guard ModelCatalogue.names.contains(architecture) else { throw unusable("architecture") }
    // Files of earlier versions don't say; most have the plain one.
    guard let head = Head(rawValue: pairs["head"] ?? Head.plain.rawValue) else {
      throw unusable("head")
    }
    let names: [String] = try list("classes")
    guard names.count > 1, Set(names.map(ExactText.init)).count == names.count else {
      throw unusable("classes")
    }
    var thresholds: [Double]?
    if let labels = pairs["labels"], labels != "one" {
      guard labels == "several" else { throw unusable("labels") }
      let numbers: [Double] = try list("thresholds")
      guard numbers.count == names.count, numbers.allSatisfy((0...1).contains) else {
        throw unusable("thresholds")
      }
      thresholds = numbers
    }
    let extents: [Int] = try list("input_size")
    guard extents.count == 3, [1, 3].contains(extents[0]), extents[1] == extents[2],
      Resize.sizes.contains(extents[1])
    else { throw unusable("input_size") }
    guard let interpolation = Interpolation(rawValue: pairs["interpolation"] ?? "") else {
      throw unusable("interpolation")
    }
    let fill: [Double]? = if pairs["fill"] == nil { nil } else { try list("fill") }
    guard let share = Double(pairs["crop_pct"] ?? ""), Resize.shares.contains(share) else {
      throw unusable("crop_pct")
    }
    let mode = pairs["crop_mode"] ?? ""
    if mode == "border", fill == nil { throw unusable("fill") }
    guard
      let crop = Resize.Crop(timmMode: mode, share: share, fill: fill.map { FillColour($0) })
    else {
      throw unusable(["border", "squash"].contains(mode) ? "crop_pct" : "crop_mode")
    }
    guard crop.fill?.isColour ?? true else { throw unusable("fill") }
    let (mean, std): ([Float], [Float]) = (try list("mean"), try list("std"))
    guard mean.count == extents[0], mean.allSatisfy({ Normalize.means.contains(Double($0)) }) else {
      throw unusable("mean")
    }
    guard std.count == extents[0], std.allSatisfy({ Normalize.deviations.contains(Double($0)) })
    else { throw unusable("std") }
    self.init(
      architecture: architecture, head: head, classes: names, thresholds: thresholds,
      channels: extents[0],
      side: extents[1], interpolation: interpolation, crop: crop, mean: mean, std: std)
  }
}

extension Resize.Crop {
  /// By timm's words; nil for what isn't possible here. timm cuts a share out of a squashed photo or of one
  /// with a border, too.
  ///
  /// - Parameter fill: of a border.
  init?(timmMode mode: String, share: Double, fill: FillColour?) {
    switch mode {
    case "border" where share == 1:
      guard let fill else { return nil }
      self = .pad(fill)
    case "center", "": self = .center(share)
    case "squash" where share == 1: self = .none
    default: return nil
    }
  }
}
