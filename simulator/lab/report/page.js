/**
 * Draws the plots of a report: runs in the reader's browser, after uPlot, from the document in `#data`. It asks for nothing from
 * any network. A figure gets `data-drawn="true"` once its curves changed pixels of its canvas; an error goes to `data-error`.
 */
;((uPlot, document, window) => {
  const heightOf = (plot) => (plot.isSmall ? 170 : 300)
  const { plots } = JSON.parse(document.getElementById('data').textContent)
  const css = (name) => window.getComputedStyle(document.documentElement).getPropertyValue(name).trim()
  const colour = (index) => css(`--curve-${(index % 8) + 1}`)
  const shown = []

  window.addEventListener('error', (event) => {
    document.documentElement.dataset.error = event.message
  })

  function number(value) {
    if (value === null || value === undefined || Number.isNaN(value)) return ''
    const size = Math.abs(value)
    if (size >= 1e9) return `${short(value / 1e9)} G`
    if (size >= 1e6) return `${short(value / 1e6)} M`
    if (size >= 1e4) return `${short(value / 1e3)} k`
    return size > 0 && size < 0.001 ? value.toExponential(1) : short(value)
  }
  const short = (value) => String(Number(value.toPrecision(4)))
  const text = (axis, value) => (axis.percent ? percent(value) : number(value))
  const percent = (value) => (value === null || value === undefined ? '' : `${Number((value * 100).toPrecision(4))} %`)

  function extent(axis, lists) {
    let low = axis.min ?? Number.POSITIVE_INFINITY
    let high = axis.max ?? Number.NEGATIVE_INFINITY
    for (const list of lists) {
      for (const value of list ?? []) {
        if (value === null || (axis.log && value <= 0)) continue
        if (axis.min === undefined && value < low) low = value
        if (axis.max === undefined && value > high) high = value
      }
    }
    if (!(low <= high)) return [0, 1]
    return low === high ? widened(axis, low) : [low, high]
  }
  const widened = (axis, value) => (axis.log ? [value / 2, value * 2] : [Math.min(0, value), value === 0 ? 1 : value * 1.2])

  function scale(axis, lists, tight) {
    const [low, high] = extent(axis, lists)
    const padded = axis.log
      ? tight
        ? uPlot.rangeLog(low, high, 10, false)
        : [low / 1.4, high * 1.4]
      : tight
        ? [low, high]
        : uPlot.rangeNum(axis.min ?? (low >= 0 && low < high / 2 ? 0 : low), high, 0.05, true)
    const range = [axis.min ?? padded[0], axis.max ?? padded[1]]
    return { time: false, distr: axis.log ? 3 : 1, log: 10, range: () => range }
  }

  function axis(side, spec) {
    return {
      side,
      label: spec.unit ? `${spec.label} (${spec.unit})` : spec.label,
      labelSize: 24,
      size: side === 3 ? 58 : 40,
      font: '12px system-ui, sans-serif',
      labelFont: '12px system-ui, sans-serif',
      stroke: () => css('--muted'),
      grid: { stroke: () => css('--grid'), width: 1 },
      ticks: { stroke: () => css('--grid'), width: 1, size: 5 },
      values: (_, splits) => splits.map((value) => text(spec, value)),
    }
  }

  function series(plot, curve, index) {
    const points = curve.style === 'points'
    // Between two gaps there is no line: a lone value needs a point to be seen.
    const hasGaps = curve.y.includes(null)
    return {
      label: curve.label,
      stroke: () => (curve.faint ? css('--faint') : colour(index)),
      width: curve.faint ? 1 : 2,
      dash: curve.style === 'dashed' ? [7, 5] : undefined,
      paths: curve.style === 'step' ? uPlot.paths.stepped({ align: 1 }) : undefined,
      points: { show: points || hasGaps, size: points ? 8 : 4, fill: () => colour(index) },
      value: (_, value) => (value === null || value === undefined ? '–' : text(plot.y, value)),
    }
  }

  /** Ranges behind their lines, error bars across their points, and lines where something happened. */
  function underlay(u, plot) {
    const { ctx, bbox } = u
    ctx.save()
    ctx.beginPath()
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
    ctx.clip()
    plot.curves.forEach((curve, index) => {
      if (curve.low === undefined || !u.series[index + 1].show) return
      ctx.strokeStyle = ctx.fillStyle = colour(index)
      if (curve.style === 'points') bars(u, curve)
      else band(u, curve)
    })
    ctx.restore()
    marks(u, plot)
  }

  function bars(u, curve) {
    const { ctx } = u
    ctx.lineWidth = 1.5 * window.devicePixelRatio
    curve.x.forEach((x, at) => {
      const [left, low, high] = [
        u.valToPos(x, 'x', true),
        u.valToPos(curve.low[at], 'y', true),
        u.valToPos(curve.high[at], 'y', true),
      ]
      const cap = 5 * window.devicePixelRatio
      ctx.beginPath()
      ctx.moveTo(left, low)
      ctx.lineTo(left, high)
      for (const end of [low, high]) {
        ctx.moveTo(left - cap, end)
        ctx.lineTo(left + cap, end)
      }
      ctx.stroke()
    })
  }

  function band(u, curve) {
    const { ctx } = u
    const known = curve.x.map((_, at) => at).filter((at) => curve.low[at] !== null && curve.high[at] !== null)
    ctx.globalAlpha = 0.18
    ctx.beginPath()
    for (const at of known) ctx.lineTo(u.valToPos(curve.x[at], 'x', true), u.valToPos(curve.high[at], 'y', true))
    for (const at of known.reverse()) ctx.lineTo(u.valToPos(curve.x[at], 'x', true), u.valToPos(curve.low[at], 'y', true))
    ctx.fill()
    ctx.globalAlpha = 1
  }

  function marks(u, plot) {
    const { ctx, bbox } = u
    const dpr = window.devicePixelRatio
    ctx.save()
    ctx.font = `${11 * dpr}px system-ui, sans-serif`
    ctx.strokeStyle = ctx.fillStyle = css('--mark')
    ctx.lineWidth = dpr
    ctx.setLineDash([4 * dpr, 3 * dpr])
    for (const [row, { at, label }] of (plot.marks ?? []).entries()) {
      const left = u.valToPos(at, 'x', true)
      if (!(left >= bbox.left && left <= bbox.left + bbox.width)) continue
      ctx.beginPath()
      ctx.moveTo(left, bbox.top)
      ctx.lineTo(left, bbox.top + bbox.height)
      ctx.stroke()
      const toLeft = left > bbox.left + bbox.width * 0.7
      ctx.textAlign = toLeft ? 'right' : 'left'
      ctx.fillText(label, left + (toLeft ? -5 : 5) * dpr, bbox.top + (12 + 13 * (row % 3)) * dpr)
    }
    ctx.restore()
  }

  /** Kept in main memory: reading a canvas that is drawn on back from the graphics processor makes it slow for good. */
  const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true })

  /** Every pixel of the plotting area in one number, to see whether the curves changed any. */
  function pixels(u) {
    const { left, top, width, height } = u.bbox
    probe.canvas.width = width
    probe.canvas.height = height
    probe.drawImage(u.ctx.canvas, left, top, width, height, 0, 0, width, height)
    const data = new Uint32Array(probe.getImageData(0, 0, width, height).data.buffer)
    let sum = 0
    for (let index = 0; index < data.length; index++) sum = (Math.imul(sum, 31) + data[index]) | 0
    return sum
  }

  function draw(figure, plot) {
    const place = figure.querySelector('.plot')
    let before
    const hooks = {
      drawAxes: [
        (u) => {
          underlay(u, plot)
          if (figure.dataset.drawn === undefined) before = pixels(u)
        },
      ],
      draw: [
        (u) => {
          if (figure.dataset.drawn === undefined) figure.dataset.drawn = String(pixels(u) !== before)
        },
      ],
    }
    const join = uPlot.join(plot.curves.map((curve) => [curve.x, curve.y]))
    const tight = plot.curves.every((curve) => curve.style !== 'points')
    const options = {
      width: place.clientWidth,
      height: heightOf(plot),
      padding: [12, 26, 0, 0],
      scales: {
        x: scale(
          plot.x,
          plot.curves.map((curve) => curve.x),
          tight,
        ),
        y: scale(
          plot.y,
          plot.curves.flatMap((curve) => [curve.y, curve.low, curve.high]),
          false,
        ),
      },
      axes: [axis(2, plot.x), axis(3, plot.y)],
      series: [
        {
          label: plot.x.label,
          value: (_, value) => (value === null ? '–' : `${text(plot.x, value)}${plot.x.unit ? ` ${plot.x.unit}` : ''}`),
        },
        ...plot.curves.map((curve, index) => series(plot, curve, index)),
      ],
      cursor: { points: { size: 7 }, drag: { x: false, y: false } },
      hooks,
    }
    shown.push({ place, height: heightOf(plot), plot: new uPlot(options, join, place) })
  }

  function csv(plot) {
    const quote = (value) => `"${String(value).replaceAll('"', '""')}"`
    const lines = ['curve,x,y,low,high']
    for (const { label, x, y, low, high } of plot.curves)
      x.forEach((value, at) => {
        lines.push([quote(label), value, y[at] ?? '', low?.[at] ?? '', high?.[at] ?? ''].join(','))
      })
    return `${lines.join('\n')}\n`
  }

  for (const figure of document.querySelectorAll('figure[data-plot]')) {
    const plot = plots[Number(figure.dataset.plot)]
    try {
      draw(figure, plot)
    } catch (error) {
      figure.dataset.error = document.documentElement.dataset.error = String(error?.message)
    }
    const link = figure.querySelector('a.data')
    link.addEventListener('click', () => {
      link.href = window.URL.createObjectURL(new window.Blob([csv(plot)], { type: 'text/csv' }))
    })
  }

  const redraw = () => {
    for (const { place, height, plot } of shown) {
      if (place.clientWidth > 0 && place.clientWidth !== plot.width) plot.setSize({ width: place.clientWidth, height })
      else plot.redraw(false)
    }
  }
  window.addEventListener('resize', redraw)
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)
  document.documentElement.dataset.ready = 'true'
})(window.uPlot ?? uPlot, document, window)
