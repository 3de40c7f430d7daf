#ifndef NETC_BYTE_VECTORS_H
#define NETC_BYTE_VECTORS_H

// Sixteen bytes as numbers, and back: Swift's conversions between vectors are calls.
typedef int netc_numbers __attribute__((ext_vector_type(16)));
typedef unsigned char netc_bytes __attribute__((ext_vector_type(16)));
typedef unsigned char netc_half_bytes __attribute__((ext_vector_type(8)));
typedef float netc_floats __attribute__((ext_vector_type(16)));
typedef float netc_half_floats __attribute__((ext_vector_type(8)));

static inline __attribute__((always_inline)) netc_numbers netc_load_bytes(const unsigned char *bytes) {
  netc_bytes loaded;
  __builtin_memcpy(&loaded, bytes, 16);
  return __builtin_convertvector(loaded, netc_numbers);
}

// Sixteen, or eight, bytes as floats.
static inline __attribute__((always_inline)) netc_floats netc_load_bytes_as_floats(const void *bytes) {
  netc_bytes loaded;
  __builtin_memcpy(&loaded, bytes, 16);
  return __builtin_convertvector(loaded, netc_floats);
}

static inline __attribute__((always_inline)) netc_half_floats netc_load_half_bytes_as_floats(const void *bytes) {
  netc_half_bytes loaded;
  __builtin_memcpy(&loaded, bytes, 8);
  return __builtin_convertvector(loaded, netc_half_floats);
}

static inline __attribute__((always_inline)) void netc_store_bytes(netc_numbers numbers, unsigned char *bytes) {
  netc_bytes narrow = __builtin_convertvector(numbers, netc_bytes);
  __builtin_memcpy(bytes, &narrow, 16);
}

#endif
