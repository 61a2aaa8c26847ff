import ArgumentParser
import Diagnosis
import Evaluation
import Files
import Reporting
import Runs

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says which of two models is right more often of the same photos, and by how much.",
    discussion: """
      It takes runs (with a table of their validation photos), cross-validations, probes, or tables with path, label \
      and p_<class> (tutti evaluate --csv). Photos are compared one by one: the differences of all metrics and of each \
      class's F1 with 95 % intervals (bootstrap; a group's photos are drawn together), McNemar's test, and over the folds \
      of two cross-validations the corrected interval of Nadeau and Bengio. tutti diagnose A B says what two runs' recipes \
      differ in. docs/compare.md tells more.

      EXAMPLES
        tutti compare runs/cv-a runs/cv-b
        tutti compare a.csv b.csv --metric balanced-accuracy --json
      """)

  @Argument(help: ArgumentHelp("A folder or a table.", valueName: "A"), completion: .file())
  var first: String

  @Argument(
    help: ArgumentHelp("Another one, of the same photos.", valueName: "B"), completion: .file())
  var second: String

  @Option(help: ArgumentHelp("What the verdict is by.", valueName: "name"))
  var metric = Metric.macroF1

  @OptionGroup var output: JSONOptions

  @OptionGroup var telling: QuietOption

  func run() {
    runAlone(telling) {
      let comparison = try Self.comparison(of: first, second, by: metric)
      if output.isJSON {
        print(try JSONText.encode(comparison, indented: true))
      } else {
        Console().text(ModelComparisonText.text(comparison))
      }
    }
  }
}

extension Compare {
  /// Of folders or tables.
  static func comparison(
    of first: String, _ second: String, by metric: Metric
  ) throws -> ModelComparison {
    let paired = try PairedComparison(
      first: LabelledPhotos(at: first), second: LabelledPhotos(at: second))
    guard let comparison = ModelComparison(first, second, paired, by: metric) else {
      throw NoValue(metric: metric.name)
    }
    return comparison
  }
}

private struct NoValue: UnusableInput, CustomStringConvertible {
  let metric: String

  var description: String {
    "\(metric) has no value for these photos; take another --metric, such as macro-f1"
  }
}

extension Metric: ExpressibleByArgument {
  public init?(argument: String) {
    guard let metric = Metric.ofOneLabel.first(where: { $0.name == argument }) else { return nil }
    self = metric
  }

  public var defaultValueDescription: String { name }

  public static var allValueStrings: [String] { ofOneLabel.map(\.name) }
}
