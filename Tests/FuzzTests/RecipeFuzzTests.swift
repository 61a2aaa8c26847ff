import Files
import Recipes
import Testing

@Suite struct RecipeFuzzTests {
  @Test func `recipes are read, or refused with their lines`() throws {
    let seeds = [
      """
      model: {name: resnet18, image-size: 96, weights: "runs/a \\" #b", dropout: .1}
      data:
        path: 'Fotos: neu'
        validation: 2e-1
      training: {epochs: 7.0, global-batch: 1_024}
      optimizer: {name: sgd, momentum: 0.8, groups: [{body: .1}, {"*.bias": 2}]}
      fine-tuning: {freeze: [stem, "layer*.0"], freeze-epochs: 2}
      augment:
        - resize: {interpolation: bicubic, crop: .875}
        - random-horizontal-flip
        - normalize: {mean: [0.5], std: [0.5]}
      """,
      "training: &t {seed: 1}\nschedule.name: constant\ndata: {test: &x 0.2, validation: *x}\n",
    ]
    let words = [
      "\n  ", "augment:", "&x ", "*x", "? ", "- ", "{", "[", "]", "}", ": ", "none", "auto", "\"",
      "'",
      "|\n", ">", "!!str ", "%", "\t", "---\n", "<<: ", "\u{FEFF}", "\u{301}", "\u{85}",
    ]
    try Fuzzing.run(
      "recipe", seeds: seeds.map { Array($0.utf8) }, words: words.map { Array($0.utf8) }
    ) {
      input in
      guard let text = String(validating: input, as: UTF8.self) else { return }
      let recipe = try Recipe(text: text, name: "r.yaml")
      // What was understood is written so that it is understood the same again.
      let again = try Recipe(SavedRecipe(text: recipe.resolved, path: "recipe.yaml"))
      #expect(again == recipe && again.resolved.isExactly(recipe.resolved))
    }
  }

  @Test func `settings are taken, or refused`() throws {
    let seeds = [
      "training.epochs=3", "augment=[{resize: {size: 64, crop: none}}, normalize]",
      "optimizer.groups=[{stem: 0.1}]", "data.path=\"a b\"", "model.weights=runs/x",
    ]
    try Fuzzing.run("setting", seeds: seeds.map { Array($0.utf8) }, words: [Array("=".utf8)]) {
      input in
      let overrides = [String(decoding: input, as: UTF8.self)]
      guard overrides[0] != seeds[1] else { return }  // says another size than the image's
      _ = try Recipe(overrides: overrides)
    }
  }
}
