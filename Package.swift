// swift-tools-version: 6.2

import PackageDescription

/// Warnings are errors in CI (`launch/test` sets the variable), never on a reader's newer compiler.
let strict = Context.environment["TUTTI_STRICT"] != nil

/// The settings that every room shares.
let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ] + (strict ? [.treatAllWarnings(as: .error)] : [])

/// `TUTTI_INSTRUCTION_SET=avx512` builds the same sources for CPUs with AVX-512 alone.
let avx512 = Context.environment["TUTTI_INSTRUCTION_SET"] == "avx512"
let wide = avx512 ? ["TUTTI_AVX512"] : []

#if arch(x86_64)
  let instructionSets =
    ["avx2", "fma", "f16c"] + (avx512 ? ["avx512f", "avx512bw", "avx512dq", "avx512vl"] : [])
#else
  let instructionSets: [String] = []
#endif

/// What loops over numbers is compiled for the instruction set. `unsafeFlags` is accepted in a root
/// package only, which this is.
func vectorized(_ flags: [String] = []) -> [SwiftSetting] {
  settings + wide.map { .define($0) } + [
    .unsafeFlags(
      flags + instructionSets.flatMap { ["-Xcc", "-m\($0)"] }, .when(configuration: .release))
  ]
}
/// The kernels alone are compiled without overflow and bounds checks: they are loops over raw pointers
/// whose shapes were checked by the caller.
let kernelSettings = vectorized(["-Ounchecked"])

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

func room(
  _ name: String, sees dependencies: [Target.Dependency], settings: [SwiftSetting] = settings
) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(of room: String, sees dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: "\(room)Tests", dependencies: [.target(name: room)] + dependencies,
    swiftSettings: settings)
}

