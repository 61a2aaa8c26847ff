package import Interchange
package import Models
import NeuralNetworks
import Tensors

extension ModelCatalogue {
  /// A model for photos of its usual size.
  static func model(named name: String, classes: Int) -> Model? {
    model(
      named: name, channels: 3, classes: classes, imageSize: usualImageSize(of: name))
  }

  /// Our names of all tensors of a model with a plain head.
  package static func tensorNames(of name: String) -> [String] {
    model(named: name, classes: 1)?.layout.entries.map(\.name) ?? []
  }

  /// The model, if there is one, whose tensors are all in the file, and no others, but for heads.
  package static func name(suiting file: borrowing WeightsFile) -> String? {
    let shapes = Dictionary(uniqueKeysWithValues: file.entries.map { ($0.name, $0.shape) })
    let names = file.entries.map(\.name)
    return self.names.first { name in
      guard let model = model(named: name, classes: 1) else { return false }
      let map = NameMap(of: model.layout.entries.map(\.name), in: names)
      return map.unexpected.isEmpty
        && model.layout.entries.allSatisfy { entry in
          model.headNames.contains(entry.name)
            || map.names[entry.name].flatMap { shapes[$0] }?.hasSameAxes(as: entry.torchShape)
              == true
        }
    }
  }
}
