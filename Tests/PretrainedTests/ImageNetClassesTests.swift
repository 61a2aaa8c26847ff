import Testing
@testable import Pretrained

@Suite struct ImageNetClassesTests {
  /// By their places in torchvision's list.
  @Test(arguments: [
    (0, "tench"), (1, "goldfish"), (134, "crane bird"), (207, "golden retriever"), (281, "tabby"),
    (517, "crane"), (638, "maillot"), (639, "maillot tank suit"), (817, "sports car"),
    (999, "toilet tissue"),
  ])
  func `a place has its name`(place: Int, name: String) {
    #expect(ImageNetClasses.names[place] == name)
  }

  @Test func `there are a thousand, all different`() {
    #expect(ImageNetClasses.names.count == 1000)
    #expect(Set(ImageNetClasses.names).count == 1000)
    #expect(ImageNetClasses.names.allSatisfy { !$0.isEmpty && !$0.contains("\n") })
  }
}
