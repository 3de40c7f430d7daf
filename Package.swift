// swift-tools-version: 6.2
import PackageDescription

// Flags of the kernel targets. The same source files are compiled once per instruction set (through a symbolic
// link) and chosen at run time. They hold in debug builds too, so that tests run the real kernels. Without
// -fno-math-errno a square root is a call per lane.
func kernelSettings(_ flags: [String], define: String? = nil) -> [SwiftSetting] {
  [
    .unsafeFlags(
      ["-Ounchecked", "-enforce-exclusivity=unchecked", "-wmo", "-num-threads", "2"]
        + (flags + ["-fno-math-errno"]).flatMap { ["-Xcc", $0] }),
    .treatAllWarnings(as: .error),
  ] + (define.map { [.define($0)] } ?? [])
}
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]
// The float64 references, the front of the compiler and the readers of data are safe code that tests run a lot: optimised in
// debug builds too.
let optimised: [SwiftSetting] = strict + [.unsafeFlags(["-O"])]
// Rooms of many words and little arithmetic: compiled for size they build in half the time and run as fast.
let compact: [SwiftSetting] = [.unsafeFlags(["-Osize"], .when(configuration: .release))]

#if arch(x86_64)
  let kernelTargets: [Target] = [
    .target(
      name: "KernelsAVX512", dependencies: ["KernelContract", "CPUDetection"],
      swiftSettings: kernelSettings(
        ["-march=x86-64-v4", "-mprefer-vector-width=512", "-mamx-tile", "-mamx-bf16"], define: "AVX512")),
    .target(
      name: "KernelsAVX2", dependencies: ["KernelContract", "CPUDetection"],
      swiftSettings: kernelSettings(["-march=x86-64-v3"])),
  ]
  let kernelNames: [Target.Dependency] = ["KernelsAVX512", "KernelsAVX2"]
#else
  let kernelTargets: [Target] = [
    .target(
      name: "KernelsPortable", dependencies: ["KernelContract", "CPUDetection"], swiftSettings: kernelSettings([]))
  ]
  let kernelNames: [Target.Dependency] = ["KernelsPortable"]
#endif

let package = Package(
  name: "netc",
  products: [.executable(name: "netc", targets: ["netc"])],
  dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")],
  targets: kernelTargets + [
    .target(name: "CPUDetection"),
    .target(name: "Source", swiftSettings: optimised),
    .target(name: "Syntax", dependencies: ["Source"], swiftSettings: optimised),
    .target(name: "Formatting", dependencies: ["Source", "Syntax"], swiftSettings: optimised),
    .target(name: "Graphs", swiftSettings: optimised),
    .target(name: "KernelContract", swiftSettings: strict),
    .target(
      name: "Kernels", dependencies: ["KernelContract", "CPUDetection"] + kernelNames, swiftSettings: strict),
    .target(name: "Ops", dependencies: ["Graphs", "KernelContract"], swiftSettings: optimised + compact),
    .target(
      name: "Vocabulary", dependencies: ["Graphs", "KernelContract", "Ops", "Datasets"],
      swiftSettings: strict + compact),
    .target(
      name: "Semantics",
      dependencies: ["Source", "Syntax", "Graphs", "KernelContract", "Ops", "Vocabulary", "Datasets"],
      swiftSettings: strict + compact),
    .target(name: "Transforms", dependencies: ["Graphs", "Ops", "KernelContract"], swiftSettings: strict),
    .target(name: "Execution", dependencies: ["KernelContract", "Kernels"], swiftSettings: strict),
    .target(
      name: "Planning", dependencies: ["Graphs", "Ops", "KernelContract", "Kernels", "Execution"],
      swiftSettings: strict),
    .target(name: "Datasets", dependencies: ["Graphs"], swiftSettings: optimised),
    .target(name: "Training", dependencies: ["Graphs", "Execution", "Datasets"], swiftSettings: optimised),
    .target(name: "Generation", dependencies: ["Execution", "Datasets"], swiftSettings: optimised),
    .target(name: "Drawing", dependencies: ["Source", "Semantics", "Vocabulary"], swiftSettings: optimised + compact),
    .target(name: "Reports", dependencies: ["Source"], swiftSettings: strict + compact),
    .target(
      name: "LanguageServer", dependencies: ["Source", "Syntax", "Formatting", "Vocabulary", "Semantics"],
      swiftSettings: strict + compact),
    .target(
      name: "Driver",
      dependencies: [
        "Source", "Syntax", "Graphs", "KernelContract", "Ops", "Vocabulary", "Semantics", "Datasets", "Transforms",
        "Planning", "Execution",
      ], swiftSettings: strict),
    .executableTarget(
      name: "netc",
      dependencies: [
        "Drawing", "Generation", "Reports",
        "Driver", "Training", "Datasets", "Source", "Syntax", "Formatting", "Semantics", "Graphs", "Transforms",
        "Planning", "Execution", "Kernels", "KernelContract", "Vocabulary", "LanguageServer",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict + compact),
    .testTarget(name: "SourceTests", dependencies: ["Source"]),
    .testTarget(name: "SyntaxTests", dependencies: ["Source", "Syntax"]),
    .testTarget(name: "FormattingTests", dependencies: ["Source", "Syntax", "Formatting"]),
    .testTarget(name: "KernelTests", dependencies: ["KernelContract", "Kernels"]),
    .testTarget(name: "DatasetTests", dependencies: ["Datasets", "Graphs"], exclude: ["Fixtures"]),
    .testTarget(
      name: "OpTests",
      dependencies: ["Graphs", "Ops", "Transforms", "Planning", "Execution", "Kernels", "KernelContract"]),
    .testTarget(
      name: "SemanticsTests",
      dependencies: ["Source", "Syntax", "Graphs", "Ops", "Vocabulary", "Semantics", "Datasets", "Driver"],
      exclude: ["Fixtures"]),
    .testTarget(name: "DriverTests", dependencies: ["Source", "Semantics", "Datasets", "Driver", "Planning"]),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Driver", "Training", "Datasets", "Execution", "Generation", "Graphs", "KernelContract", "Kernels", "Planning",
        "Semantics", "Source", "Transforms", "Vocabulary",
      ],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "DrawingTests", dependencies: ["Drawing", "Driver", "Semantics", "Source", "Vocabulary"],
      exclude: ["Goldens"]),
    .testTarget(name: "ReportTests", dependencies: ["Reports", "Source"]),
    .testTarget(name: "TidyTests"),
    .testTarget(name: "CommandTests", dependencies: ["netc"]),
  ]
)

// Fuzzers of the front, for Scripts/fuzz.sh: they link only with a sanitizer that plain builds do not have.
if Context.environment["NETC_FUZZ"] != nil {
  package.targets += [
    .executableTarget(
      name: "ParserFuzzer", dependencies: ["Source", "Syntax"], path: "Fuzzing/ParserFuzzer",
      swiftSettings: strict),
    .executableTarget(
      name: "CheckerFuzzer", dependencies: ["Source", "Syntax", "Semantics"],
      path: "Fuzzing/CheckerFuzzer", swiftSettings: strict),
  ]
}
