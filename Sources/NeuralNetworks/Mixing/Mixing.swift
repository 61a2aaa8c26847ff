package import Tensors

/// Mixes the photos of a micro-batch two by two, and their targets with them: MixUp (Zhang et al. 2018) or
/// CutMix (Yun et al. 2019), as torchvision's and timm's.
///
/// What is drawn depends on the seed, the epoch and the place of the micro-batch's first photo in the
/// epoch's list alone, so any rank mixes it alike.
package struct Mixing: Equatable, Sendable {
  /// Whom a photo of a micro-batch of n is mixed with.
  package enum Pairing: String, CaseIterable, Sendable {
    /// The one before it, the first with the last; torchvision's.
    case roll
    /// The first with the last, the second with the last but one; timm's. One in the middle stays as it is.
    case flip
    /// Another order of the same photos, drawn at random; the original MixUp's. Some meet themselves.
    case shuffle
  }

  /// What has a λ of its own.
  package enum Share: String, CaseIterable, Sendable {
    case batch
    case pair
  }

  /// Of the distribution Beta(α, α) of MixUp's λ; 0: no MixUp.
  package var mixup: Double
  /// The same of CutMix.
  package var cutmix: Double
  /// Of a micro-batch to be mixed.
  package var probability: Double
  /// Of CutMix rather than MixUp, where there are both.
  package var switchProbability: Double
  package var pairing: Pairing
  package var share: Share
  /// From this epoch on, counted from 0, nothing is mixed.
  package var switchOffEpoch: Int?

  package init(
    mixup: Double = 0, cutmix: Double = 0, probability: Double = 1, switchProbability: Double = 0.5,
    pairing: Pairing = .roll, share: Share = .batch, switchOffEpoch: Int? = nil
  ) {
    self.mixup = mixup
    self.cutmix = cutmix
    self.probability = probability
    self.switchProbability = switchProbability
    self.pairing = pairing
    self.share = share
    self.switchOffEpoch = switchOffEpoch
  }

  /// Whether anything is mixed in an epoch, counted from 0.
  package func isActive(inEpoch epoch: Int) -> Bool {
    (mixup > 0 || cutmix > 0) && probability > 0 && epoch < switchOffEpoch ?? .max
  }

  /// What the first epoch does, in all epochs; nil where it mixes nothing.
  package var asInFirstEpoch: Mixing? {
    guard isActive(inEpoch: 0) else { return nil }
    var mixing = self
    mixing.switchOffEpoch = nil
    return mixing
  }

  /// Mixes images `[N, H, W, C]` in place.
  ///
  /// - Parameters:
  ///   - targets: what the photos are.
  ///   - position: the first one's, in the epoch's list.
  /// - Returns: the targets, with those of the partners where there are any.
  package func mix(
    _ images: Tensor, _ targets: Targets, seed: UInt64, epoch: Int, position: Int
  ) -> Targets {
    guard
      let plan = plan(
        count: targets.count, height: images.shape[1], width: images.shape[2], seed: seed,
        epoch: epoch, position: position)
    else { return targets }
    plan.apply(to: images)
    return plan.mixed(targets)
  }
}
