import ArgumentParser
import Experiments

/// Tells the launch scripts how many ranks and threads suit a machine and a recipe.
struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints ranks and threads for a machine.", shouldDisplay: false)

  @Option(help: "Physical cores of the machine.")
  var cores: Int

  @OptionGroup var options: RecipeOptions

  @Option(name: .customLong("run")) var folder: String?
  @Option var resume: Train.Resume?

  func run() throws {
    do {
      let folder = self.folder.map { RunFolder(path: $0) }
      let saved = resume == .auto && folder?.holdsRun == true ? folder?.recipe : nil
      let experiment = try Experiment(options.makeRecipe(saved: saved))
      let fit = LaunchPlan.fit(microBatches: experiment.microBatchesPerStep, cores: cores)
      print(fit.ranks, fit.threads)
    } catch {
      endProcess(with: ExitCode(for: error), saying: "\(error)")
    }
  }
}
