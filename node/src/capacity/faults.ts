import type { Fault, Vendor } from './device.ts'
import type { ToolAnswer } from './tools.ts'

const LINE_CHARS_MAX = 160

/** What a tool's answer that is of no use means for the operator; undefined where there simply is no such tool. */
export function toolFault(vendor: Vendor, tool: string, answer: ToolAnswer): Fault | undefined {
  switch (answer.type) {
    case 'missing':
      return undefined
    case 'hung':
      return {
        id: `${vendor}-tool-hung`,
        text: `${tool} did not answer in time and was ended`,
        fix: `run ${tool} by hand; if it hangs there too, a card or its driver is stuck: see dmesg, then restart the machine`,
      }
    case 'failed':
      return {
        id: `${vendor}-driver-broken`,
        text: `${tool} says: ${firstLine(answer.text)}`,
        fix: 'restart the machine, so that driver and library are of one version; if that is in vain, install the driver again',
      }
    case 'done':
    case 'flooded':
      return {
        id: `${vendor}-tool-nonsense`,
        text: `${tool} printed what means nothing${answer.type === 'done' ? `: ${firstLine(answer.text)}` : ': far too much'}`,
        fix: `run ${tool} by hand; another program of that name may come first in PATH`,
      }
  }
}

/** What of it a person may read on one line. */
function firstLine(printed: string): string {
  const lines = printed.split('\n').map((line) => line.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]+/gu, ' ').trim())
  return lines.find((line) => line !== '')?.slice(0, LINE_CHARS_MAX) ?? 'nothing'
}
