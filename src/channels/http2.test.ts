import assert from 'node:assert/strict'
import { once } from 'node:events'
import { constants } from 'node:http2'
import { connect, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { makeCertificate, peerCertificate } from '../../test/peers/certificate.ts'
import {
  answer,
  cut,
  Http2Peer,
  type PeerOptions,
  refuse,
  reset,
  silence,
} from '../../test/peers/http2-peer.ts'
import { until } from '../../test/until.ts'
import { type Http2Limits, Http2Pool, type Http2Result } from './http2.ts'

const post = { method: 'POST', path: '/x', headers: { a: 'b' }, body: '{}' } as const

test('a request is answered with the status, the headers and the body of the peer', async t => {
  const { pool, peer } = await connected(t)
  peer.reply = answer(418, { reason: 'teapot' }, { 'retry-after': '7' })
  const result = await pool.request(post)
  assert.ok(result.is === 'answered')
  assert.deepEqual([result.status, result.text], [418, '{"reason":"teapot"}'])
  assert.equal(result.headers['retry-after'], '7')
  const [asked] = peer.asked
  assert.deepEqual([asked?.method, asked?.path, asked?.body, asked?.headers.a], ['POST', '/x', '{}', 'b'])
})

test('a path in the base address goes before the path of each request', async t => {
  const { peer } = await connected(t)
  const pool = poolFor(t, `${peer.url}/proxy/apns/`)
  await pool.request(post)
  assert.equal(peer.asked[0]?.path, '/proxy/apns/x')
})

test('requests share one connection', async t => {
  const { pool, peer } = await connected(t)
  await pool.request(post)
  const results = await Promise.all(Array.from({ length: 200 }, () => pool.request(post)))
  assert.ok(results.every(isOk))
  assert.equal(peer.sessionsEver, 1)
})

test('a connection takes no more at once than its peer allows; others are made up to the limit', async t => {
  const { pool, peer } = await connected(t, { streamsMax: 3 }, { connectionsMax: 2 })
  assert.ok(isOk(await pool.request(post)))
  const open: (() => void)[] = []
  peer.reply = (stream, asked) => open.push(() => answer(200)(stream, asked))
  const results = Promise.all(Array.from({ length: 10 }, () => pool.request(post)))
  await peer.heard(1 + 6)
  assert.deepEqual([open.length, peer.sessionsEver, pool.connections], [6, 2, 2])
  peer.reply = answer(200)
  for (const done of open) done()
  assert.ok((await results).every(isOk))
  assert.equal(peer.sessionsEver, 2)
})

test('a peer that takes one stream until it has answered, and many after it, gets one connection', async t => {
  const { pool, peer } = await connected(t, { streamsMax: 1 })
  peer.reply = (stream, asked) => {
    if (peer.asked.length > 1) return answer(200)(stream, asked)
    assert.equal(peer.asked.length, 1)
    stream.session?.settings({ maxConcurrentStreams: 1_000 }, () => answer(200)(stream, asked))
  }
  const results = await Promise.all(Array.from({ length: 100 }, () => pool.request(post)))
  assert.ok(results.every(isOk))
  assert.equal(peer.sessionsEver, 1)
})

test('what GOAWAY leaves above its last stream is asked again elsewhere, and what it names is answered', async t => {
  const { pool, peer } = await connected(t, {}, { connectionsMax: 1 })
  assert.ok(isOk(await pool.request(post)))
  const finish = Promise.withResolvers<void>()
  peer.reply = (stream, asked) => {
    if (asked.session > 1) return answer(200)(stream, asked)
    if (peer.asked.length === 2) void finish.promise.then(() => answer(201)(stream, asked))
    else stream.session?.goaway(constants.NGHTTP2_NO_ERROR, 3)
  }
  const [first, second] = [pool.request(post), pool.request(post)]
  assert.equal(statusOf(await second), 200)
  assert.equal(peer.sessionsEver, 2)
  finish.resolve()
  assert.equal(statusOf(await first), 201)
})

test('after a GOAWAY with an error what was under way is unknown, and the next request has a new connection', async t => {
  const { pool, peer } = await connected(t)
  peer.reply = stream => stream.session?.goaway(constants.NGHTTP2_INTERNAL_ERROR, 1)
  assert.equal((await pool.request(post)).is, 'unknown')
  peer.reply = answer(200)
  assert.ok(isOk(await pool.request(post)))
  assert.equal(peer.sessionsEver, 2)
})

test('what an erring peer’s GOAWAY says it has not looked at is asked again elsewhere', async t => {
  const { pool, peer } = await connected(t)
  assert.ok(isOk(await pool.request(post)))
  peer.reply = (stream, asked) =>
    asked.session > 1
      ? answer(200)(stream, asked)
      : stream.session?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, 1)
  assert.ok(isOk(await pool.request(post)))
  assert.deepEqual([peer.sessionsEver, peer.asked.length], [2, 3])
})

