import KernelContract

/// Every kernel of this instruction set.
package func makeKernelTable() -> KernelTable {
  let table = KernelTable()
  return table
}
