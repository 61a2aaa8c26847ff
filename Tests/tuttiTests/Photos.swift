import Foundation
import Support

/// Small photos of three classes: `Tests/Golden/photos`, and folders made of copies of them.
enum Photos {
  /// 9, 14 and 7 photos.
  static let few = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Golden/photos").path

  static let classes = ["cross", "disc", "stripes"]

  /// The settings of a model that suits them.
  static let settings = ["model.name=cifar-resnet8", "model.image-size=32", "training.threads=1"]

  /// A folder with splits, of so many photos each, the classes in turn.
  static func folder(train: Int, validation: Int = 30, test: Int = 17) throws -> String {
    let folder = try Scratch.path("photos")
    let files = FileManager.default
    let originals = try classes.map { name in
      try files.contentsOfDirectory(atPath: "\(few)/\(name)").sorted().map {
        "\(few)/\(name)/\($0)"
      }
    }
    for (split, count) in [("train", train), ("validation", validation), ("test", test)] {
      for name in classes {
        try files.createDirectory(
          atPath: "\(folder)/\(split)/\(name)", withIntermediateDirectories: true)
      }
      for number in 0..<count {
        let label = number % classes.count
        let choice = originals[label][number / classes.count % originals[label].count]
        try files.copyItem(
          atPath: choice, toPath: "\(folder)/\(split)/\(classes[label])/\(number).jpg")
      }
    }
    return folder
  }
}
