import COpenMPI

/// What MPI lets threads do, in the standard's words: at least `funneled`, which `initialize`
/// wants.
package func threadLevel() throws(MPIError) -> String {
  var level: Int32 = 0
  try check(MPI_Query_thread(&level), "MPI_Query_thread")
  switch level {
  case Int32(MPI_THREAD_SINGLE): return "single"
  case Int32(MPI_THREAD_FUNNELED): return "funneled"
  case Int32(MPI_THREAD_SERIALIZED): return "serialized"
  default: return "multiple"
  }
}
