import Datasets
import Testing

@testable import Experiments
@testable import Models

@Suite struct PreparationTests {
  private static let halves = Preparation(
    .fixed(mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5]), .bicubic, crop: .center(0.875))

  private static func steps(_ text: String) throws -> [AugmentStep] {
    try Recipe(overrides: ["augment=\(text)"]).augment
  }

  @Test(
    "auto is filled in, and what is written stays",
    arguments: [
      (
        "[resize, normalize]",
        "[{resize: {size: 224, interpolation: bicubic, crop: 0.875}}, {normalize: {mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5]}}]"
      ),
      (
        "[{resize: {crop: none}}, normalize]",
        "[{resize: {size: 224, interpolation: bicubic, crop: none}}, {normalize: {mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5]}}]"
      ),
      (
        "[resize, {normalize: {mean: [0.1], std: [0.2]}}]",
        "[resize, {normalize: {mean: [0.1], std: [0.2]}}]"
      ),
    ])
  func filled(_ recipe: String, _ expected: String) throws {
    #expect(try Self.steps(recipe).filled(from: Self.halves) == Self.steps(expected))
  }

  @Test(
    "A contradiction is found",
    arguments: [
      ("[resize, normalize]", []),
      ("[{resize: {crop: 0.875, interpolation: bicubic}}, normalize]", []),
      ("[{resize: {crop: none}}, normalize]", ["crop"]),
      (
        "[{resize: {interpolation: bilinear}}, {normalize: {mean: [0.1], std: [0.2]}}]",
        ["interpolation: bilinear", "normalize"]
      ),
    ])
  func contradictions(_ recipe: String, _ expected: [String]) throws {
    #expect(try Self.steps(recipe).contradictions(to: Self.halves) == expected)
  }

  @Test("Grey images get the constants' mean") func grey() {
    let colour = Preparation(
      .fixed(mean: [0.25, 0.5, 0.75], std: [0.25, 0.25, 0.25]), .bicubic, crop: nil)
    let grey = colour.forImages(channels: 1)
    #expect(grey.normalization == .fixed(mean: [0.5], std: [0.25]))
    #expect(
      grey.forImages(channels: 3).normalization
        == .fixed(mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25]))
  }

  @Test(
    "Known weights",
    arguments: [
      ("efficientnet-lite0", "579344248a93", 0.5, Interpolation.bicubic, 0.875),
      ("resnet50", "0676ba61", 0.485, .bilinear, 0.875),
      ("resnet50", "11ad3fa6", 0.485, .bilinear, 0.9655),
      ("vit-s16", "00000000", 0.5, .bicubic, 0.9),
      ("vit-s16", "cd65a155", 0.485, .bicubic, 0.9),
      ("efficientnet-b0", "00000000", 0.485, .bicubic, 0.875),
    ])
  func known(
    model: String, digest: String, mean: Double, interpolation: Interpolation, crop: Double
  ) {
    let found = Preparation.known(model: model, naming: .same, digest: digest)
    guard case .fixed(let means, _) = found.normalization else {
      Issue.record("no numbers")
      return
    }
    #expect(means[0] == mean)
    #expect(found.interpolation == interpolation)
    #expect(found.crop == .center(crop))
  }
}
