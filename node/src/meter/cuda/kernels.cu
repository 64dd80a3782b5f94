// What `measure` computes, for NVIDIA cards. No header of CUDA is needed: clang knows the built-in functions. `npm run generate` compiles this
// three times to PTX (`generated/kernels.ts`), which each driver compiles for its card: with BASE for every card, with FP16 and BF16 for those
// with such matrix units.

typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef u32 u32x4 __attribute__((ext_vector_type(4)));
typedef float f32x4 __attribute__((ext_vector_type(4)));

#define KERNEL(threads) extern "C" __attribute__((global)) __attribute__((launch_bounds(threads)))
#define DEVICE static __attribute__((device)) __attribute__((always_inline))
#define SHARED static __attribute__((shared)) __attribute__((aligned(128)))
#define UNROLL _Pragma("unroll")
#define THREAD ((u32)__nvvm_read_ptx_sreg_tid_x())
#define GROUP_X ((u32)__nvvm_read_ptx_sreg_ctaid_x())
#define GROUP_Y ((u32)__nvvm_read_ptx_sreg_ctaid_y())

// MATRIX_SIZE of protocols/src/measure/task.ts, and its rows and columns that one group of threads multiplies.
constexpr u32 N = 1024;
constexpr u32 TILE = 128;

DEVICE u32 mix(u32 h) {
  h = (h ^ (h >> 16)) * 0x85ebca6bu;
  h = (h ^ (h >> 13)) * 0xc2b2ae35u;
  return h ^ (h >> 16);
}

// What one entry of a product adds to its row's digest.
DEVICE u32 digestOf(float sum, u32 column) { return mix((u32)(int)sum ^ (column * 0x9e3779b1u)); }

#ifdef BASE

// STEPS of protocols/src/measure/task.ts.
constexpr u32 STEPS = 4;

struct Key {
  u32 word[8];
};

DEVICE u32 rotl(u32 x, u32 by) { return (x << by) | (x >> (32 - by)); }

DEVICE void quarter(u32 &a, u32 &b, u32 &c, u32 &d) {
  a += b; d = rotl(d ^ a, 16);
  c += d; b = rotl(b ^ c, 12);
  a += b; d = rotl(d ^ a, 8);
  c += d; b = rotl(b ^ c, 7);
}

// Lines of one region: ChaCha's block function, a line for each thread.
KERNEL(256) void fill(u32x4 *words, u32 region, u32 rounds, Key key) {
  u32 line = GROUP_X * 256 + THREAD;
  u32 first[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, key.word[0], key.word[1], key.word[2], key.word[3],
                   key.word[4], key.word[5], key.word[6], key.word[7], line, region, 0, 0};
  u32 x[16];
  UNROLL for (u32 i = 0; i < 16; i++) x[i] = first[i];
  for (u32 round = 0; round < rounds; round++) {
    UNROLL for (u32 i = 0; i < 4; i++) quarter(x[i], x[4 + i], x[8 + i], x[12 + i]);
    UNROLL for (u32 i = 0; i < 4; i++) quarter(x[i], x[4 + (i + 1) % 4], x[8 + (i + 2) % 4], x[12 + (i + 3) % 4]);
  }
  UNROLL for (u32 i = 0; i < 4; i++) {
    u32x4 out;
    UNROLL for (u32 j = 0; j < 4; j++) out[j] = x[4 * i + j] + first[4 * i + j];
    words[(u64)line * 4 + i] = out;
  }
}

// Where every chain begins.
KERNEL(64) void start(u32 *chains, u32 count, u32 first, u32 second) {
  u32 chain = GROUP_X * 64 + THREAD;
  if (chain < count) chains[chain] = mix(chain ^ first) ^ second;
}

// Every chain's steps in one region; `mask`: its lines less one.
KERNEL(64) void walk(u32 *chains, u32 count, const u32 *words, u32 mask) {
  u32 chain = GROUP_X * 64 + THREAD;
  if (chain >= count) return;
  u32 at = chains[chain];
  UNROLL for (u32 i = 0; i < STEPS; i++) {
    u32 product = (at ^ words[(u64)(at & mask) * 16 + (at >> 28)]) * 0x9e3779b1u;
    at = product ^ (product >> 15);
  }
  chains[chain] = at;
}

// Reads `count` times 16 bytes from end to end, so that the memory's bandwidth shows. The sums keep the reads from being left out.
KERNEL(256) void readAll(const u32x4 *words, u64 count, u32 *sums) {
  u64 threads = (u64)__nvvm_read_ptx_sreg_nctaid_x() * 256;
  u64 thread = (u64)GROUP_X * 256 + THREAD;
  u32x4 sum = 0;
  for (u64 i = thread; i < count; i += threads) sum += words[i];
  sums[thread] = sum.x + sum.y + sum.z + sum.w;
}

