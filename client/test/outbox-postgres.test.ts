// The outbox in a PostgreSQL, and in the transactions of its caller.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Pool, type PoolClient } from 'pg'
import { until } from '../../test/until.ts'
import type { Send } from '../src/outbox.ts'
import {
  type PostgresClient,
  type PostgresPool,
  PostgresStore,
  type PostgresStoreOptions,
} from '../src/outbox-postgres.ts'
import { answer, type Script } from './hostile-server.ts'
import { type MakePlaces, makeStage, message, outboxCases, push, sent } from './outbox.conform.ts'
import { startPostgres } from './postgres-server.ts'

type StoreOptions = Omit<PostgresStoreOptions, 'pool'>

/** Each opening has a pool of its own, as each process has. */
function makePlacesWith(options: StoreOptions = {}): MakePlaces {
  return (t, clock) => {
    const schemas = new Map<string, ReturnType<typeof makeSchema>>()
    return async name => {
      if (!schemas.has(name)) schemas.set(name, makeSchema())
      const pool = new Pool(await schemas.get(name))
      // A connection that breaks while nobody has it.
      pool.on('error', () => {})
      t.after(() => pool.end())
      return { store: await PostgresStore.open({ pool, clock, ...options }), pool }
    }
  }
}

async function makeSchema() {
  return (await startPostgres()).makeSchema()
}

outboxCases(makePlacesWith())

/** An app with a pool of its own beside the outbox's, and a table `orders`. */
async function makeApp(t: TestContext, scripts: Script[], options: StoreOptions = {}) {
  const stage = await makeStage(t, makePlacesWith(options), scripts)
  const { store, pool } = (await stage.places('outbox')) as { store: PostgresStore; pool: Pool }
  await pool.query('CREATE TABLE orders (name TEXT)')
  const begin = async () => {
    const client = await pool.connect()
    await client.query('BEGIN')
    return client
  }
  const end = async (client: PoolClient, how: 'COMMIT' | 'ROLLBACK') => {
    await client.query(how)
    client.release()
  }
  const inTransaction = async (how: 'COMMIT' | 'ROLLBACK', send: Send) => {
    const client = await begin()
    await client.query(`INSERT INTO orders VALUES ('parcel')`)
    const itemId = await store.sendIn(client, send)
    await end(client, how)
    return itemId
  }
  return { ...stage, store, pool, begin, end, inTransaction }
}

const say = (msg: string, conversation = ''): Send => ({
  kind: 'message',
  message: { ...message, body: { msg } },
  conversation,
})
const textOf = ({ body }: { readonly body: string }): string => JSON.parse(body).body.msg
const delivered = answer(200, { data: { bob: '1' } })

test('a send within a transaction is sent if the caller commits, and was never there if not', async t => {
  const { outbox, inTransaction, becomes, sends, pool, clock, store } = await makeApp(t, [answer(200, sent)])
  const undone = await inTransaction('ROLLBACK', { kind: 'push', push })
  const done = await inTransaction('COMMIT', { kind: 'push', push })
  clock.advance(store.pollMs)
  await becomes(done, 'sent')
  assert.equal(await outbox.find(undone), undefined)
  assert.equal(sends().length, 1)
  assert.equal((await pool.query('SELECT * FROM orders')).rows.length, 1)
})

test('what is committed wakes an outbox that listens, also after its connection was lost', async t => {
  const { inTransaction, becomes, clock, store, pool } = await makeApp(t, [answer(200, sent)], {
    isNotifying: true,
  })
  const listeners = async () => {
    const found = await pool.query(`SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%'`)
    return found.rows.map(({ pid }) => pid as number)
  }
  const [lost] = await until(async () => {
    const pids = await listeners()
    return pids.length > 0 && pids
  })
  await becomes(await inTransaction('COMMIT', { kind: 'push', push }), 'sent')
  await pool.query('SELECT pg_terminate_backend($1)', [lost])
  await until(async () => {
    clock.advance(store.pollMs)
    const pids = await listeners()
    return pids.some(pid => pid !== lost)
  })
  await becomes(await inTransaction('COMMIT', { kind: 'push', push }), 'sent')
})

