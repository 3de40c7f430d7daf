import CPUDetection
import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
#if arch(x86_64)
  import KernelsAVX2
  import KernelsAVX512
#else
  import KernelsPortable
#endif

/// The instruction sets for which the kernels are compiled on this architecture.
package enum InstructionSet: String, Sendable, CaseIterable {
  #if arch(x86_64)
    /// `amx`: those of `avx512` and matrix tiles.
    case avx2, avx512, amx
  #else
    case portable
  #endif

  /// The kernels compiled for this instruction set. Running them on a processor without it is undefined.
  package var kernelTable: KernelTable {
    switch self {
    #if arch(x86_64)
      case .avx2: KernelsAVX2.makeKernelTable()
      case .avx512, .amx: KernelsAVX512.makeKernelTable()
    #else
      case .portable: KernelsPortable.makeKernelTable()
    #endif
    }
  }

  /// What plans for it may count on.
  package var unit: ArithmeticUnit {
    #if arch(x86_64)
      self == .amx ? .tiles : .vectors
    #else
      .vectors
    #endif
  }

  /// What this processor and its operating system run, the fastest last; empty on an x86-64 processor without AVX2.
  package static var available: [InstructionSet] {
    #if arch(x86_64)
      let level = netc_x86_level()
      if level >= 4 { return netc_has_matrix_tiles() != 0 ? [.avx2, .avx512, .amx] : [.avx2, .avx512] }
      return level == 3 ? [.avx2] : []
    #else
      return [.portable]
    #endif
  }

  /// The fastest available instruction set, or the one named by the environment variable `NETC_ISA`.
  package static func selected() throws(UnsupportedProcessor) -> InstructionSet {
    guard let fastest = available.last else { throw UnsupportedProcessor(requested: nil) }
    guard let variable = getenv("NETC_ISA") else { return fastest }
    let name = String(cString: variable)
    guard let wanted = InstructionSet(rawValue: name), available.contains(wanted) else {
      throw UnsupportedProcessor(requested: name)
    }
    return wanted
  }
}

/// No kernels can run here, or not those that the environment asks for.
package struct UnsupportedProcessor: Error, CustomStringConvertible {
  /// The value of `NETC_ISA`, or `nil` if the processor itself is the reason.
  package let requested: String?

  package var description: String {
    guard let requested else {
      return "this processor lacks the AVX2, FMA and BMI2 instructions, which netc needs to run networks"
    }
    let names = InstructionSet.available.map(\.rawValue).joined(separator: ", ")
    return "NETC_ISA asks for '\(requested)', but this processor can run: \(names)"
  }
}

/// The kernels that this process runs: see `InstructionSet.selected`.
package func selectKernelTable() throws(UnsupportedProcessor) -> KernelTable {
  try InstructionSet.selected().kernelTable
}