// Sixteen bytes at once. Through a pointer of their own: of an array clang believes only the alignment of its entries, and reads one by one.
DEVICE f32x4 floatsAt(const void *place) { return *(const f32x4 *)place; }

KERNEL(256) void entriesFp32(float *factor, u32 word, u32 first, u32 mask, u32 offset) {
  u32 i = GROUP_X * 256 + THREAD;
  factor[i] = (float)((int)(mix((first + i) ^ word) & mask) - (int)offset);
}

// Digests of rows of a product: 8 by 8 sums a thread, 128 by 128 a group. `left` row after row, `right` column after column.
KERNEL(256) void multiplyFp32(const float *left, const float *right, u32 *digests) {
  constexpr u32 DEPTH = 8;
  SHARED float a[DEPTH][TILE];
  SHARED float b[DEPTH][TILE];
  u32 row = GROUP_Y * TILE;
  u32 column = GROUP_X * TILE;
  // Two threads bring the DEPTH entries of one row, and of one column.
  u32 line = THREAD >> 1;
  u32 part = (THREAD & 1) * 4;
  const float *fromLeft = left + (u64)(row + line) * N + part;
  const float *fromRight = right + (u64)(column + line) * N + part;
  u32 y = (THREAD >> 4) * 4;
  u32 x = (THREAD & 15) * 4;
  float sums[8][8];
  UNROLL for (u32 i = 0; i < 8; i++) UNROLL for (u32 j = 0; j < 8; j++) sums[i][j] = 0;
  f32x4 nextLeft = floatsAt(fromLeft);
  f32x4 nextRight = floatsAt(fromRight);
  _Pragma("unroll 1") for (u32 k = 0; k < N; k += DEPTH) {
    UNROLL for (u32 i = 0; i < 4; i++) {
      a[part + i][line] = nextLeft[i];
      b[part + i][line] = nextRight[i];
    }
    __nvvm_bar_sync(0);
    // What comes next is on its way while this is multiplied; after the last there is the first again, which nobody reads.
    u32 ahead = (k + DEPTH) % N;
    nextLeft = floatsAt(fromLeft + ahead);
    nextRight = floatsAt(fromRight + ahead);
    UNROLL for (u32 i = 0; i < DEPTH; i++) {
      float down[8], across[8];
      UNROLL for (u32 half = 0; half < 2; half++) {
        f32x4 ys = floatsAt(&a[i][half * 64 + y]);
        f32x4 xs = floatsAt(&b[i][half * 64 + x]);
        UNROLL for (u32 j = 0; j < 4; j++) {
          down[half * 4 + j] = ys[j];
          across[half * 4 + j] = xs[j];
        }
      }
      UNROLL for (u32 r = 0; r < 8; r++) UNROLL for (u32 c = 0; c < 8; c++) sums[r][c] = __builtin_fmaf(down[r], across[c], sums[r][c]);
    }
    __nvvm_bar_sync(0);
  }
  UNROLL for (u32 r = 0; r < 8; r++) {
    u32 digest = 0;
    UNROLL for (u32 c = 0; c < 8; c++) digest += digestOf(sums[r][c], column + (c / 4) * 64 + x + c % 4);
    __nvvm_atom_add_gen_i((int *)&digests[row + (r / 4) * 64 + y + r % 4], (int)digest);
  }
}

#else

// Matrix units: entries of two bytes, sums in fp32, which hold all of them exactly.
#ifdef FP16
#define ENTRIES entriesFp16
#define MULTIPLY multiplyFp16
constexpr u32 FRAGMENT = 8;
// Whole numbers of up to eleven bits: the exponent's bias is 15 instead of 127, and 13 bits of the fraction go.
DEVICE u16 narrowed(u32 bits) { return (bits >> 16 & 0x8000) | ((bits << 1) == 0 ? 0 : ((bits & 0x7fffffff) >> 13) - (112 << 10)); }
DEVICE void loadLeft(int *to, const u16 *from, u32 stride) { __hmma_m16n16k16_ld_a(to, (const int *)from, stride, 0); }
DEVICE void loadRight(int *to, const u16 *from, u32 stride) { __hmma_m16n16k16_ld_b(to, (const int *)from, stride, 1); }
DEVICE void addProduct(float *sums, const int *a, const int *b) { __hmma_m16n16k16_mma_f32f32(sums, a, b, sums, 1, 0); }
#else
#define ENTRIES entriesBf16
#define MULTIPLY multiplyBf16
constexpr u32 FRAGMENT = 4;
// Whole numbers of up to eight bits.
DEVICE u16 narrowed(u32 bits) { return bits >> 16; }
DEVICE void loadLeft(int *to, const u16 *from, u32 stride) { __mma_bf16_m16n16k16_ld_a(to, (const int *)from, stride, 0); }
DEVICE void loadRight(int *to, const u16 *from, u32 stride) { __mma_bf16_m16n16k16_ld_b(to, (const int *)from, stride, 1); }
DEVICE void addProduct(float *sums, const int *a, const int *b) { __mma_bf16_m16n16k16_mma_f32(sums, a, b, sums, 1, 0); }
#endif

