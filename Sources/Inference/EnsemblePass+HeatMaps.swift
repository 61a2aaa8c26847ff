import Datasets
import Evaluation
import Images
import NeuralNetworks

extension EnsemblePass {
  /// A pass over the plain view that can be asked afterwards where the member looks.
  func gradCAM(of member: Member, _ batch: Batch) -> GradCAM {
    GradCAM(
      member.network, images: batch.views[member.views.seen], parameters: member.parameters,
      pool: pool)
  }

  /// Shows where the members look for the class that they say together, photo by photo.
  func showHeatMaps(
    of batch: Batch, _ ensemble: Predictions, _ passes: [GradCAM],
    _ show: (HeatMap) throws -> Void
  ) throws {
    let usable = batch.labels.indices.filter { batch.failures[$0] == nil }
    var classes = batch.labels
    for (place, row) in usable.enumerated() { classes[row] = ensemble.predicted(place) }
    let maps = try passes.map { try $0.maps(of: classes) }
    let seen = members[0].views.seen
    for row in usable {
      try show(
        HeatMap(
          sample: batch.samples[row], photo: pipelines[seen].image(row, of: batch.views[seen]),
          maps: maps, row: row))
    }
  }
}
