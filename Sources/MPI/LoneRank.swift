import Glibc

/// A process that found itself alone where its launcher started several: MPI and the launcher don't
/// know each other, and each process would train the whole model by itself.
package struct LoneRank: Error, CustomStringConvertible {
  let tasks: Int
  let variable: String

  package var description: String {
    "this process is alone on host \(hostName()), but \(variable) says that it is one of \(tasks): "
      + "srun and MPI don't reach each other. Start it with mpirun, or with srun --mpi=pmix; one "
      + "process alone with mpirun -n 1"
  }

  /// - Parameters:
  ///   - size: ranks that MPI knows of, nil before it is asked.
  ///   - variable: the environment's value of a name.
  static func check(
    size: Int?, variable: (String) -> String? = { getenv($0).map { String(cString: $0) } }
  ) throws(LoneRank) {
    // mpirun and PMIx pass on who the others are.
    if variable("OMPI_COMM_WORLD_SIZE") != nil || size ?? 1 > 1 { return }
    if size == nil, ["PMIX_RANK", "PMI_RANK"].contains(where: { variable($0) != nil }) { return }
    // The step of a job is what srun starts; the job may have more tasks.
    let names = ["SLURM_STEP_NUM_TASKS", "SLURM_NTASKS", "PMI_SIZE"]
    guard let name = names.first(where: { variable($0) != nil }),
      let tasks = variable(name).flatMap({ Int($0) }), tasks > 1
    else { return }
    throw LoneRank(tasks: tasks, variable: name)
  }
}
