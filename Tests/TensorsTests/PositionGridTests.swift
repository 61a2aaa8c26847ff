import Support
import Tensors
import Testing

/// Against timm's `resample_abs_pos_embed` and PyTorch's autograd; `Tests/Golden/positions.py` made the
/// values.
@Suite struct PositionGridTests {
  /// Sums are in Double here and in Float there.
  static let tolerance = 1e-6

  @Test(arguments: [2, 3, 6]) func `positions agree with timm`(side: Int) throws {
    let golden = try Golden("positions")
    let embedding = try golden.tensor("embedding")
    let grid = PositionGrid(embedding.shape, height: side, width: side)
    let resampled = grid.resampled(embedding)
    #expect(resampled.shape == [1 + side * side, 3])
    #expect(
      largestDifference(resampled, try golden.tensor("\(side).resampled")) < Self.tolerance)
    let weights = try golden.tensor("\(side).weights")
    let gradient = grid.gradient(
      of: Tensor(weights.storage, shape: [1 + side * side, 3]))
    #expect(largestDifference(gradient, try golden.tensor("\(side).gradient")) < Self.tolerance)
  }

  @Test func `as many patches as positions take them as they are`() throws {
    let embedding = try Golden("positions").tensor("embedding")
    for (height, width) in [(4, 4), (2, 8)] {
      let grid = PositionGrid(embedding.shape, height: height, width: width)
      #expect(grid.resampled(embedding).values == embedding.values)
      #expect(grid.gradient(of: embedding).values == embedding.values)
    }
  }
}
