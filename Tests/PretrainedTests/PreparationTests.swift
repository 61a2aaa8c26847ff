import Images
import Recipes
import Tensors
import Testing
@testable import Models
@testable import Pretrained

@Suite struct PreparationTests {
  private static let halves = Preparation(
    .fixed(mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5]), .bicubic, crop: .center(0.875))

  private static func steps(_ text: String) throws -> [any Transform] {
    try Recipe(overrides: ["augment=\(text)"]).augment
  }

  @Test(arguments: [
    (
      "[resize, normalize]",
      "[{resize: {interpolation: bicubic, crop: 0.875}}, {normalize: {mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5]}}]"
    ),
    (
      "[{resize: {crop: none}}, normalize]",
      "[{resize: {interpolation: bicubic, crop: none}}, {normalize: {mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5]}}]"
    ),
    (
      "[resize, {normalize: {mean: [0.1], std: [0.2]}}]",
      "[resize, {normalize: {mean: [0.1], std: [0.2]}}]"
    ),
  ])
  func `auto is filled in, and what is written stays`(_ recipe: String, _ expected: String) throws {
    #expect(
      try Self.steps(recipe).filled(from: Self.halves).recipeText
        == Self.steps(expected).recipeText)
  }

  @Test(arguments: [
    ("[resize, normalize]", []),
    ("[{resize: {crop: 0.875, interpolation: bicubic}}, normalize]", []),
    ("[{resize: {crop: none}}, normalize]", ["crop"]),
    (
      "[{resize: {interpolation: bilinear}}, {normalize: {mean: [0.1], std: [0.2]}}]",
      ["interpolation: bilinear", "crop", "normalize"]
    ),
    (
      "[resize, {normalize: {mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5]}}]",
      ["interpolation: bilinear", "crop"]
    ),
  ])
  func `a contradiction is found`(_ recipe: String, _ expected: [String]) throws {
    #expect(try Self.steps(recipe).contradictions(to: Self.halves) == expected)
  }

  @Test func `a padding comes with the weights, with its fill`() throws {
    let recipe = try Recipe(overrides: [
      "augment=[{resize: {crop: pad, fill: [9, 8, 7]}}, normalize]"
    ])
    let preparation = Preparation(of: recipe)
    #expect(preparation.description == "pad with 9.0, 8.0, 7.0")
    let filled = try Self.steps("[random-resized-crop, normalize]").filled(from: preparation)
    #expect(filled.withoutRandom.first as? Resize == Resize(224, crop: preparation.crop))
    #expect(filled.contradictions(to: preparation).isEmpty)
    for other in ["crop: pad", "crop: none", "crop: 0.9"] {
      let steps = try Self.steps("[{resize: {\(other)}}, normalize]")
      #expect(steps.contradictions(to: preparation) == ["crop"])
    }
  }

  @Test func `grey images get the constants' mean`() {
    let colour = Preparation(
      .fixed(mean: [0.25, 0.5, 0.75], std: [0.25, 0.25, 0.25]), .bicubic, crop: nil)
    let grey = colour.forImages(channels: 1)
    #expect(grey.normalization == .fixed(mean: [0.5], std: [0.25]))
    #expect(
      grey.forImages(channels: 3).normalization
        == .fixed(mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25]))
  }

  @Test(arguments: [
    ("579344248a93", 0.5, Interpolation.bicubic, 0.875), ("0676ba61", 0.485, .bilinear, 0.875),
    ("11ad3fa6", 0.485, .bilinear, 0.9655), ("cd65a155", 0.485, .bicubic, 0.9),
    ("cdcb52a9", 0.485, .bicubic, 0.95), ("f55367f5", 0.485, .bicubic, 0.875),
  ])
  func `weights are known by their digest`(
    digest: String, mean: Double, interpolation: Interpolation, crop: Double
  ) throws {
    let found = try #require(Preparation.known(digest: digest))
    guard case .fixed(let means, _) = found.normalization else {
      Issue.record("no numbers")
      return
    }
    #expect(means[0] == mean)
    #expect(found.interpolation == interpolation)
    #expect(found.crop == .center(crop))
  }

  @Test func `others are guessed by the net and the names`() {
    #expect(Preparation.known(digest: "00000000") == nil)
    let vit = Preparation.guessed(model: "vit-s16", naming: .same)
    #expect(vit.description == "mean [0.5, 0.5, 0.5], std [0.5, 0.5, 0.5], bicubic, crop 0.9")
    let net = Preparation.guessed(model: "efficientnet-b0", naming: .same)
    #expect(
      net.description
        == "mean [0.485, 0.456, 0.406], std [0.229, 0.224, 0.225], bicubic, crop 0.875")
  }
}
