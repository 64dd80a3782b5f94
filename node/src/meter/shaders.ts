import { entriesOf, type Format, MATRIX_SIZE, STEPS } from '@weft/protocols/measure'

/** What `measure` computes, in WGSL. Each binding 0 is the parameters. */

export const LINES_PER_GROUP = 256
export const CHAINS_PER_GROUP = 64
export const ENTRIES_PER_GROUP = 256
/** Outputs of one workgroup of a product, per side. */
export const TILE = 64
/** Rows of the left factor that are in memory at once. */
export const ROWS_AT_ONCE = 8192

const MIX = /* wgsl */ `
fn mix(word: u32) -> u32 {
  var h = word;
  h = (h ^ (h >> 16u)) * 0x85ebca6bu;
  h = (h ^ (h >> 13u)) * 0xc2b2ae35u;
  return h ^ (h >> 16u);
}`

/** Lines of one region: ChaCha's block function. */
export const FILL = /* wgsl */ `
struct Params { key: array<vec4<u32>, 2>, region: u32, rounds: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> words: array<vec4<u32>>;

fn rotl(x: vec4<u32>, by: u32) -> vec4<u32> { return (x << vec4<u32>(by)) | (x >> vec4<u32>(32u - by)); }

@compute @workgroup_size(${LINES_PER_GROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let first = vec4<u32>(0x61707865u, 0x3320646eu, 0x79622d32u, 0x6b206574u);
  let last = vec4<u32>(id.x, params.region, 0u, 0u);
  var a = first;
  var b = params.key[0];
  var c = params.key[1];
  var d = last;
  for (var i = 0u; i < params.rounds; i++) {
    for (var half = 0u; half < 2u; half++) {
      a += b; d = rotl(d ^ a, 16u);
      c += d; b = rotl(b ^ c, 12u);
      a += b; d = rotl(d ^ a, 8u);
      c += d; b = rotl(b ^ c, 7u);
      // To the diagonals, and back.
      if (half == 0u) { b = b.yzwx; c = c.zwxy; d = d.wxyz; } else { b = b.wxyz; c = c.zwxy; d = d.yzwx; }
    }
  }
  let at = id.x * 4u;
  words[at] = a + first;
  words[at + 1u] = b + params.key[0];
  words[at + 2u] = c + params.key[1];
  words[at + 3u] = d + last;
}`

/** Where every chain begins. */
export const START = /* wgsl */ `${MIX}
struct Params { key: array<vec4<u32>, 2>, mask: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> chains: array<u32>;

@compute @workgroup_size(${CHAINS_PER_GROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= arrayLength(&chains)) { return; }
  chains[id.x] = mix(id.x ^ params.key[0].x) ^ params.key[0].y;
}`

/** Every chain's steps in one region. */
export const WALK = /* wgsl */ `
struct Params { key: array<vec4<u32>, 2>, mask: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> chains: array<u32>;
@group(0) @binding(2) var<storage, read> words: array<u32>;

@compute @workgroup_size(${CHAINS_PER_GROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= arrayLength(&chains)) { return; }
  var at = chains[id.x];
  for (var i = 0u; i < ${STEPS}u; i++) {
    let product = (at ^ words[(at & params.mask) * 16u + (at >> 28u)]) * 0x9e3779b1u;
    at = product ^ (product >> 15u);
  }
  chains[id.x] = at;
}`

const typeOf = (format: Format): string => (format === 'fp16' ? 'f16' : 'f32')
const enable = (format: Format): string => (format === 'fp16' ? 'enable f16;' : '')

/** Entries of a factor, from index \`first\` on. */
export const entries = (format: Format, side: 'left' | 'right'): string => {
  const { mask, offset } = entriesOf(format)[side]
  return /* wgsl */ `${enable(format)}${MIX}
struct Params { word: u32, first: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> factor: array<${typeOf(format)}>;

@compute @workgroup_size(${ENTRIES_PER_GROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.y * groups.x * ${ENTRIES_PER_GROUP}u + id.x;
  factor[i] = ${typeOf(format)}(i32(mix((params.first + i) ^ params.word) & ${mask}u) - ${offset});
}`
}

/** Digests of rows of a product: each thread has 4 by 4 outputs, each workgroup ${TILE} by ${TILE}. */
export const multiplication = (format: Format): string => {
  const type = typeOf(format)
  return /* wgsl */ `${enable(format)}${MIX}
const N = ${MATRIX_SIZE}u;
struct Params { firstRow: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> left: array<${type}>;
@group(0) @binding(2) var<storage, read> right: array<${type}>;
@group(0) @binding(3) var<storage, read_write> digests: array<atomic<u32>>;
var<workgroup> a: array<array<${type}, 65>, 16>;
var<workgroup> b: array<array<${type}, 65>, 16>;

@compute @workgroup_size(16, 16)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let row = group.y * ${TILE}u;
  let column = group.x * ${TILE}u;
  let thread = local.y * 16u + local.x;
  var sums: array<vec4<${type}>, 4>;
  for (var k = 0u; k < N; k += 16u) {
    for (var i = thread; i < 1024u; i += 256u) {
      a[i % 16u][i / 16u] = left[(row + i / 16u) * N + k + i % 16u];
      b[i % 16u][i / 16u] = right[(column + i / 16u) * N + k + i % 16u];
    }
    workgroupBarrier();
    for (var j = 0u; j < 16u; j++) {
      let y = local.y * 4u;
      let x = local.x * 4u;
      let across = vec4<${type}>(b[j][x], b[j][x + 1u], b[j][x + 2u], b[j][x + 3u]);
      sums[0] += a[j][y] * across;
      sums[1] += a[j][y + 1u] * across;
      sums[2] += a[j][y + 2u] * across;
      sums[3] += a[j][y + 3u] * across;
    }
    workgroupBarrier();
  }
  for (var y = 0u; y < 4u; y++) {
    var digest = 0u;
    for (var x = 0u; x < 4u; x++) {
      digest += mix(u32(i32(sums[y][x])) ^ ((column + local.x * 4u + x) * 0x9e3779b1u));
    }
    atomicAdd(&digests[params.firstRow + row + local.y * 4u + y], digest);
  }
}`
}

/** Reads a region from end to end, so that its bandwidth shows. */
export const READ = /* wgsl */ `
@group(0) @binding(0) var<storage, read> words: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> sums: array<u32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  var sum = vec4<u32>(0u);
  for (var i = id.x; i < arrayLength(&words); i += groups.x * 256u) { sum += words[i]; }
  sums[id.x] = sum.x + sum.y + sum.z + sum.w;
}`