// Sixteen bytes at once. Through a pointer of their own: of an array clang believes only the alignment of its entries, and reads one by one.
DEVICE u32x4 &wordsAt(const void *place) { return *(u32x4 *)place; }

KERNEL(256) void ENTRIES(u16 *factor, u32 word, u32 first, u32 mask, u32 offset) {
  u32 i = GROUP_X * 256 + THREAD;
  float value = (float)((int)(mix((first + i) ^ word) & mask) - (int)offset);
  factor[i] = narrowed(__builtin_bit_cast(u32, value));
}

// Digests of rows of a product: four warps, each with 64 by 64 sums, 128 by 128 together. `left` row after row, `right` column after column.
KERNEL(128) void MULTIPLY(const u16 *left, const u16 *right, u32 *digests) {
  constexpr u32 DEPTH = 32;
  // Eight entries more keep the banks apart, and each fragment's address a multiple of 32 bytes, as the load wants it.
  constexpr u32 STRIDE = DEPTH + 8;
  SHARED u16 a[TILE * STRIDE];
  SHARED u16 b[TILE * STRIDE];
  // Where a thread of a warp has its sums is the card's secret: they go through memory.
  SHARED float staged[4][16 * 16];
  u32 row = GROUP_Y * TILE;
  u32 column = GROUP_X * TILE;
  u32 warp = THREAD >> 5;
  u32 lane = THREAD & 31;
  u32 y = (warp >> 1) * 64;
  u32 x = (warp & 1) * 64;
  // Four threads bring the DEPTH entries of one row, and of one column; all of them 32 lines at once.
  u32 line = THREAD >> 2;
  u32 part = (THREAD & 3) * 8;
  const u16 *fromLeft = left + (u64)(row + line) * N + part;
  const u16 *fromRight = right + (u64)(column + line) * N + part;
  float sums[4][4][8];
  UNROLL for (u32 r = 0; r < 4; r++) UNROLL for (u32 c = 0; c < 4; c++) UNROLL for (u32 i = 0; i < 8; i++) sums[r][c][i] = 0;
  u32x4 nextLeft[4], nextRight[4];
  UNROLL for (u32 i = 0; i < 4; i++) {
    nextLeft[i] = wordsAt(fromLeft + i * 32 * N);
    nextRight[i] = wordsAt(fromRight + i * 32 * N);
  }
  _Pragma("unroll 1") for (u32 k = 0; k < N; k += DEPTH) {
    UNROLL for (u32 i = 0; i < 4; i++) {
      wordsAt(&a[(line + i * 32) * STRIDE + part]) = nextLeft[i];
      wordsAt(&b[(line + i * 32) * STRIDE + part]) = nextRight[i];
    }
    __nvvm_bar_sync(0);
    // What comes next is on its way while this is multiplied; after the last there is the first again, which nobody reads.
    u32 ahead = (k + DEPTH) % N;
    UNROLL for (u32 i = 0; i < 4; i++) {
      nextLeft[i] = wordsAt(fromLeft + ahead + i * 32 * N);
      nextRight[i] = wordsAt(fromRight + ahead + i * 32 * N);
    }
    UNROLL for (u32 depth = 0; depth < DEPTH; depth += 16) {
      int across[4][FRAGMENT];
      UNROLL for (u32 c = 0; c < 4; c++) loadRight(across[c], &b[(x + c * 16) * STRIDE + depth], STRIDE);
      UNROLL for (u32 r = 0; r < 4; r++) {
        int down[FRAGMENT];
        loadLeft(down, &a[(y + r * 16) * STRIDE + depth], STRIDE);
        UNROLL for (u32 c = 0; c < 4; c++) addProduct(sums[r][c], down, across[c]);
      }
    }
    __nvvm_bar_sync(0);
  }
  // Two threads have half a row each.
  u32 half = (lane & 1) * 8;
  UNROLL for (u32 r = 0; r < 4; r++) {
    u32 digest = 0;
    UNROLL for (u32 c = 0; c < 4; c++) {
      __hmma_m16n16k16_st_c_f32(staged[warp], sums[r][c], 16, 0);
      __nvvm_bar_warp_sync(0xffffffff);
      _Pragma("unroll 1") for (u32 i = 0; i < 8; i++) digest += digestOf(staged[warp][(lane >> 1) * 16 + half + i], column + x + c * 16 + half + i);
      __nvvm_bar_warp_sync(0xffffffff);
    }
    __nvvm_atom_add_gen_i((int *)&digests[row + y + r * 16 + (lane >> 1)], (int)digest);
  }
}

#endif
