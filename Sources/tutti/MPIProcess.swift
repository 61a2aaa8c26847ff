import Experiments
import Glibc
import MPI

/// Runs a command on all ranks and ends the process with its exit code.
///
/// An error that all ranks know of ends them in good order, after one line by rank 0; any other ends
/// all ranks at once, after one line by the rank that met it.
func runWithMPI(
  collectiveTimeout: Int? = MPI.defaultCollectiveTimeout, _ body: (World) throws -> ExitCode
) -> Never {
  let world: World
  do {
    world = try MPI.initialize(collectiveTimeout: collectiveTimeout)
  } catch {
    endProcess(with: ExitCode(for: error), saying: "\(error)")
  }
  do {
    let code = try body(world)
    try world.finalize()
    exit(code.rawValue)
  } catch let error as AgreedError {
    let message = world.communicator.rank == 0 ? error.description : nil
    try? world.finalize()
    endProcess(with: error.exitCode, saying: message)
  } catch {
    world.fail("\(error)", code: ExitCode(for: error).rawValue)
  }
}

/// Ends the process, with a line on standard error when there is something to say.
func endProcess(with code: ExitCode, saying message: String?) -> Never {
  if let message {
    let line = Array("tutti: \(message)\n".utf8)
    _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
  exit(code.rawValue)
}
