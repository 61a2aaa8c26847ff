import ArgumentParser

/// How many labels a photo has.
struct LabelsOption: ParsableArguments {
  @Flag(
    name: .customLong("several-labels"),
    help: "Photos of the manifest have several labels, such as a|b, or none (data.labels: several)."
  )
  var areSeveral = false

  /// Nil: one, or as a pack has it.
  var wanted: Bool? { areSeveral ? true : nil }
}
