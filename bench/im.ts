// Clients of users: messages from socket to socket, what an idle connection holds, a storm of logins.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { ImLogin } from '../test/im-client.ts'
import type { FromImSwarm, Talk, Talked, ToImSwarm } from './im-swarm.ts'
import { settledKb } from './memory.ts'
import { type PosthouseSubject, startPosthouse } from './processes.ts'
import { untilQuiet } from './quiet.ts'
import type { Figure } from './report.ts'

const rounds = 3
const pairs = 100
const talkSeconds = 5
const share = 0.1
const stormSessions = 1_000
const idleUsers = 1_000
const devicesPerUser = 10
const answerMsMax = 300_000

export async function im(): Promise<Figure[]> {
  return [...(await talks()), await storms(), await idleMemory()]
}

async function talks(): Promise<Figure[]> {
  const subject = await startPosthouse(cheapPasswords)
  const swarm = await Swarm.connect(subject, await makeLogins(subject, pairs * 2), 50)
  const fast: Talked[] = []
  for (let round = -1; round < rounds; round++) {
    await untilQuiet()
    const talked = await swarm.talk({ seconds: talkSeconds, outstanding: 4 })
    // The first round warms up.
    if (round >= 0) fast.push(talked)
  }
  const most = Math.max(...fast.map(({ perSecond }) => perSecond))
  const rate = Math.round(most * share)
  const calm: Talked[] = []
  for (let round = 0; round < rounds; round++) {
    await untilQuiet()
    calm.push(await swarm.talk({ seconds: talkSeconds, outstanding: 1, rate }))
  }
  swarm.close()
  await subject.stop()
  const achieved = calm.map(({ perSecond }) => Math.round(perSecond)).join(', ')
  const latencies = (of: readonly Talked[], name: 'p50' | 'p99') =>
    of.map(({ latenciesMs }) => latenciesMs[name])
  return [
    {
      what: `1:1 messages, socket to socket, ${pairs} pairs with 4 under way each`,
      values: fast.map(({ perSecond }) => perSecond),
      unit: 'messages/s',
      note: 'stored before the sender is told, acknowledged by the receiver',
    },
    { what: 'the same, send → receiver, p50', values: latencies(fast, 'p50'), unit: 'ms' },
    { what: 'the same, send → receiver, p99', values: latencies(fast, 'p99'), unit: 'ms' },
    {
      what: '1:1 at a tenth of that, send → receiver, p50',
      values: latencies(calm, 'p50'),
      unit: 'ms',
      note: `offered ${rate}/s, achieved ${achieved}/s`,
    },
    { what: '1:1 at a tenth of that, send → receiver, p99', values: latencies(calm, 'p99'), unit: 'ms' },
  ]
}

async function storms(): Promise<Figure> {
  const values: number[] = []
  for (let round = 0; round < rounds; round++) {
    const subject = await startPosthouse(cheapPasswords)
    const logins = await makeLogins(subject, stormSessions)
    await untilQuiet()
    const swarm = await Swarm.connect(subject, logins, stormSessions)
    values.push(swarm.connectedMs)
    swarm.close()
    await subject.stop()
  }
  return {
    what: `login storm: ${stormSessions.toLocaleString('en')} sessions at once until all are in`,
    values,
    unit: 'ms',
    note: 'by token',
  }
}

async function idleMemory(): Promise<Figure> {
  const values: number[] = []
  const sessions = idleUsers * devicesPerUser
  for (let round = 0; round < rounds; round++) {
    const subject = await startPosthouse(cheapPasswords, { isMemoryMeasured: true })
    const logins = await makeLogins(subject, idleUsers, devicesPerUser)
    const before = await settledKb(subject)
    const swarm = await Swarm.connect(subject, logins, 100)
    values.push(((await settledKb(subject)) - before) / sessions)
    swarm.close()
    await subject.stop()
  }
  return {
    what: `resident memory per idle client connection, ${sessions.toLocaleString('en')} connections`,
    values,
    unit: 'KB',
    note: 'plain WebSocket, growth from none to all',
  }
}

/** Registering is not what is measured. */
const cheapPasswords = { POSTHOUSE_SCRYPT_COST: '1024' }

class Swarm {
  readonly #child: ChildProcess
  readonly connectedMs: number

  private constructor(child: ChildProcess, connectedMs: number) {
    this.#child = child
    this.connectedMs = connectedMs
  }

  static async connect(subject: PosthouseSubject, logins: readonly ImLogin[], lanes: number): Promise<Swarm> {
    const child = fork(join(import.meta.dirname, 'im-swarm.ts'))
    const url = `${subject.runtime.http}/demo/chat`
    const connected = next(child)
    child.send({ connect: { org: 'demo', app: 'chat', url, logins, lanes } } satisfies ToImSwarm)
    const { connectedMs } = (await connected) as Extract<FromImSwarm, { connectedMs: number }>
    return new Swarm(child, connectedMs)
  }

  async talk(talk: Talk): Promise<Talked> {
    const talked = next(this.#child)
    this.#child.send({ talk } satisfies ToImSwarm)
    return ((await talked) as Extract<FromImSwarm, { talked: Talked }>).talked
  }

  close(): void {
    this.#child.disconnect()
    this.#child.kill()
  }
}

async function next(child: ChildProcess): Promise<FromImSwarm> {
  const [message] = await once(child, 'message', { signal: AbortSignal.timeout(answerMsMax) })
  return message as FromImSwarm
}

/** Registers users, and has a token and names of devices for each. */
async function makeLogins({ runtime }: PosthouseSubject, users: number, devices = 1): Promise<ImLogin[]> {
  const url = `${runtime.http}/demo/chat`
  const post = async (path: string, body: object) => {
    const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.json() as Promise<{ access_token: string }>
  }
  const logins: ImLogin[] = []
  const lanes = 32
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (let user = lane; user < users; user += lanes) {
        const account = { username: `user${user}`, password: 'pw' }
        await post('/users', account)
        const { access_token: token } = await post('/token', { grant_type: 'password', ...account })
        for (let device = 0; device < devices; device++)
          logins.push({ username: account.username, token, resource: `bench_${device}` })
      }
    }),
  )
  return logins
}
