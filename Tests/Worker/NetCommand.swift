import Differentiation
import Interchange
import Kernels
import Models
import NeuralNetworks
import Tensors

/// `net NAME CLASSES IN OUT`: the catalogue's model on a batch, for `Tests/Golden/check_nets.py` to
/// compare with PyTorch; that script's docstring lists the tensors of both files.
func runNet(_ arguments: [String]) throws {
  let (name, classes) = (arguments[0], Int(arguments[1]) ?? 0)
  let input = try SafetensorsFile(path: arguments[2])
  func tensor(_ name: String) throws -> Tensor {
    let entry = try input.entry(named: name)
    return Tensor(try input.floats(entry), shape: entry.shape)
  }
  let images = try tensor("input")
  let labels = try input.values(try input.entry(named: "labels"), as: Int64.self).map { Int($0) }
  guard
    let model = ModelCatalogue.model(
      named: name, channels: 3, classes: classes, imageSize: images.shape[1])
  else { preconditionFailure("no model \(name)") }
  let weights = FlatStore.weights(model.layout)
  for entry in model.layout.entries {
    try input.read("state.\(entry.name)", as: entry, into: weights.pointer + entry.offset)
  }
  let pool = ThreadPool(threads: 2)

  let evaluation = Tape(Parameters(weights: weights), mode: .evaluation, pool: pool)
  let evaluated = model.network(Variable(images, needsGradient: false), on: evaluation).value
  let gradient = FlatStore.gradient(model.layout)
  let training = Tape(
    Parameters(weights: weights, gradient: gradient), mode: .training, pool: pool)
  let logits = model.network(Variable(images, needsGradient: false), on: training)
  let sums = CrossEntropyLoss(labelSmoothing: 0)(logits, Targets(labels), on: training)
  training.backward()

  // Gradients and statistics are sums over samples here.
  let samples = Float(labels.count)
  for entry in model.layout.entries {
    for i in entry.range {
      gradient.pointer[i] /= samples
      if entry.kind == .statistic {
        let old = weights.pointer[i]
        gradient.pointer[i] = old + Float(BatchNorm.momentum) * (gradient.pointer[i] - old)
      }
    }
  }
  let output = try SafetensorsWriter(
    path: arguments[3],
    entries: [
      SafetensorsEntry("eval_logits", .f32, evaluated.shape),
      SafetensorsEntry("train_logits", .f32, logits.shape), SafetensorsEntry("loss", .f32, []),
    ]
      + model.layout.entries.map {
        let group = $0.kind == .statistic ? "running" : "gradient"
        return SafetensorsEntry("\(group).\($0.name)", .f32, $0.torchShape)
      })
  try output.write(evaluated.values)
  try output.write(logits.value.values)
  try output.write([Float(sums.loss / sums.weight)])
  for entry in model.layout.entries {
    try output.write(entry.torchValues(gradient.pointer + entry.offset))
  }
  try output.finish()
}
