import Evaluation
import Images
import Support
import Tensors
import Testing

@Suite struct HeatMapTests {
  private func grey(_ side: Int, value: UInt8 = 0) -> Image {
    let pixels = [UInt8](repeating: value, count: side * side * 3)
    return Image(height: side, width: side, channels: 3, pixels: pixels)
  }

  @Test(arguments: ["resnet18", "mobilenetv3", "vit"])
  func `heat is PyTorch's`(net: String) throws {
    let golden = try Golden("heatmaps")
    let (map, expected) = (try golden.tensor("\(net).map"), try golden.tensor("\(net).heat"))
    let heat = (0..<map.shape[0]).flatMap {
      HeatMap(sample: $0, photo: grey(20), maps: [map], row: $0).heat
    }
    #expect(largestDifference(Tensor(heat, shape: expected.shape), expected) < 5e-6)
  }

  @Test func `models count alike whatever their scale and size`() {
    let maps = [
      Tensor([0, 0, 0, 8], shape: [1, 2, 2]), Tensor([0.5], shape: [1, 1, 1]),
      Tensor([0, 0, 0, 0], shape: [1, 2, 2]), Tensor([.infinity, 1], shape: [1, 1, 2]),
    ]
    let map = HeatMap(sample: 0, photo: grey(2), maps: maps, row: 0)
    #expect(map.heat == [0.25, 0.25, 0.25, 0.5])
  }

  /// The ends of the colours are #000004 and #FCFFA4.
  @Test func `the photo is seen under the heat`() {
    let maps = [Tensor([0, 1], shape: [1, 1, 2])]
    let map = HeatMap(sample: 0, photo: grey(2, value: 100), maps: maps, row: 0)
    #expect(map.overlay.pixels == [50, 50, 52, 176, 178, 132, 50, 50, 52, 176, 178, 132])
  }
}
