package import Evaluation
import Runs

/// A fold of a member: what a team trains at a time.
package struct CrossvalFold {
  let member: CrossvalMember
  let fold: Int

  /// `fold 3`; in a set `resnet50-seed-1 fold 3`.
  package var label: String { (member.name.map { "\($0) " } ?? "") + "fold \(fold)" }

  var folder: RunFolder { member.folder.run(ofFold: fold) }
}

/// News of a fold besides its training.
package enum FoldNews: Sendable {
  /// A checkpoint that was passed over, or a key of the recipe that was changed.
  case note(String)
  /// The scores of the photos that were held out.
  case heldOut(ViewedScores)
}
