/** Amounts of what was measured, to three digits. */
export const significant = (value: number): string => String(Number(value.toPrecision(3)))
export const gibText = (value: number): string => `${significant(value)} GiB`
export const rateText = (gibPerSecond: number): string => `${significant(gibPerSecond)} GiB/s`
/** Of processors in GFLOPS. */
export const flopsText = (tflops: number): string =>
  tflops < 0.1 ? `${significant(tflops * 1000)} GFLOPS` : `${significant(tflops)} TFLOPS`
