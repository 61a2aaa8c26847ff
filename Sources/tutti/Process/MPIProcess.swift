import DataParallel
import Files
import Glibc
import MPI
import Training

/// Runs a command on all ranks and ends the process with its exit code.
///
/// An error that all ranks know of ends them in good order, after one line by rank 0; any other ends
/// all ranks at once, after one line by the rank that met it.
///
/// - Parameter canResume: whether the command has `--resume auto`.
func runWithMPI(
  _ waiting: WaitOptions, canResume: Bool = false, _ body: (World) throws -> ExitCode
) -> Never {
  StopSignals.release()
  let world: World
  do {
    world = try MPI.initialize(collectiveTimeout: waiting.limit, canResume: canResume)
  } catch {
    endProcess(with: error)
  }
  nameProcess(rank: world.communicator.rank)
  if world.communicator.isFirst { waiting.telling.showActivities() }
  do {
    let code = try body(world)
    try world.finalize()
    if code == .done {
      do { try StandardStream.finish() } catch { endProcess(with: error) }
    }
    exit(code.rawValue)
  } catch let error as AgreedError {
    // Said before any rank ends, since mpirun then kills the others.
    if world.communicator.isFirst { say(error.lines, .bad) }
    try? world.finalize()
    exit(error.exitCode.rawValue)
  } catch {
    StandardStream.erasePassing()
    world.fail(
      harmlessLines(of: error).joined(separator: "\n"), code: ExitCode(for: error).rawValue)
  }
}

/// Ends the process after the error's lines on standard error.
func endProcess(with error: any Error) -> Never {
  say(harmlessLines(of: error), .bad)
  exit(ExitCode(for: error).rawValue)
}
