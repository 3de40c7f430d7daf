// The room `Graphs`: see docs/architecture.md.
