import Datasets
package import Evaluation
package import Images
package import Tensors

extension EnsemblePass {
  /// The same members with other views of each photo.
  ///
  /// - Parameter views: each member's, indices into the pipelines.
  package func seeing(_ views: [Views], by pipelines: [Pipeline]) -> EnsemblePass {
    precondition(views.count == members.count, "\(views.count) views of \(members.count) members")
    var pass = self
    pass.pipelines = pipelines
    for (index, views) in views.enumerated() { pass.members[index].views = views }
    return pass
  }

  /// What the members say of one photo that is in no list, an atom of its own, and where they look. Makes no call of
  /// MPI's, so any thread may, with a pool of its own.
  ///
  /// - Parameter views: `[1, H, W, C]` by each pipeline, for the first place of an epoch's list.
  package func answer(
    _ views: [Tensor], called name: String, showing: Bool, on pool: ThreadPool
  ) throws -> (Predictions, HeatMap?) {
    var pass = self
    pass.pool = pool
    pass.dataset = Dataset(unlabelled: [name], classes: none.classes)
    let request = BatchRequest(epoch: 0, positions: 0..<1, of: [0], by: pipelines)
    let batch = Batch(request: request, views: views, labels: [0], failures: [:])
    var map: HeatMap?
    let answer = try pass.answers(to: batch, showing: showing ? { map = $0 } : nil)
    // As a list of photos is answered: one member's answer is all's.
    let isOne = members.count == 1 && mix == nil
    return ((isOne ? answer.0[0] : answer.together).averaged.predictions, map)
  }
}
