package import Datasets
import Files
import FoundationEssentials

/// Why a run's folder or a model can't be used.
package enum RunError: UnusableInput, Equatable, CustomStringConvertible {
  case exists(String)
  /// There are files and no run.
  case notEmpty(String)
  case notWritable(String, reason: String)
  /// Another process works in it; who, as its lock file says.
  case inUse(String, by: RunLock.Holder?, lock: String)
  /// The recipe on resuming differs in keys that affect results.
  case recipeChanged(path: String, [String])
  /// With the classes that have come and gone since.
  case dataChanged(path: String, added: [String], removed: [String])
  /// `recipe.yaml` was edited.
  case recipeEdited(path: String)
  /// The steps would be others, and none of them is taken yet.
  case forkInFirstEpoch(path: String)
  case forkAtTheEnd(path: String, epochs: Int)
  /// A fork by another optimizer, which has no use for what the old one remembers.
  case otherOptimizer(path: String, old: String, new: String)
  /// A run that is there already can't become a fork.
  case notAFork(path: String, origin: String)
  /// The file says nothing of a fork.
  case damagedFork(String)
  /// All checkpoints were rejected, or there is none to fork from.
  case noGoodCheckpoint(path: String, [String])
  /// The newest checkpoint was rejected, and a model is not to be taken from an older one in silence.
  case damaged(path: String, [String])
  case noFolder(String)
  case noModel(String)
  /// Neither a run's nor a cross-validation's folder where one was to be.
  case noRun(String)
  /// Several models in one folder, and where they are.
  case several(String, [String])
  /// A model that was made of others has no steps; what it is, such as `an average`.
  case notTrained(String, String)
  /// No step of it is noted.
  case nothingMeasured(String)
  /// `scores.json` isn't what was written.
  case damagedScores(String)
  /// A model was named where photos were expected.
  case modelAmongPhotos(String)
  /// A pack among other paths of photos.
  case packAmongPhotos(String)
  /// A path of no characters where a photo's was to be.
  case emptyPath
  /// A cross-validation is where a training was expected.
  case isCrossval(String)
  /// A probe is where a training was expected, or another probe's folder was to be.
  /// A folder of what no training goes on from, such as `a probe`.
  case isModel(String, String)
  /// `origin.json` isn't what was written.
  case damagedOrigin(String)
  case classes(model: [String], data: [String], path: String)
  /// Of photos that bring splits of their own, or of those that the recipe cuts.
  case emptySplit(Split, isGiven: Bool)
  /// Where one model is wanted, a cross-validation's folder.
  case severalModels(String)
  case unfinishedFold(Int, path: String)
  /// Models that don't know the same classes in the same order: the path and classes of two.
  case classesDiffer(String, [String], String, [String])
  /// Two models whose photos of a split aren't the same.
  case otherPhotos(Split, String, String)
  /// Photos of a cross-validation that some of its models were trained on; the path of one of them.
  case seenByFolds(Split, String)
  case grey(String)
  /// A class that is called as what photos of none are.
  case noneIsAClass(String)
  /// Photos with several labels, of which the model takes one, or the other way round; what was found, and where.
  case otherLabels(String, takesSeveral: Bool, found: String)
  /// `--reject` of a model that asks for each label by itself.
  case rejectsOfSeveralLabels(String)
  /// Two models whose recipes average views and models in two ways.
  case settingsDiffer(String, String, String, String, key: String)

  /// Where a run is to be written, and whether somebody writes there, isn't input.
  package var isOfInput: Bool {
    switch self {
    case .inUse, .notWritable: false
    default: true
    }
  }

  package var description: String {
    switch self {
    case .exists(let path):
      "\(path) exists already; name another folder with --run, or go on with --resume auto"
    case .notEmpty(let path):
      "\(path) has files in it but no run (no recipe.yaml); name another folder with --run"
    case .notWritable(let path, let reason):
      "\(path) can't be written to: \(reason); name another folder with --run, or give access"
    case .inUse(let path, let holder, let lock):
      "\(path) is in use"
        + (holder.map { holder in
          " by process \(holder.process) on host \(holder.host) since "
            + holder.since.formatted(.iso8601)
        } ?? " by another process")
        + "; wait for it, or name another folder with --run; if that process is gone for good, remove "
        + Paths.shellQuoted(lock)
    case .recipeChanged(let path, let keys):
      "\(path) was begun with another recipe, and these keys affect results: "
        + keys.joined(separator: ", ") + "; set them back, or "
        + (keys.contains { $0.hasPrefix("model.") || $0.hasPrefix("optimizer.name ") }
          ? "begin anew with another --run"
          : "add --fork NEW for a new run that goes on from here with the new recipe")
    case .dataChanged(let path, let added, let removed):
      "the photos are not those that \(path) was trained on: "
        + (added.isEmpty && removed.isEmpty
          ? "names, sizes or folders differ"
          : [("with a class", added), ("without the class", removed)].filter { !$0.1.isEmpty }
            .map { "\($0)\($1.count > 1 ? "es" : "") \(few($1))" }.joined(separator: ", "))
        + "; make them as they were, or evaluate others with --data FOLDER, or train a new run from here "
        + "with tutti train --fork NEW"
    case .recipeEdited(let path):
      "\(path)/recipe.yaml was changed after the run's last checkpoint, in keys that affect results; "
        + "put it back, or start a new run with another --run"
    case .forkInFirstEpoch(let path):
      "\(path) has not finished its first epoch, and the new recipe gives that epoch other steps, so "
        + "there is nothing to go on from; start a new run with another --run"
    case .forkAtTheEnd(let path, let epochs):
      "\(path) is at the end of epoch \(epochs), and the new recipe has no more; set training.epochs "
        + "to more than \(epochs)"
    case .otherOptimizer(let path, let old, let new):
      "\(path) was trained by \(old), and \(new) can't go on with what that remembers; begin a new run "
        + "from its weights: --run NEW --set \(Paths.shellQuoted("model.weights=\(path)"))"
    case .notAFork(let path, let origin):
      "\(path) exists already and was not forked from \(origin); name another folder with --fork"
    case .damagedFork(let path):
      "\(path) is damaged; restore it from a copy, or remove it: the run then goes on as one that was "
        + "never forked"
    case .noGoodCheckpoint(let path, let reasons):
      "\(path) has no checkpoint that can be used: "
        + (reasons.isEmpty
          ? "none was written yet, the first comes with the end of the first epoch; wait for it, or go "
            + "on with the run by --resume auto"
          : reasons.joined(separator: "; ") + "; restore one, or start a new run with another --run")
    case .damaged(let path, let reasons):
      "the newest checkpoint of \(path) can't be used: " + reasons.joined(separator: "; ")
        + "; name an older one, e.g. \(Paths.shellQuoted("\(path)/checkpoints/step-…"))"
    case .noFolder(let path):
      "\(path) is no folder that can be listed; name the one that runs are in"
    case .modelAmongPhotos(let path):
      "\(path) is a model, not photos; for an ensemble repeat the option: --model A "
        + "--model \(Paths.shellQuoted(path))"
    case .packAmongPhotos(let path):
      "\(path) is a pack, which is predicted by itself; leave out the other paths"
    case .emptyPath:
      "one of the photos' paths is empty, as an unset variable is; name files, folders or patterns"
    case .isCrossval(let path):
      "\(path) is a cross-validation; go on with it by tutti crossval, or name another folder with --run"
    case .damagedOrigin(let path):
      "\(path) isn't what was written; make the model anew"
    case .isModel(let path, let kind):
      "\(path) is \(kind); name another folder with --run, and train from it with "
        + "--set \(Paths.shellQuoted("model.weights=\(path)"))"
    case .noModel(let path):
      "\(path) is neither a run's folder nor a checkpoint (a folder with state.json in it)"
    case .noRun(let path):
      "\(path) is no folder of a run, probe or cross-validation (no recipe.yaml)"
        + (path.contains("/checkpoints/")
          ? "; name the run, not its checkpoint" : "; tutti runs lists them")
    case .several(let path, let members):
      "\(path) holds several models; name one of them: \(few(members.map { Paths.shellQuoted($0) }, atMost: 6))"
    case .notTrained(let path, let kind):
      "\(path) is \(kind), of which no steps are noted; name the runs that it was made of: origin.json says which"
    case .nothingMeasured(let path):
      "\(path) has no steps in metrics.jsonl yet; wait for the first, or go on with the run by --resume auto"
    case .damagedScores(let path):
      "\(path) is damaged; restore it from a copy"
    case .classes(let model, let data, let path):
      "the model knows the classes \(few(model, atMost: 20)), but \(path) has "
        + few(data, atMost: 20) + "; give photos of the same classes with --data"
    case .emptySplit(let split, isGiven: true):
      "the photos bring splits and no \(split.rawValue) photos; choose another --split, name other photos "
        + "with --data, or put some aside before the next training: into the folder \(split.rawValue)/, or "
        + "as \(split.rawValue) in the manifest"
    case .emptySplit(let split, isGiven: false):
      "there are no \(split.rawValue) photos; choose another --split, or name other photos with --data; the "
        + "next training sets some aside by data.\(split.rawValue)"
    case .severalModels(let path):
      "\(path) is a cross-validation; name one of its models, e.g. "
        + Paths.shellQuoted("\(path)/folds/fold-0")
    case .unfinishedFold(let fold, let path):
      "fold \(fold) of \(path) isn't finished; go on with it first: tutti crossval --run "
        + "\(Paths.shellQuoted(path)) --resume auto"
    case .classesDiffer(let one, let classes, let other, let others):
      "\(one) knows the classes \(few(classes, atMost: 20)), but \(other) "
        + "\(few(others, atMost: 20)); an ensemble needs the same in the same order"
    case .otherPhotos(let split, let one, let other):
      "\(one) and \(other) don't have the same \(split.rawValue) photos, and some may be among the training "
        + "photos of either; name photos that neither has seen with --data"
    case .seenByFolds(let split, let path):
      "the \(split.rawValue) photos were trained on by some of the folds' models (\(path), …); take --split "
        + "test, or other photos with --data; what each photo's own fold says of it is in "
        + "predictions/oof.csv"
    case .settingsDiffer(let one, let value, let other, let otherValue, let key):
      "`\(key)` is \(value) in \(one), but \(otherValue) in \(other); say for all with "
        + "--set \(key)=\(Paths.shellQuoted(value))"
    case .noneIsAClass(let name):
      "the model has a class called `\(name)`, which is what --reject says of photos of none; leave "
        + "--reject out"
    case .otherLabels(let path, takesSeveral: false, let found):
      "\(found), and \(path) was trained on one label a photo; give each photo one, or evaluate a model that was trained "
        + "with data.labels: several"
    case .otherLabels(let path, takesSeveral: true, let found):
      "\(found), and \(path) was trained on several labels a photo; name a manifest (.csv) with the columns path and "
        + "label, such as a|b, or a pack that was made of one with --several-labels"
    case .rejectsOfSeveralLabels(let path):
      "\(path) was trained on several labels a photo, of which a photo may have none, and --reject is about a photo's "
        + "one class; leave it out, and raise evaluation.threshold or evaluation.thresholds"
    case .grey(let path):
      "\(path) was trained on grey images (IDX files), and tutti predict reads photos; score IDX files "
        + "with tutti evaluate --data"
    }
  }
}

extension RunError {
  /// Photos that changed after a training, with the classes of then and now.
  package static func dataChanged(
    path: String, from old: [String], to new: [String]
  ) -> RunError {
    func without(_ names: [String], _ others: [String]) -> [String] {
      names.filter { name in !others.contains { $0.isExactly(name) } }
    }
    return .dataChanged(path: path, added: without(new, old), removed: without(old, new))
  }
}
