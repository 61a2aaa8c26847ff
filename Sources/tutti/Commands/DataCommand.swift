import ArgumentParser

/// What can be done with photos besides training on them.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract:
      "Looks at photos before they are trained on, sets some apart, packs them, and doubts labels.",
    subcommands: [
      DataDoubts.self, DataInspect.self, DataPack.self, DataPreview.self, DataSplit.self,
      DataUnpack.self,
    ])
}
