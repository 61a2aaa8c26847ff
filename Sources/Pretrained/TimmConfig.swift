import Files
import Images
import Recipes
import Tensors

/// What timm says of a file of weights in a JSON beside it: `config.json`, as Hugging Face has it beside
/// `model.safetensors` and `pytorch_model.bin`, or `NAME.json` beside `NAME.pth`. Either is timm's
/// `pretrained_cfg` or has it inside. What it doesn't say is as timm's `resolve_data_config` has it.
struct TimmConfig: Equatable {
  let preparation: Preparation
  /// In the order of the outputs, where the file names them.
  let classes: [String]?
  /// Whether they are the thousand of ImageNet, by the tag of the weights: `a1_in1k`.
  let isOfImageNet: Bool

  /// Bytes that are read: the names of all classes of ImageNet's 22,000 take two million.
  static let limit = 1 << 24

  /// The one beside a file of weights; nil where there is none, or another program's JSON.
  ///
  /// - Throws: `PretrainedError.config` for what can't be done here, `PretrainedError.damagedConfig`,
  ///   `OverlongFile`, `FileError`.
  init?(besides path: String) throws {
    let parts = path.pieces(at: "/", keepingEmpty: true)
    let name = parts.last ?? ""
    let words = name.pieces(at: ".", keepingEmpty: true)
    let stem = words.count > 1 ? words.dropLast().joined(separator: ".") : name
    let isNamedByHub = ["model.safetensors", "pytorch_model.bin"].contains(name)
    let config =
      (parts.dropLast() + [isNamedByHub ? "config" : stem]).joined(separator: "/") + ".json"
    guard Paths.isFile(config) else { return nil }
    try self.init(config, InputFile(path: config).bytes(atMost: Self.limit))
  }

  private init?(_ path: String, _ json: [UInt8]) throws {
    let content: Content
    do {
      guard try JSONText.decode(Keys.self, from: json).areTimms else { return nil }
      content = try JSONText.decode(from: json)
    } catch DecodingError.typeMismatch(_, let context) where context.codingPath.isEmpty {
      return nil  // A list, or a number.
    } catch let error as DecodingError {
      throw PretrainedError.damagedConfig(path, error.place)
    }
    let fields = content.pretrained ?? content.fields
    preparation = try fields.preparation(path)
    classes = content.labels ?? fields.labels
    isOfImageNet =
      (fields.tag?.endsExactly(with: "in1k") ?? false) && fields.classes ?? 1000 == 1000
  }

  /// The names at the top alone.
  private struct Keys: Decodable {
    let areTimms: Bool

    private struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init?(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let keys = Set(try decoder.container(keyedBy: Key.self).allKeys.map(\.stringValue))
      areTimms = keys.contains("pretrained_cfg") || keys.isSuperset(of: ["mean", "std"])
    }
  }

  private struct Content: Decodable {
    let pretrained: Fields?
    let labels: [String]?
    let fields: Fields

    enum CodingKeys: String, CodingKey {
      case pretrained = "pretrained_cfg"
      case labels = "label_names"
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      pretrained = try container.decodeIfPresent(Fields.self, forKey: .pretrained)
      labels = try container.decodeIfPresent([String].self, forKey: .labels)
      fields = try Fields(from: decoder)
    }
  }

  /// Those that change pixels or name classes.
  private struct Fields: Decodable {
    let mean: [Double]?
    let std: [Double]?
    let interpolation: String?
    let crop: Double?
    let cropMode: String?
    let size: [Int]?
    let tag: String?
    let classes: Int?
    let labels: [String]?

    enum CodingKeys: String, CodingKey {
      case mean, std, interpolation, tag
      case crop = "crop_pct"
      case cropMode = "crop_mode"
      case size = "input_size"
      case classes = "num_classes"
      case labels = "label_names"
    }

    func preparation(_ path: String) throws(PretrainedError) -> Preparation {
      let word = interpolation ?? Interpolation.bicubic.rawValue
      guard let interpolation = Interpolation(rawValue: word) else {
        throw .config(path, "interpolation \(word)")
      }
      let share = crop ?? 0.875
      guard Resize.shares.contains(share) else { throw .config(path, "crop_pct \(share)") }
      let size = size ?? []
      guard size.isEmpty || size.count == 3 && size[0] == 3 && size[1] == size[2],
        size.isEmpty || Resize.sizes.contains(size[1])
      else { throw .config(path, "input_size \(size)") }
      let mean = mean ?? [0.485, 0.456, 0.406]
      let std = std ?? [0.229, 0.224, 0.225]
      guard mean.count == 3, std.count == 3, mean.allSatisfy(Normalize.means.contains),
        std.allSatisfy(Normalize.deviations.contains)
      else { throw .config(path, "mean \(mean), std \(std)") }
      // timm fills a border with the mean colour.
      let fill = FillColour(mean.map { (255 * $0).rounded(.toNearestOrEven) })
      guard let crop = Resize.Crop(timmMode: cropMode ?? "", share: share, fill: fill) else {
        throw .config(path, "crop_mode \(cropMode ?? "") with crop_pct \(share)")
      }
      return Preparation(
        .fixed(mean: mean, std: std), interpolation, crop: crop, side: size.last)
    }
  }
}

extension DecodingError {
  /// Where the JSON isn't what it has to be: the key, or what is wrong with the whole.
  fileprivate var place: String {
    switch self {
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .keyNotFound(_, let context):
      context.codingPath.map(\.stringValue).joined(separator: ".") + " is of another kind"
    case .dataCorrupted: "it is no JSON, as when a download was cut off"
    @unknown default: "it is no JSON"
    }
  }
}
