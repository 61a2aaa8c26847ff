import Testing

@testable import MPI

@Suite struct MPILauncherTests {
  static let debian = "Open MPI v4.1.4, package: Debian OpenMPI, ident: 4.1.4, repo rev: v4.1.4"

  @Test(arguments: [
    ("mpirun (Open MPI) 4.1.4", debian, true),
    ("mpirun (Open MPI) 5.0.3", debian, false),
    ("mpirun (Open MPI) 4.1.40", debian, false),
    ("HYDRA build details: Version: 4.1.4", debian, false),
    ("", debian, false),
  ])
  func `mpirun belongs to the library of its make and version`(
    version: String, library: String, isRight: Bool
  ) {
    let launcher = MPILauncher(path: "/usr/bin/mpirun", version: version)
    #expect((launcher.problem(forLibrary: library) == nil) == isRight)
  }
}
