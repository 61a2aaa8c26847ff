import Training

/// Runs a command that needs no other ranks; an error ends the process with its exit code, after one
/// line.
func runAlone(_ body: () throws -> Void) {
  StopSignals.release()
  do {
    try body()
  } catch {
    endProcess(with: error)
  }
}
