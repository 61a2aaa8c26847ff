import Files
import Models
package import NeuralNetworks

extension Recipe {
  /// The model of the recipe's name. Throws when there is none, or none for images that small.
  package func makeModel(channels: Int, classes: Int) throws(RecipeError) -> NeuralNetworks.Model {
    let name = model.name
    let least = ModelCatalogue.leastImageSize(of: name)
    if model.imageSize < least {
      throw error(
        at: "model.image-size",
        "\(model.imageSize) is too small for `\(name)`, which needs at least \(least)")
    }
    if let model = ModelCatalogue.model(
      named: name, channels: channels, classes: classes, imageSize: model.imageSize,
      head: model.head, dropout: model.dropout)
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
