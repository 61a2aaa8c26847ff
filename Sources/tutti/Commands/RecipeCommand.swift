import ArgumentParser
import DataParallel
import Experiments
import Files
import Recipes
import Reporting
import Runs
import Training

struct RecipeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipe",
    abstract: "Checks, shows and compares recipes: files, or those that runs were made with.",
    discussion: """
      EXAMPLES
        Whether recipes can be used, before a job waits in a queue:
          tutti recipe check launch/recipes/*.yaml

        Whether this one can, with other settings:
          tutti recipe check launch/recipes/photos-lite0.yaml --set model.image-size=224

        Every key that a run was made with:
          tutti recipe show --resolved runs/a

        What two runs differ in:
          tutti recipe diff runs/a runs/b
      """,
    subcommands: [Check.self, Show.self, Diff.self])

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Says what is wrong with recipes; photos are not looked at.")

    @Argument(
      help: ArgumentHelp("Recipes, or runs' folders.", valueName: "file"), completion: .recipe)
    var files: [String]

    @OptionGroup var changes: RecipeSettingOptions

    func run() {
      StopSignals.release()
      let console = Console()
      var problems: [String] = []
      for file in files {
        do {
          let recipe = try Recipe(ofFileOrRun: file, overrides: changes.settings)
          // Whether the photos are grey and how many classes there are makes no model unknown.
          _ = try recipe.takingNetOfWeights().makeModel(channels: 3, classes: 2)
          console.line("\(file): good, \(recipe.changedSettings.count) keys not at their defaults")
        } catch {
          problems += harmlessLines(of: error)
        }
      }
      if !problems.isEmpty {
        endProcess(with: AgreedError(lines: problems, exitCode: .unusableInput))
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints the keys of a recipe that are not at their defaults, as a recipe.")

    @Flag(help: "Prints every key.")
    var resolved = false

    @Argument(
      help: ArgumentHelp("A recipe, or a run's folder.", valueName: "file"), completion: .recipe)
    var file: String

    @OptionGroup var changes: RecipeSettingOptions

    func run() {
      runAlone {
        let recipe = try Recipe(ofFileOrRun: file, overrides: changes.settings)
        let changed = recipe.changedSettings
        // A recipe without a section would be an empty file, which is taken for a mistake.
        let brief = changed.isEmpty ? "{}  # every key is at its default\n" : Recipe.yaml(changed)
        print(resolved ? recipe.resolved : brief, terminator: "")
      }
    }
  }

  struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the keys in which two recipes differ.")

    @Argument(
      help: ArgumentHelp("A recipe, or a run's folder.", valueName: "a"), completion: .recipe)
    var first: String

    @Argument(help: ArgumentHelp("Another one.", valueName: "b"), completion: .recipe)
    var second: String

    func run() {
      runAlone {
        let differences = Recipe.differences(
          old: try Recipe(ofFileOrRun: first), new: try Recipe(ofFileOrRun: second))
        let console = Console()
        if differences.isEmpty { return console.line("no key differs") }
        func tell(_ title: String, _ part: [Recipe.Difference]) {
          if part.isEmpty { return }
          let rows = part.map { ["  \($0.key)", "\($0.old) → \($0.new)"] }
          console.line(title)
          console.text(TextTable.aligned(rows, textColumns: [0, 1]))
        }
        tell("these affect results:", differences.filter(\.affectsResults))
        tell("these don't:", differences.filter { !$0.affectsResults })
      }
    }
  }
}

extension CompletionKind {
  /// A recipe's file, or a folder on the way to one or of a run.
  static var recipe: CompletionKind { .file(extensions: ["yaml", "yml"]) }

  /// `training.epochs` and so on; shells would write the `=` after it as `\=`.
  static var recipeKeys: CompletionKind {
    .list((try? Recipe()).map { ($0.settings + $0.idleSettings).map(\.key) } ?? [])
  }
}
