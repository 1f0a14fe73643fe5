// What the client library costs: its calls beside bare `fetch`, in CPU, and how fast its outbox takes sends in.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { ClientTask, Used, Way } from './client-load.ts'
import { startEcho } from './processes.ts'
import { untilQuiet } from './quiet.ts'
import type { Figure } from './report.ts'

const rounds = 5
const atOnce = 16
const acceptRounds = 3

export async function client(): Promise<Figure[]> {
  const echo = await startEcho()
  const costs: Record<Way, number[]> = { fetch: [], 'timed fetch': [], client: [] }
  for (let round = 0; round < rounds; round++) {
    await untilQuiet()
    for (const way of Object.keys(costs) as Way[])
      costs[way].push((await run({ what: 'calls', port: echo.port, way, atOnce })).cost)
  }
  await echo.stop()
  const more = (of: Way) => costs.client.map((cost, round) => (100 * cost) / costs[of][round]! - 100)
  const unit = 'µs of CPU a call'
  const note = `${atOnce} at once; each in a process of its own, the echo in another`
  const figures: Figure[] = [
    { what: 'bare fetch', values: costs.fetch, unit, note },
    { what: 'bare fetch with a timeout', values: costs['timed fetch'], unit },
    { what: 'sendPush of the client', values: costs.client, unit },
    { what: 'the client costs more than bare fetch', values: more('fetch'), unit: '%' },
    { what: 'the client costs more than bare fetch with a timeout', values: more('timed fetch'), unit: '%' },
  ]
  for (const lanes of [1, 16, 256]) {
    const used: Used[] = []
    for (let round = 0; round < acceptRounds; round++) {
      await untilQuiet()
      used.push(await run({ what: 'accepts', sends: lanes === 1 ? 1_000 : 10_000, atOnce: lanes }))
    }
    const perSecond = used.map(one => one.perSecond)
    const what = `outbox.send, ${lanes} at once`
    figures.push({ what, values: perSecond, unit: 'sends/s', note: 'each on the disk, synced' })
    figures.push({ what: 'the same', values: used.map(({ cost }) => cost), unit: 'µs of CPU a send' })
  }
  return figures
}

async function run(task: ClientTask): Promise<Used> {
  const file = join(import.meta.dirname, 'client-load.ts')
  const child = spawn(process.execPath, [file, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(await text(child.stdout))
}
