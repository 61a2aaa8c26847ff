import Files
import Training

/// Runs a command that needs no other ranks; an error ends the process with its exit code, after one
/// line.
///
/// - Parameter telling: whether people are shown what goes on; nil where nothing takes long.
func runAlone(_ telling: QuietOption? = nil, _ body: () throws -> Void) {
  StopSignals.release()
  telling?.showActivities()
  do {
    try body()
    try StandardStream.finish()
  } catch {
    endProcess(with: error)
  }
}
