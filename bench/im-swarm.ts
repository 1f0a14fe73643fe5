// A process of its own that holds clients of users: logs them in, lets them write to each other, measures.
import { ImClient, type ImLogin } from '../test/im-client.ts'

export interface ImSwarmLogins {
  readonly org: string
  readonly app: string
  /** Base URL of the app. */
  readonly url: string
  readonly logins: readonly ImLogin[]
  /** Logins under way at once. */
  readonly lanes: number
}

/** The first half of the clients writes to the second, one to one. */
export interface Talk {
  readonly seconds: number
  /** Messages of one writer that are under way at once. */
  readonly outstanding: number
  /** Of all together, per second; absent = as fast as it goes. */
  readonly rate?: number
}

export type ToImSwarm = { readonly connect: ImSwarmLogins } | { readonly talk: Talk }

export interface Talked {
  readonly perSecond: number
  /** From the send to the receiver's client having it. */
  readonly latenciesMs: { readonly p50: number; readonly p99: number }
}

export type FromImSwarm = { readonly connectedMs: number } | { readonly talked: Talked }

const clients: ImClient[] = []
const neverEnds = { after: () => {} }

process.on('message', async (message: ToImSwarm) => {
  if ('connect' in message) process.send!({ connectedMs: await connect(message.connect) })
  else process.send!({ talked: await talk(message.talk) })
})

async function connect({ logins, lanes, ...app }: ImSwarmLogins): Promise<number> {
  const startedAt = performance.now()
  const left = logins.values()
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const login of left) clients.push(await ImClient.login(neverEnds, app, login))
    }),
  )
  return performance.now() - startedAt
}

async function talk({ seconds, outstanding, rate }: Talk): Promise<Talked> {
  const half = clients.length / 2
  const latencies: number[] = []
  const startedAt = performance.now()
  const endsAt = startedAt + seconds * 1_000
  const pairs = clients.slice(0, half).map((writer, at) => ({ writer, reader: clients[half + at]! }))
  const readers = pairs.map(({ reader }) => read(reader, latencies))
  const lanes = pairs.flatMap(({ writer, reader }) =>
    Array.from({ length: outstanding }, () => ({ writer, reader })),
  )
  const gapMs = rate === undefined ? 0 : (lanes.length / rate) * 1_000
  await Promise.all(
    lanes.map(async ({ writer, reader }, at) => {
      if (gapMs > 0) await pause((gapMs * at) / lanes.length)
      for (let next = performance.now(); performance.now() < endsAt; next += gapMs) {
        await writer.text(reader.username, String(performance.now()))
        if (gapMs > 0) await pause(next + gapMs - performance.now())
      }
    }),
  )
  const took = (performance.now() - startedAt) / 1_000
  for (const { writer, reader } of pairs) await writer.text(reader.username, 'end')
  await Promise.all(readers)
  latencies.sort((a, b) => a - b)
  const share = (part: number) => latencies[Math.floor((latencies.length - 1) * part)] ?? Number.NaN
  return { perSecond: latencies.length / took, latenciesMs: { p50: share(0.5), p99: share(0.99) } }
}

async function read(reader: ImClient, latencies: number[]): Promise<void> {
  for (;;) {
    const { text } = await reader.nextMessage()
    if (text === 'end') return
    latencies.push(performance.now() - Number(text))
  }
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, Math.max(0, ms)))
}
