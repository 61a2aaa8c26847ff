import ArgumentParser
import DataParallel
import Datasets
import Experiments
import Files
import MPI
import Recipes
import Reporting
import Reports
import Training

struct LRFind: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lr-find",
    abstract: "Finds a learning rate for a recipe: trains a little, faster and faster.",
    discussion: """
      A range test (Smith, arXiv:1506.01186): the first steps of the training, on all ranks together, at learning \
      rates that rise by the same factor from step to step, and all as in the first epoch. Where the loss falls along the way is where a \
      training learns; the test ends when the loss is four times its least, and takes --steps at most. \
      It writes nothing but what --svg names, and is the same for any number of ranks.

      EXAMPLES
        launch/local lr-find --recipe launch/recipes/photos-resnet18.yaml --data photos
        tutti lr-find --data photos --set optimizer.name=sgd --svg rates.svg
      """)

  @OptionGroup var options: RecipeOptions
  @OptionGroup var waiting: WaitOptions

  @Option(help: ArgumentHelp("The learning rate of the first step.", valueName: "rate"))
  var from = 1e-7

  @Option(help: ArgumentHelp("The learning rate behind the last step.", valueName: "rate"))
  var to = 10.0

  @Option(help: ArgumentHelp("How many steps, if the loss lasts so long.", valueName: "number"))
  var steps = 100

  @Option(help: ArgumentHelp("Draws the curve.", valueName: "file"), completion: .file())
  var svg: String?

  @OptionGroup var output: JSONOptions

  func validate() throws {
    guard from >= 1e-12, to <= 1e6, from < to else {
      throw ValidationError("--from and --to are learning rates from 1e-12 to 1e6, the lower first")
    }
    try require(steps, in: 20...100_000, for: "--steps")
  }

  func run() {
    runWithMPI(waiting) { world in
      let console = Console()
      let tellsPeople = !output.isJSON && world.communicator.isFirst
      try world.communicator.onFirst { try FileExists.check(svg, option: "--svg") }
      let test = try RangeTestRun.prepare(
        world: world, recipe: { try options.makeRecipe(saved: nil) },
        .init(from: from, to: to, steps: steps))
      if tellsPeople { tell(test, waiting.telling.account(on: console)) }
      let found = try test.run { progress in
        "lr \(NumberText.short(progress.learningRate)), \(NumberText.loss(progress.loss))"
      }
      guard let (curve, taken, end) = found else { return .done }
      if output.isJSON {
        print(
          try JSONText.encode(
            Document(curve, end, test.checked.experiment.recipe), inSnakeCase: true))
      } else {
        tell(curve, taken, end, test.checked.experiment.recipe, console)
      }
      if let svg {
        try chart(curve, test).write(to: svg)
        if tellsPeople { console.line("written   \(svg)") }
      }
      return .done
    }
  }

  private func tell(_ test: RangeTestRun, _ console: Console) {
    let recipe = test.checked.experiment.recipe
    console.line(
      "lr-find   \(recipe.model.name), \(steps) steps from \(NumberText.short(from)) to "
        + "\(NumberText.short(to)), of \(recipe.training.globalBatch) of \(test.splits.train.count) photos each"
    )
    if test.hasGrown {
      console.line(
        "batch     grown to \(recipe.training.globalBatch) photos a step, so that each rank has a "
          + "micro-batch: on other numbers of ranks, the learning rate is another")
    }
    if test.leavesLaterEpochsOut {
      console.line(
        "epochs    all steps are as in the first: what is frozen, mixed and resized there stays so")
    }
    for line in test.checked.experiment.photoLines { console.line(line) }
    for note in test.notes { console.remark("weights   \(note)") }
  }

  private func tell(
    _ curve: RateCurve, _ taken: Int, _ end: RangeTestRun.End, _ recipe: Recipe, _ console: Console
  ) {
    console.line()
    console.text(RateChart.text(curve.points, marked: curve.valley))
    console.line()
    let why =
      switch end {
      case .allSteps: "all steps were taken"
      case .diverged: "the loss was four times its least"
      case .notFinite: "the loss or a gradient was not finite any more"
      }
    console.line("ended     after step \(taken): \(why)")
    for (name, point) in [("valley    ", curve.valley), ("steepest  ", curve.steepest)] {
      guard let point else { continue }
      console.line(
        "\(name)\(NumberText.short(point.learningRate)), at a smoothed loss of "
          + NumberText.fixed(point.smoothedLoss, 4))
    }
    if let valley = curve.valley {
      let rate = recipe.learningRate(forPeak: valley.learningRate)
      let isScaled = rate != valley.learningRate
      console.line(
        "next      --set optimizer.learning-rate=\(NumberText.short(rate))"
          + (isScaled ? ", which optimizer.scale-learning-rate makes the valley's" : ""))
    } else if curve.points.count <= steps / 10 + 5 {
      console.line("next      these are too few steps for a suggestion: try a lower --from")
    } else {
      console.line(
        "next      the loss fell nowhere: try a lower --from, or more --steps; are the photos' labels right?"
      )
    }
  }

  private func chart(_ curve: RateCurve, _ test: RangeTestRun) -> LineChart {
    let marks = [("valley", curve.valley, "#2a7"), ("steepest", curve.steepest, "#c60")]
    return LineChart(
      title: "\(test.checked.experiment.recipe.model.name): loss by learning rate",
      xTitle: "learning rate", yTitle: "loss",
      curves: [
        LineChart.Curve(
          name: "each step", points: curve.points.map { ($0.learningRate, $0.loss) },
          colour: "#aac", isLine: false),
        LineChart.Curve(
          name: "smoothed", points: curve.points.map { ($0.learningRate, $0.smoothedLoss) },
          colour: "#247", isLine: true),
      ],
      marks: marks.compactMap { name, point, colour in
        point.map {
          LineChart.Mark(
            name: "\(name) \(NumberText.short($0.learningRate))", x: $0.learningRate,
            colour: colour)
        }
      }, yRange: RateChart.range(of: curve.points))
  }

  private struct Document: Encodable {
    let end: RangeTestRun.End
    let points: [RateCurve.Point]
    /// The learning rates that are suggested; left out where there are none.
    let valley: Double?
    let steepest: Double?
    /// What `optimizer.learning-rate` is to be set to for the valley.
    let suggested: Double?

    init(_ curve: RateCurve, _ end: RangeTestRun.End, _ recipe: Recipe) {
      self.end = end
      points = curve.points
      valley = curve.valley?.learningRate
      steepest = curve.steepest?.learningRate
      suggested = valley.map { recipe.learningRate(forPeak: $0) }
    }
  }
}
