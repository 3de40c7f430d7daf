#ifndef NETC_MATRIX_TILES_H
#define NETC_MATRIX_TILES_H

// Matrix tiles (AMX): eight registers of 16 rows of 64 bytes, and an instruction that multiplies two of them. Swift has no words
// for them. Here 0 to 3 hold sums (two tiles of rows by two of columns), 4 and 5 rows of bfloat16, 6 and 7 columns.

// Whether the processor has tiles of bfloat16, and the operating system lets this process use them.
static inline int netc_has_matrix_tiles(void) {
#if defined(__x86_64__) && defined(__linux__)
  unsigned a = 7, b, c = 0, d;
  __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
  if (!(d >> 22 & 1) || !(d >> 24 & 1)) return 0;
  // arch_prctl(ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA): the state is large, so a process has to ask for it.
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(158L), "D"(0x1023L), "S"(18L) : "rcx", "r11", "memory");
  return result == 0;
#else
  return 0;
#endif
}

#if defined(__AMX_BF16__)
#include <immintrin.h>

// Before the first and after the last use by a kernel.
static inline __attribute__((always_inline)) void netc_tiles_begin(void) {
  static const struct {
    unsigned char palette, start, reserved[14];
    unsigned short columnBytes[16];
    unsigned char rows[16];
  } whole __attribute__((aligned(64))) = {
      1, 0, {0}, {64, 64, 64, 64, 64, 64, 64, 64}, {16, 16, 16, 16, 16, 16, 16, 16}};
  _tile_loadconfig(&whole);
}
static inline __attribute__((always_inline)) void netc_tiles_end(void) { _tile_release(); }

static inline __attribute__((always_inline)) void netc_tiles_clear_sums(void) {
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
}
// The sums of 32 rows, `stride` bytes apart, and 32 columns, or the first 16 of either.
static inline __attribute__((always_inline)) void netc_tiles_load_sums(const float *sums, long stride, int rows, int columns) {
  _tile_loadd(0, sums, stride);
  if (columns > 1) _tile_loadd(1, sums + 16, stride);
  if (rows > 1) _tile_loadd(2, sums + 4 * stride, stride);
  if (rows > 1 && columns > 1) _tile_loadd(3, sums + 4 * stride + 16, stride);
}
static inline __attribute__((always_inline)) void netc_tiles_store_sums(float *sums, long stride, int rows, int columns) {
  _tile_stored(0, sums, stride);
  if (columns > 1) _tile_stored(1, sums + 16, stride);
  if (rows > 1) _tile_stored(2, sums + 4 * stride, stride);
  if (rows > 1 && columns > 1) _tile_stored(3, sums + 4 * stride + 16, stride);
}
// One or two tiles of rows, or of columns, `next` bytes apart.
static inline __attribute__((always_inline)) void netc_tiles_load_rows(const void *rows, long stride, long next, int count) {
  _tile_loadd(4, rows, stride);
  if (count > 1) _tile_loadd(5, (const char *)rows + next, stride);
}
static inline __attribute__((always_inline)) void netc_tiles_load_columns(const void *columns, long next, int count) {
  _tile_loadd(6, columns, 64);
  if (count > 1) _tile_loadd(7, (const char *)columns + next, 64);
}
// Adds the products of what was loaded.
static inline __attribute__((always_inline)) void netc_tiles_multiply(int rows, int columns) {
  _tile_dpbf16ps(0, 4, 6);
  if (columns > 1) _tile_dpbf16ps(1, 4, 7);
  if (rows > 1) _tile_dpbf16ps(2, 5, 6);
  if (rows > 1 && columns > 1) _tile_dpbf16ps(3, 5, 7);
}
// Sixteen bytes from either place as bfloat16: a word holds one of `low` in its lower half and one of `high` in the upper. The lower
// half of a byte's float32 is zero.
static inline __attribute__((always_inline)) void netc_tiles_convert_bytes(
    const unsigned char *low, const unsigned char *high, void *words) {
  __m512i first = _mm512_castps_si512(_mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)low))));
  __m512i second = _mm512_castps_si512(_mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)high))));
  _mm512_storeu_si512(words, _mm512_or_si512(_mm512_srli_epi32(first, 16), second));
}
#endif

#endif
