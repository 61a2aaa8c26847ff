import Files
import Models
package import NeuralNetworks

extension Recipe {
  /// The model of the recipe's name. Throws when there is none, or none for images that small.
  package func makeModel(channels: Int, classes: Int) throws(RecipeError) -> NeuralNetworks.Model {
    let name = model.name
    let least = ModelCatalogue.leastImageSize(of: name)
    let unit = ModelCatalogue.imageSizeUnit(of: name)
    let sizes =
      [("model.image-size", model.imageSize)]
      + (resizeSchedule ?? []).map { ("resize-schedule", $0.size) }
    for (key, size) in sizes {
      if size < least {
        throw error(at: key, "\(size) is too small for `\(name)`, which needs at least \(least)")
      }
      if size % unit != 0 {
        let (lower, upper) = (size / unit * unit, (size / unit + 1) * unit)
        throw error(
          at: key,
          "\(size) is no multiple of \(unit), the side of a patch of `\(name)`; take \(lower) or "
            + "\(upper)")
      }
    }
    if let model = ModelCatalogue.model(
      named: name, channels: channels, classes: classes, imageSize: model.imageSize,
      head: model.head, dropout: model.dropout, stochasticDepth: model.stochasticDepth)
    {
      return model
    }
    let guess = nearestName(to: name, among: ModelCatalogue.names).map { ", did you mean `\($0)`?" }
    throw error(
      at: "model.name",
      "unknown model `\(name)`\(guess ?? ";") there are "
        + ModelCatalogue.names.joined(separator: ", "))
  }
}
