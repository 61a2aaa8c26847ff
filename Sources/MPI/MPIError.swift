import COpenMPI
import Glibc

/// A call to MPI that failed, or that could not be made.
package struct MPIError: Error, CustomStringConvertible {
  /// The call, e.g. `MPI_Ialltoallv`.
  package let call: String
  /// What MPI says about it.
  package let cause: String
  /// The rank in `MPI_COMM_WORLD`; nil before MPI is there.
  package let rank: Int?
  package let host: String

  init(_ call: StaticString, _ cause: String) {
    self.call = call.description
    self.cause = cause
    host = hostName()
    var initialized: Int32 = 0
    var rank: Int32 = 0
    let known =
      MPI_Initialized(&initialized) == MPI_SUCCESS && initialized != 0
      && MPI_Comm_rank(tutti_mpi_world(), &rank) == MPI_SUCCESS
    self.rank = known ? Int(rank) : nil
  }

  package var description: String {
    "\(call) failed on \(rank.map { "rank \($0), " } ?? "")host \(host): \(cause)"
  }
}

/// The door to MPI: every return code passes through it.
func check(_ code: Int32, _ call: StaticString) throws(MPIError) {
  guard code != MPI_SUCCESS else { return }
  let text = withUnsafeTemporaryAllocation(
    of: CChar.self, capacity: Int(MPI_MAX_ERROR_STRING) + 1
  ) { buffer in
    buffer.initialize(repeating: 0)
    var length: Int32 = 0
    let known = MPI_Error_string(code, buffer.baseAddress, &length) == MPI_SUCCESS
    return known ? buffer.baseAddress.map { String(cString: $0) } : nil
  }
  throw MPIError(call, text ?? "error code \(code)")
}

/// The name of this machine, as its kernel has it.
package func hostName() -> String {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
    buffer.initialize(repeating: 0)
    guard let base = buffer.baseAddress, gethostname(base, 255) == 0 else { return "unknown" }
    return String(cString: base)
  }
}
