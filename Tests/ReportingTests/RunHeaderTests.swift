import Reporting
import Testing

@Suite struct RunHeaderTests {
  @Test func `a run's first lines name folder, model, cores and photos`() {
    #expect(
      header(frozen: [(0, 11_176_512), (2, 0)]).lines == [
        "run       runs/a",
        "model     resnet18, 11,181,642 parameters, 2 classes",
        "frozen    11,176,512 of the parameters, in the first 2 epochs",
        "cores     2 ranks × 4 threads = 8 of 8 cores on 1 host",
        "photos  train  validation",
        "joy     1,200         300",
        "awe         9           1",
        "all     1,209         301",
      ])
  }

  @Test func `classes that are drawn more or less often have their shares`() {
    #expect(
      header(drawn: ([0.5, 0.5], 0.5613)).lines.suffix(5) == [
        "photos  train  validation    drawn",
        "joy     1,200         300   50.0 %",
        "awe         9           1   50.0 %",
        "all     1,209         301  100.0 %",
        "drawn     an epoch has about 56.1 % of the photos that are trained on, some several times",
      ])
  }

  @Test(
    arguments: [
      ([], nil), ([(0, 0)], nil), ([(0, 5)], "in all epochs"),
      ([(0, 5), (1, 0)], "in the first epoch"),
      ([(0, 5), (3, 0)], "in the first 3 epochs"),
      ([(0, 5), (1, 4), (3, 2)], "from epoch 2 on 4, from epoch 4 on 2"),
      ([(0, 5), (1, 4), (3, 0)], "from epoch 2 on 4, from epoch 4 on none"),
    ] as [([(Int, Int)], String?)])
  func `what is frozen has a line that says for how long`(
    frozen: [(Int, Int)], expected: String?
  ) {
    let line = header(frozen: frozen).lines.first { $0.hasPrefix("frozen") }
    #expect(line == expected.map { "frozen    5 of the parameters, \($0)" })
  }

  /// From a tenth of them on.
  @Test(arguments: [(8, 8, nil), (9, 10, nil), (90, 100, nil), (89, 100, 11), (1, 8, 7)])
  func `cores that lie idle are warned of`(used: Int, available: Int, idle: Int?) {
    let warning = header(used: used, available: available).lines.first {
      $0.hasPrefix("warning   ")
    }
    let start = idle.map { "warning   \($0) of the cores lie idle: add --bind-to none to mpirun" }
    #expect(warning?.prefix(while: { $0 != "," }) == start?[...])
  }

  @Test func `classes that a split has no photo of are warned of`() {
    let photos = [("joy", [1200, 300]), ("awe", [3, 0]), ("fear", [0, 0])]
    #expect(
      header(photos: photos).lines.suffix(2) == [
        "warning   no train photos of fear (0 in all): its scores say nothing of them; add photos of them",
        "warning   no validation photos of awe (3 in all), fear (0 in all): its scores say nothing of them; "
          + "add photos of them",
      ])
  }

  @Test(
    arguments: [
      (1, 1, 1, "1 rank × 1 thread = 8 of 8 cores on 1 host"),
      (3, 2, 2, "3 ranks × 2 threads = 8 of 8 cores on 2 hosts"),
    ])
  func `one rank, thread or host is singular`(ranks: Int, threads: Int, hosts: Int, text: String) {
    let lines = header(ranks: ranks, hosts: hosts, threads: threads).lines
    #expect(lines.contains("cores     \(text)"))
  }

  private func header(
    frozen: [(Int, Int)] = [], ranks: Int = 2, hosts: Int = 1,
    threads: Int = 4, used: Int = 8, available: Int = 8,
    photos: [(String, [Int])] = [("joy", [1200, 300]), ("awe", [9, 1])],
    drawn: (classes: [Double], photos: Double)? = nil
  ) -> RunHeader {
    RunHeader(
      model: "resnet18", parameters: 11_181_642,
      frozen: frozen.map { (firstEpoch: $0.0, count: $0.1) }, ranks: ranks, hosts: hosts,
      threads: threads, coresUsed: used, coresAvailable: available, folder: "runs/a",
      columns: ["train", "validation"], photos: photos.map { (name: $0.0, counts: $0.1) },
      drawn: drawn)
  }
}