let package = Package(
  name: "tutti",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    // Without its traits it needs no more of Foundation than the rest does.
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0", traits: []),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  // The rooms, in the order in which the data passes them; docs/architecture.md draws the graph.
  targets: [
    .systemLibrary(name: "COpenMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"])]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
      name: "CWebP", pkgConfig: "libwebpdemux", providers: [.apt(["libwebp-dev"])]),
    .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg")]),
    .target(name: "CPNG", linkerSettings: [.linkedLibrary("png16")]),
    .target(name: "CProcessor", cSettings: wide.map { .define($0) }),

    room("MPI", sees: ["COpenMPI", "CProcessor"]),
    room("Tensors", sees: ["CProcessor"]),
    room("Timelines", sees: []),
    room("Files", sees: ["CCrypto", "CProcessor"]),
    room("Kernels", sees: ["COpenBLAS", "CProcessor", "Tensors"], settings: kernelSettings),
    room("Differentiation", sees: ["Kernels", "Tensors", "Timelines"]),
    room("NeuralNetworks", sees: ["Differentiation", "Kernels", "Tensors"]),
    room("Models", sees: ["Differentiation", "Kernels", "NeuralNetworks", "Tensors"]),
    room("Optimizers", sees: ["Tensors"]),
    room(
      "Images",
      sees: ["CJPEG", "CPNG", "CProcessor", "CWebP", "CZlib", "Files", "Tensors"],
      settings: vectorized()),
    room("Datasets", sees: ["CZlib", "Files", "Images", "Tensors", "Timelines"]),
    room("DataParallel", sees: ["CProcessor", "Files", "MPI", "Tensors", "Timelines"]),
    room("Planning", sees: ["DataParallel"]),
    room("Interchange", sees: ["CZlib", "Files", "Tensors"]),
    .target(
      name: "ONNX",
      dependencies: ["Differentiation", "Files", "Interchange", "Kernels", "Tensors", protobuf],
      exclude: ["onnx.proto"], swiftSettings: settings),
    room("Checkpoints", sees: ["Files", "Interchange", "Tensors"]),
    room("Evaluation", sees: ["Files", "Images", "Tensors", "Timelines"]),
    room("EpochRules", sees: ["Evaluation"]),
    room(
      "Inference",
      sees: [
        "DataParallel", "Datasets", "Differentiation", "Evaluation", "Files", "Images",
        "Interchange", "MPI", "NeuralNetworks", "Tensors", "Timelines",
      ]),
    room(
      "Training",
      sees: [
        "Checkpoints", "DataParallel", "Datasets", "Differentiation", "EpochRules", "Evaluation",
        "Files", "Images", "Inference", "Interchange", "Kernels", "MPI", "NeuralNetworks",
        "Optimizers", "Planning", "Tensors", "Timelines",
      ]),
    room(
      "Recipes",
      sees: [
        "EpochRules", "Evaluation", "Files", "Images", "Models", "NeuralNetworks", "Optimizers",
        "Tensors", yams,
      ]),
    room(
      "Runs",
      sees: ["Checkpoints", "Datasets", "Evaluation", "Files", "Recipes"]),
    room("Diagnosis", sees: ["Evaluation", "Files", "Recipes", "Runs", "Tensors"]),
    room(
      "Pretrained",
      sees: [
        "Checkpoints", "Files", "Images", "Interchange", "Models", "NeuralNetworks", "Recipes",
        "Runs", "Tensors",
      ]),
    room(
      "Experiments",
      sees: [
        "Checkpoints", "CProcessor", "DataParallel", "Datasets", "Evaluation", "Files", "Images",
        "Inference", "Interchange", "Kernels", "Models", "MPI", "NeuralNetworks", "ONNX",
        "Optimizers", "Planning", "Pretrained", "Recipes", "Reports", "Runs", "Tensors",
        "Timelines", "Training",
      ]),
    room(
      "Benchmarks",
      sees: [
        "CProcessor", "DataParallel", "Datasets", "Differentiation", "Files", "Images", "Kernels",
        "Models", "MPI", "NeuralNetworks", "Optimizers", "Recipes", "Tensors", "Timelines",
        "Training",
      ]),
    room("Reports", sees: ["Evaluation", "Files", "Images"]),
    room(
      "Serving",
      sees: ["Evaluation", "Files", "Images", "Inference", "Tensors", nioCore, nioHTTP, nioPosix]),
    .target(
      name: "Reporting",
      dependencies: [
        "Checkpoints", "Diagnosis", "EpochRules", "Evaluation", "Files", "NeuralNetworks",
        "Recipes", "Reports", "Runs", "Tensors", "Timelines", "Training", protobuf,
      ],
      exclude: ["TensorBoard/tensorboard.proto"], swiftSettings: settings),
    .executableTarget(
      name: "tutti",
      dependencies: [
        "Benchmarks", "Checkpoints", "CProcessor", "DataParallel", "Datasets", "Diagnosis",
        "Evaluation", "Experiments", "Files", "Images", "Inference", "Kernels", "MPI",
        "NeuralNetworks",
        "Optimizers", "Planning",
        "Recipes", "Reporting", "Reports", "Runs", "Serving", "Tensors", "Timelines", "Training",
        argumentParser,
        logging,
      ],
      swiftSettings: settings),

    .target(
      name: "Support", dependencies: ["CZlib", "Images", "Interchange", "Tensors"],
      path: "Tests/Support", swiftSettings: settings),
    .target(name: "WorkerRun", path: "Tests/WorkerRun", swiftSettings: settings),
    .executableTarget(
      name: "tutti-test-worker",
      dependencies: [
        "DataParallel", "Differentiation", "Interchange", "Kernels", "Models", "MPI",
        "NeuralNetworks", "Tensors", "Training",
      ],
      path: "Tests/Worker", swiftSettings: settings),
    .testTarget(name: "ArchitectureTests", swiftSettings: settings),
    .testTarget(
      name: "FuzzTests",
      dependencies: [
        "CZlib", "Checkpoints", "Datasets", "Diagnosis", "Evaluation", "Files", "Images",
        "Inference", "Interchange", "Pretrained", "Recipes", "Reporting", "Runs", "Support",
        "Tensors",
      ],
      swiftSettings: settings),
    tests(of: "Tensors", sees: ["Support"]),
    tests(of: "Timelines", sees: []),
    tests(of: "Files", sees: ["Support"]),
    tests(of: "Kernels", sees: ["Support", "Tensors"]),
    tests(of: "Differentiation", sees: ["Kernels", "Support", "Tensors", "Timelines"]),
    tests(of: "NeuralNetworks", sees: ["Differentiation", "Kernels", "Support", "Tensors"]),
    tests(
      of: "Models",
      sees: [
        "Differentiation", "Files", "Interchange", "Kernels", "NeuralNetworks", "ONNX", "Support",
        "Tensors",
      ]),
    tests(of: "Optimizers", sees: ["Support", "Tensors"]),
    tests(of: "Images", sees: ["Support", "Tensors"]),
    tests(of: "Datasets", sees: ["Files", "Images", "Support", "Tensors"]),
    tests(of: "MPI", sees: ["WorkerRun", "tutti-test-worker"]),
    tests(of: "DataParallel", sees: ["Support", "Tensors", "WorkerRun", "tutti-test-worker"]),
    tests(of: "Planning", sees: []),
    tests(of: "Interchange", sees: ["Files", "Support", "Tensors"]),
    tests(
      of: "ONNX",
      sees: [
        "Differentiation", "Interchange", "Kernels", "Models", "NeuralNetworks", "Tensors",
        protobuf,
      ]),
    tests(of: "Checkpoints", sees: ["Files", "Interchange", "Support", "Tensors"]),
    tests(of: "Evaluation", sees: ["Files", "Images", "Support", "Tensors"]),
    tests(of: "EpochRules", sees: ["Evaluation"]),
    tests(
      of: "Training",
      sees: [
        "Checkpoints", "DataParallel", "Datasets", "Differentiation", "Files", "Images",
        "Inference", "Kernels", "Models", "NeuralNetworks", "Optimizers", "Support", "Tensors",
        "Timelines",
      ]),
    tests(
      of: "Recipes",
      sees: [
        "EpochRules", "Evaluation", "Images", "Models", "NeuralNetworks", "Optimizers", "Tensors",
      ]),
    tests(
      of: "Diagnosis", sees: ["Evaluation", "Files", "Recipes", "Reporting", "Runs", "Support"]),
    tests(of: "Runs", sees: ["Checkpoints", "Evaluation", "Files", "Recipes", "Support"]),
    tests(
      of: "Pretrained",
      sees: [
        "Checkpoints", "Files", "Images", "Interchange", "Models", "NeuralNetworks", "Recipes",
        "Runs",
        "Support", "Tensors",
      ]),
    tests(
      of: "Experiments",
      sees: [
        "Datasets", "Images", "Inference", "NeuralNetworks", "Recipes", "Support", "Tensors",
        "Training",
      ]),
    tests(
      of: "Reporting",
      sees: [
        "EpochRules", "Evaluation", "Files", "Runs", "Support", "Timelines", "Training", protobuf,
      ]),
    tests(of: "Reports", sees: ["Evaluation", "Images"]),
    tests(of: "Serving", sees: ["Images", "Inference", "Recipes", nioHTTP]),
    tests(
      of: "tutti",
      sees: ["Evaluation", "Files", "Images", "Recipes", "Runs", "Support", "WorkerRun"]),
  ]
)
