import Files
import Models

/// Why pretrained weights can't be used.
package enum PretrainedError: UnusableInput, Equatable, CustomStringConvertible {
  case notThere(String)
  /// Nothing is at the path of a model that was to be asked.
  case noModel(String)
  /// The digits in the file's name aren't its digest's.
  case digestInName(String, named: String, found: String)
  /// The file isn't the one that the recipe or the run began with.
  case changed(String, noted: String, found: String)
  /// What timm's JSON beside the file says, and can't be done.
  case config(String, String)
  /// timm's JSON beside the file, and why it can't be read.
  case damagedConfig(String, String)
  /// What a file of Tutti's says of itself under a key, and can't be so.
  case description(String, key: String, value: String)
  /// A file whose tensors suit no net.
  case noNet(String, tensors: Int)
  /// A file whose tensors are nearly a net's, what differs, and what would make it fit.
  case nearly(String, model: String, list: String, remedy: String)
  /// A file that has a net's tensors several times, below prefixes of which none is known.
  case severalNets(String, model: String, prefixes: [String])
  /// A file without averaged weights, where the raw ones were asked for.
  case noAverages(String)
  /// A net with a single output, which tells no classes apart.
  case oneOutput(String, model: String)
  /// A file that knows no classes, where it was to name some.
  case noHead(String, model: String)
  /// What the body makes of a photo isn't all finite numbers; the weights, and the photo.
  case featuresNotFinite(String, photo: String)
  /// The tensors aren't the model's; a list of them, the share of the model's that they are, and the
  /// net that they would suit.
  case mismatch(
    String, model: String, library: String, list: String, share: Double, suits: String?)

  /// That a file isn't there, and how to get it: from `launch/get-weights`, if it knows the file.
  private func missing(_ path: String, otherwise remedy: String) -> String {
    let fetchable = ["lite0", "lite1", "lite2"].first { path.contains("efficientnet-\($0)-") }
    return "\(path) is not there; "
      + (fetchable.map { "fetch it with launch/get-weights \($0)" } ?? remedy)
  }

  package var description: String {
    switch self {
    case .notThere(let path):
      missing(path, otherwise: "docs/weights.md says where to get weights")
        + ", or train from random values with --set model.weights=none"
    case .noModel(let path):
      missing(path, otherwise: "name a run's folder, a checkpoint or a file of weights")
    case .digestInName(let path, let named, let found):
      "\(path): its name says that its SHA-256 begins with \(named), but it begins with "
        + "\(found.prefix(8)): a damaged or incomplete download, to be fetched again; rename the file "
        + "if the digits mean something else"
    case .changed(let path, let noted, let found):
      "\(path) has the SHA-256 \(found.prefix(16))…, but model.weights-sha256 is \(noted.prefix(16))…: "
        + "put back the file that it was, or begin anew with another --run"
    case .config(let path, let what):
      "\(path) asks for \(what), which isn't possible here; change it there, or take the file away and "
        + "write resize and normalize into augment"
    case .damagedConfig(let path, let reason):
      "\(path) lies beside the weights as timm's JSON, and can't be read: \(reason); fetch it again, or "
        + "take it away and write resize and normalize into augment"
    case .description(let path, let key, let value):
      "\(path) says of itself that its \(key) is \(value.prefix(80)), which isn't possible here; export "
        + "the model again"
    case .nearly(let path, let model, let list, let remedy):
      "\(path) is nearly \(model): \(list); \(remedy)"
    case .severalNets(let path, let model, let prefixes):
      "\(path) has the tensors of \(model) several times, below \(few(prefixes)); keep one of them in "
        + "the file"
    case .noAverages(let path):
      "\(path) has no averaged weights beside the raw ones, so model.averaged=false changes nothing; leave it "
        + "out"
    case .oneOutput(let path, let model):
      "\(path) is \(model) with a single output, as a net that says yes or no by a sigmoid, and classes "
        + "are told apart here by a softmax over at least two; train a head with two classes from it: "
        + "model.weights=\(path)"
    case .noNet(let path, let tensors):
      "\(path) has \(tensors) tensors that suit none of the nets here: "
        + ModelCatalogue.names.joined(separator: ", ")
    case .noHead(let path, let model):
      "\(path) is \(model) without a head, so it knows no classes; train one with "
        + "model.weights=\(path)"
    case .featuresNotFinite(let path, let photo):
      "\(path) makes numbers of \(photo) that are not finite, so no head can be fitted to them; take "
        + "other weights, or prepare the photos as for these (augment)"
    case .mismatch(let path, let model, let library, let list, let share, let suits):
      "\(path) doesn't hold the weights of \(model), read by \(library)'s names: \(list); "
        + (suits.map { "all suit model.name=\($0)" }
          // Of a file that is mostly something else, what fits would hardly see anything.
          ?? (share < 0.5
            ? "it suits none of the nets here by its names; docs/weights.md says which files are read"
            : "--set model.loading=partial takes what fits and draws the rest from the seed"))
    }
  }
}
