// An app server that pushes at a steady rate through one client library, in a process of its own, while its server goes away
// and comes back. Says what it was told, and how often it asked.
import https from 'node:https'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { JpushClient, sendPush } from '../client/src/jpush.ts'
import { Outbox } from '../client/src/outbox.ts'
import { asyncSdk, callbackSdk } from '../test/jpush-node-sdks.ts'

export type Way = 'outbox' | 'client' | 'jpush-sdk' | 'jpush-sdk, repeated' | 'jpush-async'

export interface SenderTask {
  readonly way: Way
  /** Of the relay that leads to the server. */
  readonly port: number
  readonly appKey: string
  readonly masterSecret: string
  readonly rid: string
  readonly perSecond: number
  readonly outboxPath: string
}

export type ToSender = 'start' | 'away' | 'back' | 'stop'

export interface SenderResult {
  /** Pushes that the app wanted sent. */
  readonly asked: number
  /** Of those, asked for while the server was away. */
  readonly askedAway: number
  /** Of those the app was told that they are accepted, or kept. */
  readonly accepted: number
  readonly failed: number
  /** While the server was away: requests, or attempts to connect for one. */
  readonly requestsAway: number
  readonly unhandled: number
  /** From the return until everything is accepted. */
  readonly drainMs: number
}

/** What the app waits for before it has another try, where it has one. */
const repeatMs = 5_000
const drainMsMax = 330_000

const task: SenderTask = JSON.parse(process.argv[2]!)
const { way, port, appKey, masterSecret, rid, perSecond, outboxPath } = task
let isAway = false
let isOver = false
let backAt = 0
let asked = 0
let askedAway = 0
let accepted = 0
let failed = 0
let underWay = 0
let requestsAway = 0
let unhandled = 0

const ways: Readonly<Record<Way, () => Sender>> = {
  outbox: () => {
    const outbox = new Outbox({ path: outboxPath, jpush: makeClient() })
    return {
      send: async push => void (await outbox.send({ kind: 'push', push })),
      open: async () => {
        const { pending = 0, sending = 0, waiting = 0, unknown = 0 } = await outbox.count()
        return pending + sending + waiting + unknown
      },
    }
  },
  client: () => {
    const client = makeClient()
    return { send: push => sendPush(client, { push }) }
  },
  'jpush-sdk': () => ({ send: makeSdk() }),
  'jpush-sdk, repeated': () => {
    const send = makeSdk()
    const again = async (push: object): Promise<unknown> => {
      for (;;) {
        try {
          return await send(push)
        } catch {
          await sleep(repeatMs)
        }
      }
    }
    return { send: again }
  },
  'jpush-async': () => {
    leadHere()
    const client = asyncSdk.buildClient({ appKey, masterSecret, isDebug: false })
    return { send: push => client.sendPush(push) }
  },
}

type Push = ReturnType<typeof pushOf>

interface Sender {
  /** Rejects where the app is told that it is not accepted. */
  send(push: Push): Promise<unknown>
  /** How many are kept that are not accepted yet. */
  open?(): Promise<number>
}

function makeClient(): JpushClient {
  return new JpushClient({
    baseUrl: `http://127.0.0.1:${port}`,
    appKey,
    masterSecret,
    fetch: (url, init) => {
      if (isAway) requestsAway++
      return fetch(url, init)
    },
  })
}

function makeSdk(): (push: object) => Promise<unknown> {
  leadHere()
  const client = callbackSdk.buildClient(appKey, masterSecret)
  const sendPayload = promisify(client.sendPush.bind(client))
  return push => sendPayload(JSON.stringify(push))
}

/** The SDKs know the vendor's hosts alone: their connections lead here. Each request has one. */
function leadHere(): void {
  const agent = new https.Agent()
  agent.createConnection = () => {
    if (isAway) requestsAway++
    return connect(port, '127.0.0.1')
  }
  https.globalAgent = agent
}

function pushOf(alert: string) {
  return { platform: 'all', audience: { registration_id: [rid] }, notification: { alert } } as const
}

process.on('unhandledRejection', () => unhandled++)
process.on('message', (message: ToSender) => {
  if (message === 'start') void run()
  else if (message === 'away') isAway = true
  else if (message === 'back') {
    isAway = false
    backAt = performance.now()
  } else isOver = true
})
process.send!('ready')

async function run(): Promise<void> {
  const sender = ways[way]()
  const startedAt = performance.now()
  while (!isOver) {
    if (isAway) askedAway++
    underWay++
    const told = sender.send(pushOf(`n${asked++}.`))
    told
      .then(() => accepted++)
      .catch(() => failed++)
      .finally(() => underWay--)
    await sleep(Math.max(0, startedAt + (asked * 1_000) / perSecond - performance.now()))
  }
  const deadline = performance.now() + drainMsMax
  while ((underWay > 0 || ((await sender.open?.()) ?? 0) > 0) && performance.now() < deadline)
    await sleep(100)
  const drainMs = performance.now() - backAt
  const result: SenderResult = { asked, askedAway, accepted, failed, requestsAway, unhandled, drainMs }
  process.send!(result, () => process.exit(0))
}
