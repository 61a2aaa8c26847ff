package import COpenMPI

/// A number that MPI can carry.
package protocol Element: BitwiseCopyable, Sendable {
  static var datatype: MPI_Datatype { get }
}

extension UInt8: Element {
  package static var datatype: MPI_Datatype { tutti_mpi_byte() }
}

extension Int64: Element {
  package static var datatype: MPI_Datatype { tutti_mpi_int64() }
}

extension Float: Element {
  package static var datatype: MPI_Datatype { tutti_mpi_float() }
}

extension Double: Element {
  package static var datatype: MPI_Datatype { tutti_mpi_double() }
}