test('a process that is killed within its transaction has sent nothing, and nothing waits for it', async t => {
  const { outbox, becomes, pool, sends, clock, store } = await makeApp(t, [delivered])
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, 'outbox-postgres-child.ts'),
      JSON.stringify(pool.options),
      JSON.stringify(say('lost', 'bob')),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const itemId = String((await once(child.stdout, 'data'))[0])
  child.kill('SIGKILL')
  await once(child, 'exit')
  await becomes(await outbox.send(say('next', 'bob')), 'sent')
  clock.advance(store.pollMs)
  await becomes(await outbox.send(say('last', 'bob')), 'sent')
  assert.equal(await outbox.find(itemId), undefined)
  assert.equal(sends().length, 2)
})

test('a send that is committed late is sent, and not beside a later one of its conversation', async t => {
  const held: Socket[] = []
  const script: Script = (socket, asked) =>
    textOf(asked) === 'second' ? void held.push(socket) : delivered(socket, asked)
  const { outbox, becomes, begin, end, store } = await makeApp(t, [script])
  const early = await begin()
  const first = await store.sendIn(early, say('first', 'bob'))
  const second = await outbox.send(say('second', 'bob'))
  await until(async () => held.length === 1)
  await end(early, 'COMMIT')
  await becomes(await outbox.send(say('elsewhere')), 'sent')
  assert.equal((await outbox.find(first))!.state, 'pending')
  delivered(held[0]!, {} as never)
  await becomes(second, 'sent')
  await becomes(first, 'sent')
})

test('an item that another transaction has holds up none but itself', async t => {
  const { outbox, inTransaction, becomes, begin, end, clock, store } = await makeApp(t, [delivered])
  const other = await begin()
  const lock = `SELECT * FROM posthouse_outbox WHERE item_id = $1 AND state = 'pending' FOR UPDATE`
  // The outbox has just been opened, and may be looking already: then it was faster.
  const itemId = await until(async () => {
    const put = await inTransaction('COMMIT', say('held'))
    return (await other.query(lock, [put])).rows.length > 0 && put
  })
  await becomes(await outbox.send(say('free')), 'sent')
  assert.equal((await outbox.find(itemId))!.state, 'pending')
  await end(other, 'ROLLBACK')
  clock.advance(store.pollMs)
  await becomes(itemId, 'sent')
})

test('of many workers and transactions at once, each send is sent once, its conversation one by one and in order', async t => {
  const underWay = new Map<string, number>()
  const log: string[] = []
  const script: Script = (socket, asked) => {
    const text = textOf(asked)
    const conversation = text.split('.')[0]!
    underWay.set(conversation, (underWay.get(conversation) ?? 0) + 1)
    log.push(underWay.get(conversation) === 1 ? text : `${text} beside another`)
    setImmediate(() => {
      underWay.set(conversation, underWay.get(conversation)! - 1)
      delivered(socket, asked)
    })
  }
  const { outbox, open, begin, end, store } = await makeApp(t, [script], { isNotifying: true })
  for (let nth = 0; nth < 2; nth++) await open()
  const texts: string[][] = []
  await Promise.all(
    Array.from({ length: 24 }, async (_, nth) => {
      const conversation = `c${nth % 3}`
      const client = await begin()
      const own = [0, 1, 2].map(step => `${conversation}.${nth}.${step}`)
      texts.push(own)
      for (const text of own) await store.sendIn(client, say(text, conversation))
      await end(client, 'COMMIT')
    }),
  )
  await until(async () => (await outbox.count()).sent === 72)
  assert.deepEqual(log.toSorted(), texts.flat().toSorted())
  for (const own of texts)
    assert.deepEqual(
      log.filter(text => own.includes(text)),
      own,
    )
})

test('two workers that claim at once do not both claim in one conversation', async t => {
  const pool = new Pool(await makeSchema())
  t.after(() => pool.end())
  const store = await PostgresStore.open({ pool })
  const early = await pool.connect()
  await early.query('BEGIN')
  await store.sendIn(early, say('first', 'bob'))
  const second = await store.sendIn(pool, say('second', 'bob'))
  const claim = { now: Date.now() + 1, leaseMs: 60_000, count: 8, keysFrom: 0 }

  // It has claimed the second, and nobody sees that yet.
  const slow = gate(pool, /^COMMIT/)
  const slowClaim = (await PostgresStore.open({ pool: slow.pool })).claim('slow', claim)
  await slow.reached
  await early.query('COMMIT')
  early.release()
  assert.deepEqual((await store.claim('fast', claim)).claimed, [])
  // It has seen that the first is the first, and is late with the lock.
  const late = gate(pool, /pg_try_advisory/)
  const lateClaim = (await PostgresStore.open({ pool: late.pool })).claim('late', claim)
  await late.reached
  slow.open()
  assert.deepEqual(
    (await slowClaim).claimed.map(({ itemId }) => itemId),
    [second],
  )
  late.open()
  assert.deepEqual((await lateClaim).claimed, [])
})