test('a refused stream is tried once more, then it is unprocessed', async t => {
  const { pool, peer } = await connected(t)
  peer.reply = (stream, asked) =>
    peer.asked.length === 1 ? refuse(stream, asked) : answer(200)(stream, asked)
  assert.ok(isOk(await pool.request(post)))
  assert.equal(peer.asked.length, 2)
  peer.reply = refuse
  assert.deepEqual(await pool.request(post), { is: 'unprocessed', reason: 'the peer refused the stream' })
  assert.equal(peer.asked.length, 4)
})

test('any other reset of a request that has been read is unknown, and it is not asked again', async t => {
  const { pool, peer } = await connected(t)
  peer.reply = reset(constants.NGHTTP2_INTERNAL_ERROR)
  const result = await pool.request(post)
  assert.deepEqual(result, { is: 'unknown', reason: 'the peer reset the stream (2)' })
  assert.equal(peer.asked.length, 1)
})

test('a connection that is cut leaves unknown what was under way and is replaced at once', async t => {
  const { pool, peer } = await connected(t)
  assert.ok(isOk(await pool.request(post)))
  peer.reply = cut
  assert.equal((await pool.request(post)).is, 'unknown')
  peer.reply = answer(200)
  assert.ok(isOk(await pool.request(post)))
  assert.deepEqual([peer.sessionsEver, peer.asked.length], [2, 3])
})

test('a status that has come counts though the body broke off', async t => {
  const { pool, peer } = await connected(t)
  peer.reply = stream => {
    stream.respond({ ':status': 200 })
    stream.write('{"half":', () => stream.close(constants.NGHTTP2_INTERNAL_ERROR))
  }
  assert.equal(statusOf(await pool.request(post)), 200)
})

test('of an endless answer only so much is kept', async t => {
  const { pool, peer } = await connected(t, {}, { answerBytesMax: 1_000 })
  peer.reply = answer(200, 'x'.repeat(300_000))
  const result = await pool.request(post)
  assert.equal(result.is === 'answered' && result.text.length, 1_000)
})

test('a peer that falls silent while it answers nothing is given no more requests', async t => {
  const relay = await startRelay(t)
  const peer = await Http2Peer.start(t, answer(200))
  relay.to = peer.port
  const pool = poolFor(t, relay.url, { staleMs: 20, pingTimeoutMs: 500 }, 10_000)
  assert.ok(isOk(await pool.request(post)))
  peer.reply = silence
  const first = pool.request(post)
  await peer.heard(2)
  const heardAt = performance.now()
  relay.freeze()
  await until(async () => performance.now() - heardAt > 20)
  peer.reply = answer(200)
  assert.ok(isOk(await pool.request(post)))
  assert.deepEqual(await first, { is: 'unknown', reason: 'the peer has fallen silent' })
  assert.equal(peer.sessionsEver, 2)
})

test('no answer in time is unknown; the connection is kept while the peer answers pings', async t => {
  const { pool, peer } = await connected(t, {}, {}, 1_000)
  assert.ok(isOk(await pool.request(post)))
  peer.reply = silence
  assert.deepEqual(await pool.request(post), { is: 'unknown', reason: 'no answer in time' })
  peer.reply = answer(200)
  assert.ok(isOk(await pool.request(post)))
  assert.equal(peer.sessionsEver, 1)
})

