// kill -9 in the middle of load, again and again on the same data: what was acknowledged is there, and what was sent
// under a key happened once (DESIGN.md §5, invariants 1 and 4).
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { Received } from './http-client.ts'
import { callerOf, type ServerCaller } from './server-caller.ts'
import { ServerProcess } from './server-process.ts'

const rounds = 3
const clients = 12
const receivers = ['ann', 'ben', 'cat']

/** The same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** One piece of work under a key: sent until it is acknowledged, and now and then once more. */
interface Keyed {
  readonly kind: 'message' | 'push'
  readonly key: string
  readonly to: string
  /** What it was acknowledged with. */
  result: string | undefined
}

class Load {
  readonly #random: () => number
  readonly users: string[] = []
  readonly apps: string[] = []
  readonly works: Keyed[] = []
  #caller: ServerCaller
  #rid = ''
  #cids: string[] = []
  #last = 0
  #target: { readonly works: number; readonly resolve: () => void } | undefined
  isStopped = false

  constructor(random: () => number, caller: ServerCaller) {
    this.#random = random
    this.#caller = caller
  }

  async prepare(): Promise<void> {
    for (const username of receivers)
      ok(await this.#caller.easemob('POST', '/users', { username, password: 'pw' }))
    ok(await this.#caller.admin('PATCH', '/apps/demo/chat', { limits: { push_per_minute: 1_000_000 } }))
    this.#rid = await this.#caller.device()
  }

  async fetchCids(): Promise<void> {
    this.#cids = ok(await this.#caller.jpush('GET', '/v3/push/cid?count=1000')).json.cidlist
  }

  /** Works until the server is gone. */
  async run(caller: ServerCaller): Promise<void> {
    this.#caller = caller
    try {
      for (;;) await this.#work(this.#random())
    } catch (error) {
      if (!this.isStopped || error instanceof assert.AssertionError) throw error
    }
  }

  /** Resolves when so many works have begun. */
  reached(works: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#target = { works, resolve }
    return promise
  }

  async #work(dice: number): Promise<void> {
    const number = ++this.#last
    if (dice < 0.2) return this.#registerUser(`user${number}`)
    if (dice < 0.25) return this.#makeApp(`app${number}`)
    if (dice < 0.45 && this.works.length > 0) return this.send(this.#pick(this.works))
    const work: Keyed =
      dice < 0.8
        ? { kind: 'message', key: `key-${number}`, to: this.#pick(receivers), result: undefined }
        : { kind: 'push', key: this.#cids.pop()!, to: this.#rid, result: undefined }
    this.works.push(work)
    if (this.#target && this.works.length >= this.#target.works) this.#target.resolve()
    return this.send(work)
  }

  async #registerUser(username: string): Promise<void> {
    ok(await this.#caller.easemob('POST', '/users', { username, password: 'pw' }))
    this.users.push(username)
  }

  async #makeApp(app: string): Promise<void> {
    ok(await this.#caller.admin('POST', '/apps', { org: 'crash', app }))
    this.apps.push(app)
  }

  async send(work: Keyed, caller = this.#caller): Promise<void> {
    const { kind, key, to } = work
    const answer =
      kind === 'message'
        ? await caller.easemob(
            'POST',
            '/messages/users',
            { from: 'ann', to: [to], type: 'txt', body: { msg: key } },
            { 'Idempotency-Key': key },
          )
        : await caller.jpush('POST', '/v3/push', {
            cid: key,
            platform: 'all',
            audience: { registration_id: [to] },
            message: { msg_content: key },
          })
    const result = ok(answer).text
    if (work.result === undefined) work.result = result
    else assert.equal(result, work.result, `${kind} ${key}`)
  }

  #pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)]!
  }
}

function ok(answer: Received): Received {
  assert.equal(answer.status, 200, answer.text)
  return answer
}

test('a server that is killed in the middle of its work loses nothing and repeats nothing', async t => {
  const seed = Number(process.env.POSTHOUSE_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
  t.diagnostic(`POSTHOUSE_TEST_SEED=${seed}`)
  const random = randomFrom(seed)
  let server = await ServerProcess.start(t)
  const { dataDir } = server
  const load = new Load(random, callerOf(server.runtime))
  await load.prepare()
  for (let round = 0; round < rounds; round++) {
    await load.fetchCids()
    load.isStopped = false
    const before = load.works.length
    const caller = callerOf(server.runtime)
    const working = Array.from({ length: clients }, () => load.run(caller))
    const target = before + 50 + Math.floor(random() * 400)
    await load.reached(target)
    load.isStopped = true
    server.kill('SIGKILL')
    await server.exited
    await Promise.all(working)
    // At the same address: an answer names it, and a repeat is answered to the byte.
    server = await ServerProcess.start(t, { dataDir, env: { POSTHOUSE_PORT: new URL(caller.http).port } })
    await verify(load, callerOf(server.runtime))
  }
  server.kill('SIGTERM')
  assert.equal((await server.exited).code, 0)
  countRows(dataDir, load)
})

async function verify(load: Load, caller: ServerCaller): Promise<void> {
  // What got no answer is sent again under its key, as a client would.
  for (const work of load.works) if (work.result === undefined) await load.send(work, caller)
  // And some of what did: the answer is the first one, to the byte.
  for (const work of load.works.slice(-100)) await load.send(work, caller)
  for (const username of load.users.slice(-200)) ok(await caller.easemob('GET', `/users/${username}`))
  for (const app of load.apps) ok(await caller.admin('GET', `/apps/crash/${app}`))
  for (const receiver of receivers) {
    const sent = load.works.filter(({ kind, to }) => kind === 'message' && to === receiver).length
    const { json } = ok(await caller.easemob('GET', `/users/${receiver}/offline_msg_count`))
    assert.equal(json.data[receiver], sent, receiver)
  }
}

function countRows(dataDir: string, { works, users }: Load): void {
  const database = new DatabaseSync(join(dataDir, 'posthouse.db'), { readOnly: true })
  const count = (table: string) => database.prepare(`SELECT count(*) AS n FROM ${table}`).get()!.n
  assert.equal(count('pushes'), works.filter(({ kind }) => kind === 'push').length)
  assert.equal(count('messages'), works.filter(({ kind }) => kind === 'message').length)
  assert.ok(Number(count('users')) >= users.length + receivers.length)
  database.close()
}
