// The room `Kernels`: see docs/architecture.md.