test('a connection that has been silent is pinged before it is used, and replaced when it stays silent', async t => {
  const relay = await startRelay(t)
  const peer = await Http2Peer.start(t, answer(200))
  relay.to = peer.port
  const pool = poolFor(t, relay.url, { staleMs: 20, pingTimeoutMs: 500 })
  assert.ok(isOk(await pool.request(post)))
  const heardAt = performance.now()
  relay.freeze()
  await until(async () => performance.now() - heardAt > 20)
  assert.ok(isOk(await pool.request(post)))
  assert.deepEqual([peer.sessionsEver, peer.asked.length], [2, 2])
})

test('an idle connection is kept alive by pings, and given up when they stay unanswered', async t => {
  const relay = await startRelay(t)
  const peer = await Http2Peer.start(t, answer(200))
  relay.to = peer.port
  const pool = poolFor(t, relay.url, { pingEveryMs: 10, pingTimeoutMs: 1_000 })
  assert.ok(isOk(await pool.request(post)))
  const [session] = peer.sessions
  await once(session!, 'ping')
  await once(session!, 'ping')
  assert.equal(pool.connections, 1)
  relay.freeze()
  await until(async () => pool.connections === 0)
})

test('a connection that nobody needs is closed after a while', async t => {
  const { pool, peer } = await connected(t, {}, { idleMs: 20 })
  assert.ok(isOk(await pool.request(post)))
  await until(async () => pool.connections === 0)
  assert.ok(isOk(await pool.request(post)))
  assert.equal(peer.sessionsEver, 2)
})

test('a peer that nobody can reach, or that nobody can trust, leaves requests unprocessed', async t => {
  const peer = await Http2Peer.start(t, answer(200), { certificate: makeCertificate() })
  const mistrusted = poolFor(t, peer.url)
  const untrusted = await Promise.all([mistrusted.request(post), mistrusted.request(post)])
  const why = { is: 'unprocessed', reason: 'the connection failed (DEPTH_ZERO_SELF_SIGNED_CERT)' }
  assert.deepEqual(untrusted, [why, why])
  await peer.stop()
  const refused = await mistrusted.request(post)
  assert.deepEqual(refused, { is: 'unprocessed', reason: 'the connection failed (ECONNREFUSED)' })
  assert.equal(peer.asked.length, 0)
})

test('a peer that takes the connection and never speaks leaves requests unprocessed', async t => {
  const relay = await startRelay(t)
  relay.freeze()
  const pool = poolFor(t, relay.url, { connectTimeoutMs: 50 })
  assert.deepEqual(await pool.request(post), { is: 'unprocessed', reason: 'no connection in time' })
})

test('a peer that ends each connection at once is not connected to again and again', async t => {
  const { pool, peer } = await connected(t)
  peer.onSession = session => session.close()
  const results = await Promise.all(Array.from({ length: 5 }, () => pool.request(post)))
  assert.ok(results.every(({ is }) => is === 'unprocessed'))
  assert.ok(peer.sessionsEver <= 3, `${peer.sessionsEver} connections`)
})

test('a request that waits too long for a free connection is unprocessed', async t => {
  const { pool, peer } = await connected(t, { streamsMax: 1 }, { connectionsMax: 1 }, 1_000)
  peer.reply = silence
  const [first, second] = await Promise.all([pool.request(post), pool.request(post)])
  assert.equal(first.is, 'unknown')
  assert.deepEqual(second, { is: 'unprocessed', reason: 'no connection was free in time' })
  assert.equal(peer.asked.length, 1)
})

test('closing lets what is under way end, and turns away what waits and what comes', async t => {
  const { pool, peer } = await connected(t, { streamsMax: 1 }, { connectionsMax: 1 })
  const finish = Promise.withResolvers<void>()
  peer.reply = (stream, asked) => void finish.promise.then(() => answer(200)(stream, asked))
  const [first, second] = [pool.request(post), pool.request(post)]
  await peer.heard(1)
  const closed = pool.close()
  assert.deepEqual(await second, { is: 'unprocessed', reason: 'the channel is closed' })
  assert.equal((await pool.request(post)).is, 'unprocessed')
  finish.resolve()
  assert.ok(isOk(await first))
  await closed
  assert.equal(pool.connections, 0)
})

test('closing does not wait for a peer that has fallen silent', async t => {
  const relay = await startRelay(t)
  const peer = await Http2Peer.start(t, answer(200))
  relay.to = peer.port
  const pool = poolFor(t, relay.url)
  assert.ok(isOk(await pool.request(post)))
  relay.freeze()
  await pool.close()
  assert.equal(pool.connections, 0)
})

