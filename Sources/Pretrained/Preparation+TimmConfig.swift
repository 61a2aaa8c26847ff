import Files
import Images
import Recipes

extension Preparation {
  /// What timm says of a file of weights in a JSON beside it: `config.json`, as Hugging Face has it
  /// beside `model.safetensors` and `pytorch_model.bin`, or `NAME.json` beside `NAME.pth`. Either is
  /// timm's `pretrained_cfg` or has it inside; nil where there is none.
  ///
  /// - Throws: `PretrainedError.config`, `FileError`.
  static func besides(weights path: String) throws -> Preparation? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let name = parts.last ?? ""
    let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? name
    let isNamedByHub = ["model.safetensors", "pytorch_model.bin"].contains(name)
    let config =
      (parts.dropLast() + [isNamedByHub ? "config" : stem]).joined(separator: "/") + ".json"
    guard Paths.isFile(config) else { return nil }
    return try Preparation(config, InputFile(path: config).bytes(atMost: 1 << 20))
  }

  private struct Config: Decodable {
    let mean: [Double]
    let std: [Double]
    let interpolation: String
    let crop: Double

    enum CodingKeys: String, CodingKey {
      case mean, std, interpolation
      case crop = "crop_pct"
    }
  }

  private struct Outer: Decodable {
    let config: Config

    enum CodingKeys: String, CodingKey { case config = "pretrained_cfg" }
  }

  private init?(_ path: String, _ json: [UInt8]) throws {
    guard
      let config = (try? JSONText.decode(Outer.self, from: json))?.config
        ?? (try? JSONText.decode(Config.self, from: json))
    else { return nil }
    guard let interpolation = Interpolation(rawValue: config.interpolation) else {
      throw PretrainedError.config(path, "interpolation \(config.interpolation)")
    }
    guard config.crop > 0, config.crop <= 1 else {
      throw PretrainedError.config(path, "crop_pct \(config.crop)")
    }
    guard config.mean.count == 3, config.std.count == 3, config.mean.allSatisfy(\.isFinite),
      config.std.allSatisfy({ $0 > 0 && $0.isFinite })
    else { throw PretrainedError.config(path, "mean \(config.mean), std \(config.std)") }
    self.init(
      .fixed(mean: config.mean, std: config.std), interpolation, crop: .center(config.crop))
  }
}
