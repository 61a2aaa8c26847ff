import ArgumentParser
import DataParallel
import Experiments
import MPI
import Reporting

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a trained model as a file for other programs.",
    discussion: """
      onnx         the net and its weights, for ONNX Runtime and others: images input[N,3,H,W] to \
      logits[N,classes], for any N. Several models become one file, which gives the mean of their \
      probabilities.
      safetensors  the weights under PyTorch's names, with metadata.
      torch        the weights as torch.load(FILE, weights_only=True) reads them, for \
      load_state_dict of torchvision's or timm's net.

      Class names and how images are made of photos are in the files, where tutti predict finds them; \
      docs/export.md shows how to use them. The same model gives the same bytes. One rank does the work.

      EXAMPLES
        tutti export --model runs/a --to onnx --output a.onnx
        tutti export --model runs/cv --to onnx --output ensemble.onnx
        tutti export --model runs/a@last --to torch --output a.pt
      """)

  @OptionGroup var asked: ModelOptions

  @Option(help: ArgumentHelp("onnx, safetensors or torch.", valueName: "format"))
  var to: ExportRun.Format

  @Option(help: ArgumentHelp("The file to write.", valueName: "file"), completion: .file())
  var output: String

  @Flag(help: "Replaces the file if it is there already.")
  var force = false

  @Flag(
    help:
      "onnx: leaves batch normalisations as they are, instead of folding them into convolutions.")
  var keepBatchNorm = false

  @Flag(
    name: [.customLong("softmax"), .customLong("probabilities")],
    help: ArgumentHelp(
      "onnx: gives probabilities[N,classes] in the place of logits, as several models do anyway: the softmax, or "
        + "sigmoids where photos have several labels."))
  var softmax = false

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "How a file of weights is read: model.averaged=false or model.loading=partial.",
      valueName: "key=value"),
    completion: .recipeKeys)
  var settings: [String] = []

  @OptionGroup var waiting: WaitOptions

  func validate() throws {
    if to != .onnx && (keepBatchNorm || softmax) {
      throw ValidationError(
        "--keep-batch-norm and --softmax say what an ONNX file computes; a \(to.rawValue) file holds "
          + "weights alone")
    }
    let reading = [
      "model.averaged=", "model.loading=", "evaluation.threshold=", "evaluation.thresholds=",
      "average.decides=",
    ]
    if let other = settings.first(where: { !reading.contains(where: $0.hasPrefix) }) {
      throw ValidationError(
        "--set \(other): a model is exported as it is; only how its weights are read can be set, by "
          + "model.averaged, model.loading and average.decides, and thresholds of several labels, by "
          + "evaluation.threshold and evaluation.thresholds")
    }
  }

  func run() throws {
    runWithMPI(waiting) { world in
      let export = try ExportRun.run(
        world: world, models: asked.models, settings: settings, to: to, output: output,
        replaces: force,
        options: ExportRun.GraphOptions(
          foldsNormalizations: !keepBatchNorm, givesProbabilities: softmax),
        version: Tutti.configuration.version)
      guard world.communicator.isFirst else { return .done }
      for note in export.notes { say(note) }
      let models = export.models.count
      Console().line(
        "\(output): "
          + (models == 1
            ? export.models[0] : "\(models) models, of \(asked.models.joined(separator: ", "))"))
      return .done
    }
  }
}

extension ExportRun.Format: ExpressibleByArgument {}
