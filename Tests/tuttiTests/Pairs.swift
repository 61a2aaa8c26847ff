import Foundation
import Images
import Support

/// Pictures that are pasted together of two, each with a pattern or without: of both patterns' labels, of one, or of
/// none.
struct Pairs {
  static let classes = ["bars", "dots", "rows"]
  static let settings =
    Photos.settings + [
      "data.labels=several", "loss.name=binary-cross-entropy", "training.epochs=8",
      "training.global-batch=16", "training.micro-batch=4", "optimizer.learning-rate=0.02",
    ]
  static let made = Result { try Pairs() }

  let folder: String
  /// With a split for each.
  let manifest: String
  /// Of each picture, by its path.
  let labels: [String: String]

  /// 96 pictures to train on, 24 to validate and 24 to test.
  private init() throws {
    folder = try Scratch.path("pairs")
    manifest = "\(folder)/pairs.csv"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var text = "path,label,split\n"
    var labels: [String: String] = [:]
    for number in 0..<144 {
      // All sixteen pairs, in each split.
      let halves = [number % 4, number / 4 % 4]
      let names = Set(halves.filter { $0 < 3 }).sorted().map { Self.classes[$0] }
      let path = "\(number).png"
      labels[path] = names.joined(separator: "|")
      // Written in either order, some with spaces.
      let field = number % 2 == 0 ? names.reversed().joined(separator: " | ") : labels[path] ?? ""
      text += "\(path),\(field),\(number < 96 ? "train" : number < 120 ? "validation" : "test")\n"
      try Data(Self.picture(halves, number).png()).write(to: URL(filePath: "\(folder)/\(path)"))
    }
    try Data(text.utf8).write(to: URL(filePath: manifest))
    self.labels = labels
  }

  /// 16 rows of 32 pixels, in colours and at places that differ from picture to picture.
  private static func picture(_ halves: [Int], _ number: Int) -> Image {
    let (dark, light, shift) = (20 + number * 7 % 60, 170 + number * 11 % 80, number * 5 % 4)
    var pixels: [UInt8] = []
    for y in 0..<16 {
      for x in 0..<32 {
        let pattern =
          switch halves[x / 16] {
          case 0: (x + shift) % 4 < 2
          case 1: (x + shift) % 4 < 2 && (y + shift) % 4 < 2
          case 2: (y + shift) % 4 < 2
          default: false
          }
        let value = pattern ? light : dark
        pixels += [value, value * (number % 5 + 4) / 8, value * (number % 3 + 5) / 8].map {
          UInt8(min($0, 255))
        }
      }
    }
    return Image(height: 16, width: 32, channels: 3, pixels: pixels)
  }
}
