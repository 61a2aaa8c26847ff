import ArgumentParser

/// Whether a command prints for people or for programs.
struct JSONOptions: ParsableArguments {
  @Flag(name: .customLong("json"), help: "Prints one JSON document and nothing else.")
  var isJSON = false
}
