// Figures taken while other work runs are not figures. Waits until the machine is idle; says so when it never is.
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const idleShareLeast = 0.9
const triesMax = 30

/** @returns false when the machine stayed busy for half a minute */
export async function untilQuiet(): Promise<boolean> {
  for (let tries = 0; tries < triesMax; tries++) {
    const before = cpuTimes()
    await sleep(1_000)
    const after = cpuTimes()
    if ((after.idle - before.idle) / (after.total - before.total) >= idleShareLeast) return true
  }
  return false
}

function cpuTimes(): { idle: number; total: number } {
  const [, ...times] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]!.split(/\s+/)
  const numbers = times.map(Number)
  return { idle: numbers[3]! + numbers[4]!, total: numbers.reduce((sum, ticks) => sum + ticks, 0) }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