test('whatever a peer does, no request is processed twice, and what is called unprocessed was not processed', async t => {
  const processed = new Map<string, number>()
  /** Of each session: the highest stream that was looked at, so far and when GOAWAY was said. */
  const [lastIds, leftAt] = [new Map<number, number>(), new Map<number, number>()]
  let turns = 0
  const { pool, peer } = await connected(t, { streamsMax: 20 }, { connectionsMax: 3 }, 2_000)
  peer.reply = (stream, asked) => {
    // Of each hundred: 10 refused, 3 cut, 3 reset, 3 after which the peer leaves, 1 with an error; in a fixed order.
    const fate = (turns++ * 37) % 100
    if (fate < 10) return refuse(stream, asked)
    // What it has said it will not look at it does not look at.
    if ((stream.id ?? 0) > (leftAt.get(asked.session) ?? Number.POSITIVE_INFINITY)) return
    processed.set(asked.body, (processed.get(asked.body) ?? 0) + 1)
    const lastId = Math.max(lastIds.get(asked.session) ?? 0, stream.id ?? 0)
    lastIds.set(asked.session, lastId)
    if (fate < 13) return cut(stream, asked)
    if (fate < 16) return reset(constants.NGHTTP2_INTERNAL_ERROR)(stream, asked)
    answer(200)(stream, asked)
    if (fate >= 20 || leftAt.has(asked.session)) return
    leftAt.set(asked.session, lastId)
    const { NGHTTP2_NO_ERROR, NGHTTP2_ENHANCE_YOUR_CALM } = constants
    stream.session?.goaway(fate < 19 ? NGHTTP2_NO_ERROR : NGHTTP2_ENHANCE_YOUR_CALM, lastId)
  }
  const counts = { answered: 0, unprocessed: 0, unknown: 0 }
  let next = 0
  const ask = async () => {
    while (next < 3_000) {
      const body = String(next++)
      const { is } = await pool.request({ ...post, body })
      counts[is]++
      const times = processed.get(body) ?? 0
      const isHonest = is === 'answered' ? times === 1 : is === 'unprocessed' ? times === 0 : times <= 1
      assert.ok(isHonest, `${is}, and processed ${times} times`)
    }
  }
  await Promise.all(Array.from({ length: 50 }, ask))
  for (const is of ['answered', 'unprocessed', 'unknown'] as const)
    assert.ok(counts[is] > 0, JSON.stringify(counts))
  assert.ok(peer.sessionsEver > 50, `${peer.sessionsEver} connections`)
  await until(async () => pool.connections <= 3)
})

async function connected(
  t: TestContext,
  options: PeerOptions = {},
  limits: Partial<Http2Limits> = {},
  timeoutMs = 10_000,
): Promise<{ peer: Http2Peer; pool: Http2Pool }> {
  const peer = await Http2Peer.start(t, answer(200), options)
  return { peer, pool: poolFor(t, peer.url, limits, timeoutMs) }
}

function poolFor(
  t: TestContext,
  url: string,
  limits: Partial<Http2Limits> = {},
  timeoutMs = 10_000,
): Http2Pool {
  const pool = new Http2Pool(url, { ca: [peerCertificate().cert], timeoutMs }, limits)
  t.after(() => pool.close())
  return pool
}

function isOk(result: Http2Result): boolean {
  return statusOf(result) === 200
}

function statusOf(result: Http2Result): number {
  assert.ok(result.is === 'answered', JSON.stringify(result))
  return result.status
}

/** A TCP relay whose connections can be frozen: open, and silent for ever, as behind a dead route. */
async function startRelay(t: TestContext) {
  const sockets = new Set<Socket>()
  let isFrozen = false
  const relay = {
    to: 0,
    url: '',
    freeze: () => {
      isFrozen = relay.to === 0
      for (const socket of sockets) socket.unpipe().pause()
    },
  }
  const server = createServer(near => {
    sockets.add(near.on('error', () => undefined))
    if (isFrozen) return
    const far = connect(relay.to, '127.0.0.1')
    sockets.add(far.on('error', () => undefined))
    near.pipe(far).pipe(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  relay.url = `https://127.0.0.1:${typeof address === 'object' && address?.port}`
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return relay
}
