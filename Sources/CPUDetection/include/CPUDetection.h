#ifndef NETC_CPU_DETECTION_H
#define NETC_CPU_DETECTION_H

#include "ByteVectors.h"
#include "MatrixTiles.h"

// Which x86-64 level the processor and the operating system support; 0 on other processors.
// 3: AVX2, FMA, BMI (x86-64-v3); 4: also AVX-512 F, BW, CD, DQ, VL (x86-64-v4).
static inline int netc_x86_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  int v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
  int v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  return v4 ? 4 : v3 ? 3 : 2;
#else
  return 0;
#endif
}

// Asks for the cache line at an address, which need not be valid, to be brought near. Swift has no word for this.
static inline __attribute__((always_inline)) void netc_prefetch(const void *address) {
  __builtin_prefetch(address, 0, 3);
}

// The same address, of which the compiler forgets how it came about: it would otherwise keep one pointer for each row of a
// tile in a register of its own, and have too few. No instruction.
static inline __attribute__((always_inline)) const void *netc_opaque(const void *address) {
  __asm__("" : "+r"(address));
  return address;
}

#if defined(__AVX512F__)
typedef float netc_vector __attribute__((ext_vector_type(16)));

// The same vector, with everything that it depends on computed before any later load: the compiler would otherwise load for
// the next step of a loop while this one still needs every register. No instruction.
static inline __attribute__((always_inline)) netc_vector netc_in_order(netc_vector vector) {
  __asm__ volatile("" : "+v"(vector) : : "memory");
  return vector;
}
#endif

#endif
