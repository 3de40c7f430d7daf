import KernelContract

/// Every kernel of this instruction set.
package func makeKernelTable() -> KernelTable { KernelTable() }
