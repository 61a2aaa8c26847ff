import ArgumentParser

/// Whether a command goes on with what is in its folder.
enum Resume: String, ExpressibleByArgument, CaseIterable { case auto }
