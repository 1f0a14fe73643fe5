// What the client library costs: its calls beside bare `fetch`, in CPU, and how fast its outbox takes sends in.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Accepts, CallCosts, ClientTask } from './client-load.ts'
import { startEcho } from './processes.ts'
import { untilQuiet } from './quiet.ts'
import type { Figure } from './report.ts'

const rounds = 5
const atOnce = 16
const acceptRounds = 3

export async function client(): Promise<Figure[]> {
  const echo = await startEcho()
  await untilQuiet()
  const costs = (await run({ what: 'calls', port: echo.port, calls: 4_000, atOnce, rounds })) as CallCosts
  await echo.stop()
  const more = (of: readonly number[]) => costs.client.map((cost, round) => (100 * cost) / of[round]! - 100)
  const figures: Figure[] = [
    {
      what: 'bare fetch',
      values: costs.fetch,
      unit: 'µs of CPU a call',
      note: `${atOnce} at once, echo in another process`,
    },
    { what: 'bare fetch with a timeout', values: costs.timedFetch, unit: 'µs of CPU a call' },
    {
      what: 'sendPush of the client',
      values: costs.client,
      unit: 'µs of CPU a call',
      note: 'source as it is, not minified',
    },
    { what: 'more than bare fetch', values: more(costs.fetch), unit: '%' },
    { what: 'more than bare fetch with a timeout', values: more(costs.timedFetch), unit: '%' },
  ]
  for (const lanes of [1, 16, 256]) {
    const results: Accepts[] = []
    for (let round = 0; round < acceptRounds; round++) {
      await untilQuiet()
      results.push(
        (await run({ what: 'accepts', sends: lanes === 1 ? 500 : 5_000, atOnce: lanes })) as Accepts,
      )
    }
    const values = results.map(({ perSecond }) => perSecond)
    figures.push({
      what: `outbox.send, ${lanes} at once`,
      values,
      unit: 'sends/s',
      note: 'each on the disk, synced',
    })
    figures.push({ what: `the same`, values: results.map(({ cost }) => cost), unit: 'µs of CPU a send' })
  }
  return figures
}

async function run(task: ClientTask): Promise<CallCosts | Accepts> {
  const file = join(import.meta.dirname, 'client-load.ts')
  const child = spawn(process.execPath, ['--expose-gc', file, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(await text(child.stdout))
}
