/// What `tutti help TOPIC` says of things that are about several commands: `tutti help topics` lists them.
struct HelpTopic {
  let name: String
  let summary: String
  let text: String

  /// What is printed for the words after `tutti`; nil where they ask for no topic.
  static func answer(to words: [String]) -> String? {
    guard words.count == 2, words[0] == "help" else { return nil }
    if words[1] == "topics" { return list }
    return all.first { $0.name == words[1] }.map { "\($0.summary)\n\n\($0.text)" }
  }

  private static var list: String {
    let width = all.map(\.name.count).max() ?? 0
    return "Topics, for tutti help TOPIC:\n\n"
      + all.map { topic in
        "  " + topic.name + String(repeating: " ", count: width - topic.name.count) + "  "
          + topic.summary
      }.joined(separator: "\n") + "\n\nOf a command, tutti help COMMAND says more."
  }

  static let all = [
    HelpTopic(
      name: "first-steps", summary: "From a folder of photos to a model.",
      text: """
          tutti data inspect photos                     what is there, what is damaged
          launch/get-weights lite0                      weights that have seen ImageNet
          launch/local probe photos --weights FILE      how far they get by themselves, in a minute
          launch/local train --recipe FILE --data photos --run runs/mine
          launch/local evaluate --model runs/mine       the scores of test photos
          launch/local predict --model runs/mine photo.jpg
          tutti serve runs/mine                         a page to drop photos on, and answers over HTTP

        docs/tutorial.md is an evening with one's own photos.
        """),
    HelpTopic(
      name: "photos", summary: "How photos are given, split and grouped.",
      text: """
        A folder with a folder for each class; train/, validation/ and test/ with such folders; a manifest (.csv) with path,
        label, and if need be split, group, fold, weight, p_CLASS; a pack; or IDX files. Without splits of their own, a tenth
        each validates and tests (data.validation, data.test). Photos of one group stay on one side (--group-by).

          tutti data split photos       a manifest to edit          tutti data pack photos photos.pack    a few large files
          tutti data preview photos     as a training sees them     tutti data doubts runs/cv             wrong labels

        docs/file-formats.md
        """),
    HelpTopic(
      name: "recipes", summary: "What a training does, key by key.",
      text: """
        A recipe is a YAML file; a key that it leaves out has its default, and --set KEY=VALUE changes one.

          tutti recipe show --resolved FILE     all keys with their values
          tutti recipe check FILE               what is wrong with it
          tutti recipe diff A B                 two recipes, or two runs
          tutti lr-find --recipe FILE --data photos

        launch/recipes has some to begin with, docs/recipe.md every key.
        """),
    HelpTopic(
      name: "resuming", summary: "Stopping, crashes, and going on.",
      text: """
        Ctrl-C, SIGTERM and SIGUSR1 stop after a checkpoint, with exit code 75. The same command with --resume auto goes on,
        on any number of ranks and threads, also after a crash: the bits are those of a run that was never stopped. Another
        recipe makes another run: --fork NEW. --time-limit 8h takes as many epochs as fit.

        docs/cluster.md
        """),
    HelpTopic(
      name: "several-models", summary: "Folds, seeds, ensembles, and which of two is better.",
      text: """
          launch/local crossval --recipe a.yaml b.yaml --seeds 1 2 --folds 5 --data photos --run runs/all
          launch/local ensemble fit runs/all --output runs/ensemble
          tutti compare runs/all/members/a-seed-1 runs/ensemble
          launch/local ablate --recipe a.yaml --drop mixing --data photos
          launch/local tune photos --recipe a.yaml --search space.yaml --trials 40

        docs/ensembles.md, docs/compare.md, docs/ablate.md, docs/tune.md
        """),
    HelpTopic(
      name: "looking", summary: "What went on, and what came of it.",
      text: """
          tutti watch runs/mine        how it goes, while it goes on
          tutti report runs/mine       a page: scores, curves, classes, mistaken photos
          tutti diagnose runs/mine     what went wrong, and what to try
          tutti runs                   all runs and what they differ in
          tensorboard --logdir runs    curves while it trains
          tutti train … --trace FILE   where the time of some steps goes

        docs/watch.md, docs/report.md, docs/diagnose.md, docs/ecosystem.md, docs/trace.md
        """),
    HelpTopic(
      name: "output", summary: "Results, progress, colours, and what programs read.",
      text: """
        Results go to standard output, and so does the account of a training; errors and notes go to standard error. What
        takes a while says what it does and how long it will take: on a terminal in a line that is gone in the end, elsewhere
        after two seconds, and then every ten, on standard error.

          --quiet       results, warnings and errors alone, where a command may take a while
          --json        one document for programs, where a command has it
          NO_COLOR=1    no colours on terminals; elsewhere there are none

        Exit codes: tutti --help. What is written into folders: docs/file-formats.md.
        """),
    HelpTopic(
      name: "clusters", summary: "Several machines, Slurm, how many ranks.",
      text: """
          tutti plan photos --recipe FILE --hosts 4        time and memory by ranks and threads
          launch/cluster HOSTFILE train --recipe FILE --data photos --run runs/mine --resume auto
          sbatch launch/slurm.sbatch --recipe FILE --data photos --run runs/mine --resume auto
          mpirun … tutti doctor                            what is wrong with the hosts

        A step's micro-batches are what ranks share: training.global-batch / training.micro-batch ranks can work.

        docs/cluster.md, docs/plan.md
        """),
    HelpTopic(
      name: "same-bits", summary: "When the same weights come out, bit for bit.",
      text: """
        With the same recipe, photos, binary, instruction set and libraries: on any number of ranks, threads and hosts, and
        after any stop. Ranks compare what they run on and refuse to begin where it differs. Of another CPU or another
        version, scores are the same within what another seed changes.

        docs/architecture.md, under "What always holds"
        """),
  ]
}
