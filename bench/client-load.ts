// Calls the server at a port by bare `fetch` and by the client, in turn; or puts sends into an outbox. Prints what it used.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JpushClient, sendPush } from '../client/src/jpush.ts'
import { Outbox } from '../client/src/outbox.ts'

export type ClientTask =
  | {
      readonly what: 'calls'
      readonly port: number
      readonly calls: number
      readonly atOnce: number
      readonly rounds: number
    }
  | { readonly what: 'accepts'; readonly sends: number; readonly atOnce: number }

/** CPU, µs a call, one a round. */
export type CallCosts = Readonly<Record<'fetch' | 'timedFetch' | 'client', readonly number[]>>
export interface Accepts {
  readonly perSecond: number
  /** CPU, µs. */
  readonly cost: number
}

const push = {
  platform: 'all',
  audience: { registration_id: ['1a0018970aaa0c3d2f1'] },
  notification: { alert: 'Your parcel is on its way', android: { extras: { order: 4711 } } },
  // The server echoes what it gets: this makes of it an answer.
  msg_id: '18100286953954624',
} as const
const appKey = 'a1b2c3d4e5f60718293a4b5c'
const masterSecret = '0f1e2d3c4b5a69788796a5b4'
const cid = `${appKey}-5b1f0a52-7c36-4c0e-9a55-1f5f2d0c9e11`

const task: ClientTask = JSON.parse(process.argv[2]!)
const result = task.what === 'calls' ? await costOfCalls(task) : await costOfAccepts(task)
console.log(JSON.stringify(result))
process.exit()

async function costOfCalls({
  port,
  calls,
  atOnce,
  rounds,
}: Extract<ClientTask, { what: 'calls' }>): Promise<CallCosts> {
  const baseUrl = `http://127.0.0.1:${port}`
  const client = new JpushClient({ baseUrl, appKey, masterSecret })
  const headers = {
    Authorization: `Basic ${btoa(`${appKey}:${masterSecret}`)}`,
    'Content-Type': 'application/json',
  }
  const bare = async (signal?: AbortSignal) => {
    const body = JSON.stringify({ ...push, cid })
    const response = await fetch(`${baseUrl}/v3/push`, {
      method: 'POST',
      headers,
      body,
      ...(signal && { signal }),
    })
    if (!response.ok) throw new Error(String(response.status))
    return response.json()
  }
  const ways = {
    fetch: () => bare(),
    timedFetch: () => bare(AbortSignal.timeout(10_000)),
    client: () => sendPush(client, { push: { ...push, cid } }),
  }
  const costs: Record<keyof typeof ways, number[]> = { fetch: [], timedFetch: [], client: [] }
  for (let round = -1; round < rounds; round++)
    for (const [name, call] of Object.entries(ways)) {
      globalThis.gc?.()
      const before = process.cpuUsage()
      await atOneTime(calls, atOnce, call)
      const { user, system } = process.cpuUsage(before)
      // The first round is for the compiler.
      if (round >= 0) costs[name as keyof typeof ways].push((user + system) / calls)
    }
  return costs
}

/** No server: what is put in is on the disk, and no client sends it. */
async function costOfAccepts({ sends, atOnce }: Extract<ClientTask, { what: 'accepts' }>): Promise<Accepts> {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-bench-outbox-'))
  // A host that is never asked: the outbox is told that all is due tomorrow.
  const jpush = new JpushClient({
    baseUrl: 'http://127.0.0.1:1',
    appKey,
    masterSecret,
    fetch: () => new Promise(() => {}),
  })
  const outbox = new Outbox({ path: join(folder, 'outbox.db'), jpush, atOnceMax: 0 })
  const send = () => outbox.send({ kind: 'push', push })
  await atOneTime(atOnce * 4, atOnce, send)
  const before = process.cpuUsage()
  const startedAt = performance.now()
  await atOneTime(sends, atOnce, send)
  const perSecond = sends / ((performance.now() - startedAt) / 1_000)
  const { user, system } = process.cpuUsage(before)
  rmSync(folder, { recursive: true })
  return { perSecond, cost: (user + system) / sends }
}

async function atOneTime(count: number, atOnce: number, call: () => Promise<unknown>): Promise<void> {
  let left = count
  const lane = async () => {
    while (left-- > 0) await call()
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}
