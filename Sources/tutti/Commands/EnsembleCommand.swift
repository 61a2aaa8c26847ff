import ArgumentParser

struct EnsembleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ensemble", abstract: "Ensembles of trained models, with weights.",
    subcommands: [EnsembleFitCommand.self])
}