/** A pool whose transactions wait before the statement that matches, until it is opened. */
function gate(pool: Pool, before: RegExp) {
  const arrival = Promise.withResolvers<void>()
  const opening = Promise.withResolvers<void>()
  const connect = async (): Promise<PostgresClient> => {
    const client = await pool.connect()
    const query: PostgresClient['query'] = async (text, values) => {
      if (before.test(text)) {
        arrival.resolve()
        await opening.promise
      }
      return client.query(text, values)
    }
    return {
      query,
      release: error => client.release(error),
      on: (event, listener) => client.on(event as 'end', listener),
      removeListener: (event, listener) => client.removeListener(event, listener),
    }
  }
  const query: PostgresPool['query'] = (text, values) => pool.query(text, values)
  return { pool: { query, connect }, reached: arrival.promise, open: opening.resolve }
}

test('connections that are lost in the middle lose nothing, and send nothing twice', async t => {
  const { open, sends, pool, clock, store } = await makeApp(t, [delivered])
  // The clock runs ahead below.
  const leaseMs = 365 * 24 * 3_600_000
  const worker = await open({ leaseMs })
  const texts = Array.from({ length: 60 }, (_, nth) => `m${nth}`)
  const kept = Promise.all(texts.map(text => worker.send(say(text))))
  await until(async () => {
    clock.advance(store.pollMs)
    await pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE pid <> pg_backend_pid() AND query LIKE '%posthouse_outbox%' AND random() < 0.3`,
    )
    return (await worker.count().catch(() => undefined))?.sent === texts.length
  })
  await kept
  assert.deepEqual(
    sends()
      .map(({ body }) => body.msg)
      .toSorted(),
    texts.toSorted(),
  )
})

test('what PostgreSQL has done, but could not say, is neither done twice nor left undone', async t => {
  const lost = new Set<string>()
  const makePlaces: MakePlaces = (t, clock) => async () => {
    const pool = new Pool(await makeSchema())
    t.after(() => pool.end())
    const query: PostgresPool['query'] = async (text, values) => {
      const done = await pool.query(text, values)
      const isFirst = /^\s*INSERT(?!.*ON CONFLICT)|SET version/s.test(text) && !lost.has(text)
      if (!isFirst) return done
      lost.add(text)
      throw new Error('the connection is lost')
    }
    const store = await PostgresStore.open({ pool: { query, connect: () => pool.connect() }, clock })
    const claim = store.claim.bind(store)
    let claims = 0
    store.claim = async (owner, options) => {
      const done = await claim(owner, options)
      if (done.claimed.length > 0 && claims++ < 2) throw new Error('the connection is lost')
      return done
    }
    return { store }
  }
  const script: Script = (socket, asked) =>
    (asked.path === '/v3/push' ? answer(200, sent) : delivered)(socket, asked)
  const { outbox, sends, clock } = await makeStage(t, makePlaces, [script])
  const itemIds = [await outbox.send({ kind: 'push', push }), await outbox.send(say('hello'))]
  await until(async () => {
    clock.advance(100)
    return (await outbox.count({ itemIds })).sent === 2
  })
  // Put in; being sent, as a push is; sent.
  assert.equal(lost.size, 3)
  assert.equal(sends().length, 2)
})

test('stores that are opened at once make the tables once', async t => {
  const pool = new Pool({ ...(await makeSchema()), max: 8 })
  t.after(() => pool.end())
  const stores = await Promise.all(Array.from({ length: 8 }, () => PostgresStore.open({ pool })))
  assert.deepEqual(
    await Promise.all(stores.map(store => store.count())),
    stores.map(() => ({})),
  )
})
