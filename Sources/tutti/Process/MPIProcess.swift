import DataParallel
import Glibc
import MPI
import Training

/// Runs a command on all ranks and ends the process with its exit code.
///
/// An error that all ranks know of ends them in good order, after one line by rank 0; any other ends
/// all ranks at once, after one line by the rank that met it.
func runWithMPI(
  collectiveTimeout: Int? = MPI.defaultCollectiveTimeout, _ body: (World) throws -> ExitCode
) -> Never {
  StopSignals.release()
  let world: World
  do {
    world = try MPI.initialize(collectiveTimeout: collectiveTimeout)
  } catch {
    endProcess(with: ExitCode(for: error), saying: "\(error)")
  }
  nameProcess(rank: world.communicator.rank)
  do {
    let code = try body(world)
    try world.finalize()
    exit(code.rawValue)
  } catch let error as AgreedError {
    // Said before any rank ends, since mpirun then kills the others.
    if world.communicator.isFirst { say(error.description) }
    try? world.finalize()
    exit(error.exitCode.rawValue)
  } catch {
    world.fail("\(error)", code: ExitCode(for: error).rawValue)
  }
}

/// Ends the process after a line on standard error.
func endProcess(with code: ExitCode, saying message: String) -> Never {
  say(message)
  exit(code.rawValue)
}

func say(_ message: String) {
  let line = Array("tutti: \(message)\n".utf8)
  _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
