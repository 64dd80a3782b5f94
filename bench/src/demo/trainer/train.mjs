/**
 * Trains a digit classifier on MNIST: one hidden layer, stochastic gradient descent with momentum, plain JavaScript on one
 * core. One file without dependencies, because it is the job's whole program: it runs in a container that has Node and
 * nothing else.
 *
 *   node train.mjs --hidden 64 --lr 0.1 --momentum 0.9 --batch 64 --epochs 4 --seed 1 --data /data --out /out
 *
 * Reads the four original IDX files (plain or .gz) from --data; writes weights.bin and metrics.json to --out.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'

const PIXELS = 784
const DIGITS = 10
const REPORTS_PER_EPOCH = 4

/** mulberry32: small, fast and the same everywhere, so that a run repeats from its seed. */
function generator(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

function idx(folder, name, magic) {
  const path = join(folder, name)
  const bytes = existsSync(path) ? readFileSync(path) : gunzipSync(readFileSync(`${path}.gz`))
  if (bytes.readUInt32BE(0) !== magic) throw new Error(`${name} is no IDX file of the expected kind`)
  return { count: bytes.readUInt32BE(4), bytes: bytes.subarray(magic === 0x803 ? 16 : 8) }
}

/**
 * Images as lists of their lit pixels: four fifths of an MNIST image are black, and a black pixel adds nothing to any sum,
 * so leaving them out makes training five times faster without changing it.
 */
function images(folder, prefix) {
  const { count, bytes } = idx(folder, `${prefix}-images-idx3-ubyte`, 0x803)
  const labels = idx(folder, `${prefix}-labels-idx1-ubyte`, 0x801)
  if (labels.count !== count || bytes.length !== count * PIXELS) throw new Error(`${prefix}: images and labels do not match`)
  const lit = bytes.reduce((sum, value) => (value === 0 ? sum : sum + 1), 0)
  const set = {
    count,
    labels: labels.bytes,
    starts: new Uint32Array(count + 1),
    pixels: new Uint16Array(lit),
    values: new Float32Array(lit),
  }
  let at = 0
  for (let image = 0; image < count; image++) {
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      const value = bytes[image * PIXELS + pixel]
      if (value === 0) continue
      set.pixels[at] = pixel
      set.values[at++] = value / 255
    }
    set.starts[image + 1] = at
  }
  return set
}

/** He initialisation: layers keep the scale of what passes through them. */
function network(hidden, random) {
  const gaussian = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const matrix = (inputs, outputs) => Float32Array.from({ length: inputs * outputs }, () => gaussian() * Math.sqrt(2 / inputs))
  return {
    hidden,
    w1: matrix(PIXELS, hidden),
    b1: new Float32Array(hidden),
    w2: matrix(hidden, DIGITS),
    b2: new Float32Array(DIGITS),
  }
}

/** Fills `h` and the class probabilities `p` for one image. Weights lie input by input. */
function forward(net, set, image, h, p) {
  const { hidden, w1, w2 } = net
  h.set(net.b1)
  for (let at = set.starts[image]; at < set.starts[image + 1]; at++) {
    const row = set.pixels[at] * hidden
    const value = set.values[at]
    for (let unit = 0; unit < hidden; unit++) h[unit] += value * w1[row + unit]
  }
  p.set(net.b2)
  for (let unit = 0; unit < hidden; unit++) {
    if (h[unit] <= 0) {
      h[unit] = 0
      continue
    }
    for (let digit = 0; digit < DIGITS; digit++) p[digit] += h[unit] * w2[unit * DIGITS + digit]
  }
  softmax(p)
}

function softmax(p) {
  let top = p[0]
  for (let digit = 1; digit < DIGITS; digit++) if (p[digit] > top) top = p[digit]
  let sum = 0
  for (let digit = 0; digit < DIGITS; digit++) {
    p[digit] = Math.exp(p[digit] - top)
    sum += p[digit]
  }
  for (let digit = 0; digit < DIGITS; digit++) p[digit] /= sum
}

/** Adds one image's gradients of the cross-entropy to `g`, given what `forward` left in `h` and `p`. */
function backward(net, g, set, image, h, p, delta) {
  const { hidden, w2 } = net
  const label = set.labels[image]
  for (let digit = 0; digit < DIGITS; digit++) g.b2[digit] += p[digit] - (digit === label ? 1 : 0)
  for (let unit = 0; unit < hidden; unit++) {
    let sum = 0
    for (let digit = 0; digit < DIGITS; digit++) {
      const error = p[digit] - (digit === label ? 1 : 0)
      sum += error * w2[unit * DIGITS + digit]
      g.w2[unit * DIGITS + digit] += error * h[unit]
    }
    delta[unit] = h[unit] > 0 ? sum : 0
    g.b1[unit] += delta[unit]
  }
  for (let at = set.starts[image]; at < set.starts[image + 1]; at++) {
    const row = set.pixels[at] * hidden
    const value = set.values[at]
    for (let unit = 0; unit < hidden; unit++) g.w1[row + unit] += value * delta[unit]
  }
}

