import Foundation
import Recipes
import Support
import Testing
import WorkerRun

extension EndToEnd {
  /// Recipes drawn from all keys: each trains with the same bits on one rank and on three, or is refused by a
  /// sentence.
  ///
  /// `TUTTI_RANDOM_RECIPES` says how many, 30 by default; `TUTTI_RANDOM_RECIPES_SEED` begins another series.
  @Suite struct RandomRecipesTests {
    private static func number(_ name: String) -> Int? {
      ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    @Test func `a recipe trains two steps alike on one rank and on three, or is refused`() throws {
      let teacher = try Reference.made.get().files.path
      let count = Self.number("TUTTI_RANDOM_RECIPES") ?? 30
      let first = Self.number("TUTTI_RANDOM_RECIPES_SEED") ?? 0
      let photos = try Photos.folder(train: 40)
      var trained = 0
      for seed in first..<(first + count) {
        var drawing = RecipeDrawing(seed: seed, teacher: teacher)
        let settings = try drawing.settings()
        let runs = try [1, 3].map { ranks in
          let files = RunFiles(try Scratch.path("run"))
          let run = try tutti(
            ["train", "--data", photos, "--run", files.path] + set(settings), ranks: ranks)
          return (run, try files.checkpoints.last.map(files.contents(ofCheckpoint:)) ?? [:])
        }
        let told = "seed \(seed): \(settings.joined(separator: " "))"
        let (alone, three) = (runs[0], runs[1])
        #expect(alone.0.exitCode == three.0.exitCode, "\(told)")
        #expect(alone.1 == three.1, "\(told)")
        if alone.0.exitCode == 0 {
          trained += 1
          #expect(!alone.1.isEmpty, "\(told)")
        } else {
          #expect([1, 65].contains(alone.0.exitCode), "\(told)")
          for run in [alone.0, three.0] {
            #expect(
              run.errors.hasPrefix("tutti: ") && !run.errors.contains("Fatal"),
              "\(told): \(run.errors)")
          }
        }
      }
      // A series of refusals would show nothing.
      #expect(3 * trained > count, "\(trained) of \(count) were trained")
    }
  }
}

/// Draws settings from what the recipe's keys allow.
private struct RecipeDrawing {
  /// Keys that say where things are or which net it is, whose values no range describes; and shares of photos
  /// that bring their splits.
  private static let fixed = [
    "model.name=cifar-resnet8", "model.image-size=32", "training.threads=1",
    "training.max-steps=2", "training.micro-batch=4", "training.global-batch=16",
    "training.epochs=2",
  ]
  private static let left: Set = [
    "data.path", "data.group-by", "data.labels", "data.stage", "model.weights",
    "model.weights-sha256",
    "model.loading", "model.averaged", "loss.teacher-sha256", "crossval.fold", "crossval.folds",
    "evaluation.micro-batch", "data.validation", "data.test",
  ]
  private static let lists = [
    "augment": [
      "[resize, normalize]", "[resize, trivial-augment-wide, normalize, random-erasing]",
      "[{random-resized-crop: {scale: [0.2, 1]}}, random-horizontal-flip, normalize]",
    ],
    "resize-schedule": ["none", "[{from-epoch: 0, size: 24}, {from-epoch: 1, size: 32}]"],
    "optimizer.groups": ["[]", "[{stem: 0.1}, {body: 0.5}]", "[{'*.bias': 2}]"],
    "fine-tuning.freeze": ["[]", "[stem]", "[body]", "[layer1.*, '*.bias']"],
    "data.sampling-weights": ["[{disc: 3}]"], "loss.class-weights-given": ["[{cross: 0.5}]"],
    "evaluation.tta": ["none", "flip"],
  ]

  private var state: SplitMix
  private let teacher: String

  init(seed: Int, teacher: String) {
    state = SplitMix(state: UInt64(seed))
    self.teacher = teacher
  }

  /// About a third of the keys, each with a value that it allows; together they may contradict.
  mutating func settings() throws -> [String] {
    // Words first: they decide which keys there are.
    var chosen = Self.fixed
    let plain = try Recipe()
    let rules = Swift.Set((plain.settings + plain.idleSettings).compactMap { $0.rule?.key })
    for key in rules.sorted() where chance(0.7) {
      guard let setting = plain[key], let value = value(of: setting) else { continue }
      chosen.append("\(key)=\(value)")
    }
    // Words may need a key that is drawn below.
    let known = (try? Recipe(overrides: chosen)) ?? plain
    for setting in known.settings.shuffled(using: &state) {
      let isFixed = Self.fixed.contains { $0.hasPrefix("\(setting.key)=") }
      if isFixed || rules.contains(setting.key) || Self.left.contains(setting.key) { continue }
      guard chance(0.3), let value = value(of: setting) else { continue }
      let next = chosen + ["\(setting.key)=\(value)"]
      // Of what contradicts, some: with all of it, hardly any recipe would train.
      if (try? Recipe(overrides: next)) != nil || chance(0.02) { chosen = next }
    }
    return chosen
  }

  private mutating func value(of setting: Recipe.Setting) -> String? {
    if setting.key == "loss.teacher" { return "[\(teacher)]" }
    if let lists = Self.lists[setting.key] { return lists.randomElement(using: &state) }
    let allowed = setting.allowed
    if allowed.contains(", or `"), chance(0.3) {
      return allowed.split(separator: "`").last.map(String.init)
    }
    if let range = allowed.wholeMatch(of: /a whole number from (\d+) to (\d+).*/) {
      guard let least = Int(range.1), let most = Int(range.2) else { return nil }
      return String(Int.random(in: least...min(most, least + 3), using: &state))
    }
    if let range = allowed.wholeMatch(of: /a number from ([-.e0-9]+) to ([-.e0-9]+).*/) {
      return number(range.1, range.2)
    }
    if let list = allowed.wholeMatch(
      of: /a list of (\d+), each a number from ([-.e0-9]+) to ([-.e0-9]+).*/)
    {
      let numbers = (0..<(Int(list.1) ?? 0)).compactMap { _ in number(list.2, list.3) }
      return "[\(numbers.sorted().joined(separator: ", "))]"
    }
    if allowed.hasPrefix("`") {
      let words = allowed.split(separator: "`").enumerated().filter { $0.offset % 2 == 0 }
      return words.randomElement(using: &state).map { String($0.element) }
    }
    return nil
  }

  private mutating func number(_ least: Substring, _ most: Substring) -> String? {
    guard let least = Double(least), let most = Double(most) else { return nil }
    let share = Double.random(in: 0...1, using: &state)
    return String(least > 0 ? least * pow(most / least, share) : most * pow(share, 4))
  }

  private mutating func chance(_ share: Double) -> Bool {
    Double.random(in: 0..<1, using: &state) < share
  }
}
