import Files
import Testing

@Suite struct NearestNameTests {
  @Test(arguments: [
    ("resnet-18", "resnet18"), ("resnet81", "resnet18"), ("ResNet18", "resnet18"),
    ("resnet5", "resnet50"), ("fear", "fear"), ("faer", "fear"), ("vit", nil), ("", nil),
    ("awful", nil), ("resnet1", "resnet18"), ("resnet", "resnet50"), ("res", nil),
  ])
  func `the nearest name is near, or none`(word: String, expected: String?) {
    #expect(nearestName(to: word, among: ["resnet50", "resnet18", "awe", "fear"]) == expected)
  }

  @Test func `the first of equals is taken`() {
    #expect(nearestName(to: "bat", among: ["cat", "rat"]) == "cat")
    #expect(nearestName(to: "bat", among: []) == nil)
  }
}