/** velocity = momentum · velocity − rate · mean gradient; clears the gradient. */
function descend(net, g, velocity, rate, momentum, batch) {
  for (const name of ['w1', 'b1', 'w2', 'b2']) {
    const [weights, gradient, speed] = [net[name], g[name], velocity[name]]
    const scale = rate / batch
    for (let at = 0; at < weights.length; at++) {
      speed[at] = momentum * speed[at] - scale * gradient[at]
      weights[at] += speed[at]
      gradient[at] = 0
    }
  }
}

const zeros = (net) => ({
  w1: new Float32Array(net.w1.length),
  b1: new Float32Array(net.b1.length),
  w2: new Float32Array(net.w2.length),
  b2: new Float32Array(net.b2.length),
})

function shuffled(order, random) {
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    ;[order[at], order[other]] = [order[other], order[at]]
  }
  return order
}

function evaluate(net, set) {
  const h = new Float32Array(net.hidden)
  const p = new Float32Array(DIGITS)
  let right = 0
  let loss = 0
  for (let image = 0; image < set.count; image++) {
    forward(net, set, image, h, p)
    if (p.indexOf(Math.max(...p)) === set.labels[image]) right++
    loss -= Math.log(Math.max(p[set.labels[image]], 1e-12))
  }
  return { accuracy: right / set.count, loss: loss / set.count }
}

/** One line on stdout at once: a pipe would hold it back otherwise. */
const say = (line) => writeSync(1, `${line}\n`)

function trainEpoch(net, set, options, state, epoch) {
  const { batch, momentum, epochs } = options
  // The rate falls to a tenth over the run: large steps first, fine ones at the end.
  const rate = options.lr * 0.1 ** (epoch / Math.max(1, epochs - 1))
  const order = shuffled(state.order, state.random)
  const h = new Float32Array(net.hidden)
  const p = new Float32Array(DIGITS)
  const delta = new Float32Array(net.hidden)
  const batches = Math.ceil(set.count / batch)
  const every = Math.ceil(batches / REPORTS_PER_EPOCH)
  let loss = 0
  let seen = 0
  for (let step = 0; step < batches; step++) {
    const end = Math.min(set.count, (step + 1) * batch)
    for (let at = step * batch; at < end; at++) {
      forward(net, set, order[at], h, p)
      backward(net, state.gradient, set, order[at], h, p, delta)
      loss -= Math.log(Math.max(p[set.labels[order[at]]], 1e-12))
      seen++
    }
    descend(net, state.gradient, state.velocity, rate, momentum, end - step * batch)
    if ((step + 1) % every === 0 || step + 1 === batches) {
      say(`epoch ${epoch + 1}/${epochs} ${Math.round((100 * end) / set.count)}% loss ${(loss / seen).toFixed(4)}`)
    }
  }
}

function main() {
  const text = (value) => ({ type: 'string', default: value })
  const { values } = parseArgs({
    options: {
      hidden: text('64'),
      lr: text('0.1'),
      momentum: text('0.9'),
      batch: text('64'),
      epochs: text('4'),
      seed: text('1'),
      data: text('/data'),
      out: text('/out'),
    },
  })
  const { data, out, ...numbers } = values
  const options = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value)]))
  if (Object.values(options).some((value) => !(value >= 0))) throw new Error('every option but --data and --out is a number')
  const started = performance.now()
  const training = images(data, 'train')
  const test = images(data, 't10k')
  say(`read ${training.count} training and ${test.count} test images`)
  const random = generator(options.seed)
  const net = network(options.hidden, random)
  const order = Uint32Array.from({ length: training.count }, (_, index) => index)
  const state = { random, order, gradient: zeros(net), velocity: zeros(net) }
  for (let epoch = 0; epoch < options.epochs; epoch++) trainEpoch(net, training, options, state, epoch)
  const { accuracy, loss } = evaluate(net, test)
  const seconds = Math.round(performance.now() - started) / 1000
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, 'weights.bin'), Buffer.concat([net.w1, net.b1, net.w2, net.b2].map((part) => Buffer.from(part.buffer))))
  writeFileSync(join(out, 'metrics.json'), `${JSON.stringify({ accuracy, loss, params: options, seconds })}\n`)
  say(`test accuracy ${(100 * accuracy).toFixed(2)}% loss ${loss.toFixed(4)} in ${seconds.toFixed(1)} s`)
}

main()
