import Foundation
import Recipes

@testable import Experiments

/// An experiment with two classes, `a` and `b`, of ten photos each, which aren't opened.
func experimentOfTwoClasses(_ settings: String...) throws -> Experiment {
  let folder = FileManager.default.temporaryDirectory.appending(path: "tutti-\(UUID())")
  defer { try? FileManager.default.removeItem(at: folder) }
  for name in ["a", "b"] {
    let place = folder.appending(path: name)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    for index in 0..<10 { try Data([0]).write(to: place.appending(path: "\(index).jpg")) }
  }
  return try Experiment(
    Recipe(overrides: ["data.path=\(folder.path)", "training.micro-batch=2"] + settings))
}
