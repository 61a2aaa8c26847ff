import ArgumentParser
import DataParallel
import Experiments
import Files
import Glibc
import MPI
import Reporting
import Training

struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Looks at the machines and tests MPI; exits with 1 if something is wrong.",
    discussion: """
      Under mpirun it looks at each host and measures between the ranks. Bandwidths are those of \
      messages of 4 MB, to and fro: inside a host from its first to its last rank, and from the first \
      host to each other one.

      EXAMPLES
        tutti doctor
        mpirun -n 8 --hostfile hosts tutti doctor --json
      """)

  @OptionGroup var output: JSONOptions

  @OptionGroup var waiting: WaitOptions

  @Flag(
    help: ArgumentHelp(
      "Prints how many cores and NUMA nodes there are to be used here, and does no more.",
      visibility: .hidden))
  var places = false

  func run() {
    // For launch/local.
    if places { return print(Cores.usable, Cores.nodesInMask) }
    StopSignals.release()
    let launcher = MPILauncher.find()
    runWithMPI(waiting) { world in
      let findings = try DoctorFindings.look(world: world, launcher: launcher)
      if world.communicator.isFirst {
        if output.isJSON {
          let document = Document(findings, launcher, ranks: world.communicator.size)
          print(try JSONText.encode(document, indented: true, inSnakeCase: true))
        } else {
          Console().text(text(findings, launcher, ranks: world.communicator.size))
        }
      }
      return findings.problems.isEmpty ? .done : .failed
    }
  }

  private struct Document: Encodable {
    let version = Tutti.configuration.version
    let mpirun: MPILauncher?
    let ranks: Int
    let coresUsed: Int
    let coresAvailable: Int
    let hosts: [DoctorFindings.Host]
    let problems: [String]

    init(_ findings: DoctorFindings, _ launcher: MPILauncher?, ranks: Int) {
      mpirun = launcher
      self.ranks = ranks
      coresUsed = findings.cores.used
      coresAvailable = findings.cores.available
      hosts = findings.hosts
      problems = findings.problems
    }
  }

  private func text(_ findings: DoctorFindings, _ launcher: MPILauncher?, ranks: Int) -> String {
    guard let first = findings.hosts.first else { return "" }
    let lines = [
      "tutti     \(Tutti.configuration.version)",
      "cpu       \(first.processor)",
      "cores     \(ranks) rank\(ranks == 1 ? "" : "s") would use \(findings.cores.used) of "
        + "\(findings.cores.available) cores",
      "mpi       \(first.mpi); threads: \(first.threadLevel)",
      "mpirun    " + (launcher.map { "\($0.path), \($0.version)" } ?? "none in PATH"),
      "blas      \(first.blas)",
      "numbers   denormals are \(first.flushesDenormals ? "" : "not ")flushed to zero",
    ]
    let head = [
      "host", "ranks", "cores", "mask", "quota", "threads", "free", "inside", "to first host",
    ]
    let rows = findings.hosts.map { host in
      [
        host.name, "\(host.ranks)", "\(host.cores)", "\(host.coresInMask)",
        host.quota.map { NumberText.fixed($0, 1) } ?? "–", "\(host.threads)",
        host.freeBytes.map { ByteCount($0).description } ?? "–", rate(host.bandwidthInside),
        rate(host.bandwidthToFirst),
      ]
    }
    let verdict =
      findings.problems.isEmpty
      ? ["nothing is wrong"] : findings.problems.map { "problem   \($0)" }
    return (lines + ["", TextTable.aligned([head] + rows)] + verdict).joined(separator: "\n") + "\n"
  }

  private func rate(_ bytesPerSecond: Double?) -> String {
    bytesPerSecond.map { "\(ByteCount(Int($0)))/s" } ?? "–"
  }
}
