import Files
package import Images
package import NeuralNetworks

extension Recipe {
  package struct Data: Sendable {
    package let path: String
    /// The share of the training photos that is set apart, unless the data bring such a split.
    package let validation: Double
    package let test: Double
    package let splitSeed: Int
    /// Nil: chosen for the machine.
    package let loaderThreads: Int?
    /// What is done about photos that can't be decoded.
    package let corrupt: Corrupt
    /// The manifest's column of groups. Nil: `group`, if there is one.
    package let groupBy: String?
    package let labels: Labels
    /// How often photos are drawn for their class. Nil: each stands once in an epoch.
    package let sampling: ClassBalance?
    package let samplingName: SamplingName
    /// How many times a photo stands in a step, augmented in another way each time.
    package let repeats: Int

    /// How photos become pixels.
    package let decoding: Decoding
    /// Where a pack is copied on each host before it is read; nil: nowhere.
    package let stage: Stage?

    package enum Stage: Equatable, Sendable {
      case memory
      case folder(String)
    }

    /// Whether each photo stands once in an epoch.
    package var takesEachOnce: Bool { sampling == nil && repeats == 1 }

    /// How many labels a photo has.
    package enum Labels: String, CaseIterable, Sendable {
      case one
      /// Any number, or none: each class is asked for by itself.
      case several
    }

    package var hasSeveralLabels: Bool { labels == .several }

    package enum Corrupt: String, CaseIterable, Sendable {
      /// The run ends, at the first of them that it meets.
      case stop
      /// All photos are decoded before the first step, and those left out.
      case skip
    }

    /// Decoding threads of a rank that computes on so many.
    package func loaderThreads(beside threads: Int) -> Int { loaderThreads ?? threads }

    init(_ recipe: inout RecipeReader) {
      path = recipe.read("data.path", .text("a path"), default: "photos", affectsResults: false)
      validation = recipe.read("data.validation", .number(0.001...0.9), default: 0.1)
      test = recipe.read("data.test", .number(0...0.9), default: 0.1)
      splitSeed = recipe.read("data.split-seed", .integer(0...4_294_967_295), default: 42)
      loaderThreads = recipe.read(
        "data.loader-threads", .integer(1...1024), or: "auto", default: nil, affectsResults: false)
      corrupt = recipe.read("data.corrupt", .choice, default: .stop)
      groupBy = recipe.read(
        "data.group-by", .text("a column of the manifest"), or: "none", default: nil)
      labels = recipe.read("data.labels", .choice, default: .one)
      samplingName = recipe.read("data.sampling", .choice, default: .none)
      sampling = recipe.rule(of: "data.sampling", samplingName) { $0.rule(&$1) }
      repeats = recipe.read("data.repeats", .integer(1...64), default: 1)
      let usual = Decoding()
      let background = recipe.read(
        "data.background", .numbers(oneOr: [3], in: 0...255), default: usual.background.numbers)
      let megapixels = recipe.read(
        "data.largest-photo", .integer(1...4000), default: Decoding.usualMegapixels,
        affectsResults: false)
      let stage = recipe.read(
        "data.stage", .text("`memory`, a folder"), or: "none", default: nil,
        affectsResults: false)
      let meant = stage.flatMap {
        $0.contains("/") ? nil : nearestName(to: $0, among: ["memory", "none"])
      }
      recipe.require(
        stage == "memory" || meant == nil, "data.stage",
        otherwise:
          "`\(stage ?? "")`: did you mean `\(meant ?? "")`? A folder of that name is ./\(stage ?? "")"
      )
      self.stage = stage.map { $0 == "memory" ? .memory : .folder($0) }
      decoding = Decoding(
        background: FillColour(background), mostPixels: megapixels * 1_000_000)
    }
  }
}
