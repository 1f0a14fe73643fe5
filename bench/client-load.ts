// Calls the server at a port by bare `fetch` or by the client; or puts sends into an outbox. Prints what it used.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JpushClient, sendPush } from '../client/src/jpush.ts'
import { Outbox } from '../client/src/outbox.ts'

export type Way = 'fetch' | 'timed fetch' | 'client'
export type ClientTask =
  | { readonly what: 'calls'; readonly port: number; readonly way: Way; readonly atOnce: number }
  | { readonly what: 'accepts'; readonly sends: number; readonly atOnce: number }

export interface Used {
  readonly perSecond: number
  /** CPU, µs each. */
  readonly cost: number
}

/** For the compiler, and then what counts. */
const warmUp = 10_000
const counted = 15_000

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

async function costOfCalls({ port, way, atOnce }: Extract<ClientTask, { what: 'calls' }>): Promise<Used> {
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
  const ways: Readonly<Record<Way, () => Promise<unknown>>> = {
    fetch: () => bare(),
    'timed fetch': () => bare(AbortSignal.timeout(10_000)),
    client: () => sendPush(client, { push: { ...push, cid } }),
  }
  await atOneTime(warmUp, atOnce, ways[way])
  return measure(counted, atOnce, ways[way])
}

/** What is put in is on the disk; nothing is sent meanwhile. */
async function costOfAccepts({ sends, atOnce }: Extract<ClientTask, { what: 'accepts' }>): Promise<Used> {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-bench-outbox-'))
  const fetch = () => new Promise<Response>(() => {})
  const jpush = new JpushClient({ baseUrl: 'http://127.0.0.1:1', appKey, masterSecret, fetch })
  const outbox = new Outbox({ path: join(folder, 'outbox.db'), jpush, atOnceMax: 0 })
  const send = () => outbox.send({ kind: 'push', push })
  await atOneTime(atOnce * 4, atOnce, send)
  const used = await measure(sends, atOnce, send)
  rmSync(folder, { recursive: true })
  return used
}

async function measure(count: number, atOnce: number, call: () => Promise<unknown>): Promise<Used> {
  const before = process.cpuUsage()
  const startedAt = performance.now()
  await atOneTime(count, atOnce, call)
  const perSecond = count / ((performance.now() - startedAt) / 1_000)
  const { user, system } = process.cpuUsage(before)
  return { perSecond, cost: (user + system) / count }
}

async function atOneTime(count: number, atOnce: number, call: () => Promise<unknown>): Promise<void> {
  let left = count
  const lane = async () => {
    while (left-- > 0) await call()
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}
