import ArgumentParser
import CProcessor
import DataParallel
import Files
import FoundationEssentials
import Images
import Kernels
import MPI

/// `environment.json` in a run's folder: where and with what it was last started. No result depends
/// on what it says but for the binary, the instruction sets, the BLAS, the JPEG and WebP libraries and
/// the C library's mathematics.
enum EnvironmentFile {
  private struct Content: Encodable {
    let version: String
    let binary: String
    let processor: String
    let blas: String
    let jpeg: String
    let webp: String
    let mathematics: String
    let mpi: String
    let host: String
    let hosts: Int
    let ranks: Int
    let threads: Int
    let coresUsed: Int
    let coresAvailable: Int
    let started: Date

    enum CodingKeys: String, CodingKey {
      case version, binary, processor, blas, jpeg, webp, mathematics, mpi, host, hosts, ranks,
        threads, started
      case coresUsed = "cores_used"
      case coresAvailable = "cores_available"
    }
  }

  static func write(to path: String, binary: String, _ cores: Cores, _ world: World) throws {
    let content = Content(
      version: Tutti.configuration.version, binary: binary,
      processor: String(cString: tutti_processor_description()), blas: BLAS.description,
      jpeg: LossyLibraries.jpeg, webp: LossyLibraries.webp,
      mathematics: MathLibrary.description, mpi: MPI.libraryVersion(), host: MPI.hostName(),
      hosts: world.topology.hosts.count,
      ranks: world.communicator.size, threads: cores.threads,
      coresUsed: cores.used,
      coresAvailable: cores.available, started: Date())
    try FileWriting.replace(path, withJSON: content, indented: true)
  }
}
