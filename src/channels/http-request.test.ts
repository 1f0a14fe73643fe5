import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import { peerCertificate } from '../../test/peers/certificate.ts'
import { HttpPeer, respond, silence } from '../../test/peers/http-peer.ts'
import { until } from '../../test/until.ts'
import { HttpOrigins } from './http-request.ts'

const post = { method: 'POST', path: '/x?y=1', headers: { a: 'b' }, body: Buffer.from([0, 255, 10]) } as const

function originsFor(t: TestContext, timeoutMs = 5_000): HttpOrigins {
  const origins = new HttpOrigins({ ca: [peerCertificate().cert], timeoutMs })
  t.after(() => origins.close())
  return origins
}

/** A server with TLS that does with a connection what the test says. */
async function tlsServer(t: TestContext, onSocket: (socket: TLSSocket) => void, alpn?: string[]) {
  const sockets: TLSSocket[] = []
  const server: Server = createServer(
    { ...peerCertificate(), ...(alpn && { ALPNProtocols: alpn }) },
    socket => {
      sockets.push(socket.on('error', () => undefined))
      onSocket(socket)
    },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
}

for (const protocol of ['h2', 'http/1.1'] as const)
  test(`by ${protocol}, bytes, path and headers arrive as they were given, and so does the answer`, async t => {
    const peer = await HttpPeer.start(t, respond(429, 'later', { 'retry-after': '7' }), { protocol })
    const result = await originsFor(t).request({ ...post, origin: peer.origin })
    assert.ok(result.is === 'answered')
    assert.deepEqual([result.status, result.text, result.headers['retry-after']], [429, 'later', '7'])
    const { method, path, headers, body } = peer.asked[0]!
    assert.deepEqual([method, path, headers.a, [...body]], ['POST', '/x?y=1', 'b', [0, 255, 10]])
  })

test('a server that knows nothing of ALPN is spoken to in HTTP/1.1', async t => {
  const origin = await tlsServer(t, socket =>
    socket.once('data', () => socket.write('HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n')),
  )
  const result = await originsFor(t).request({ ...post, origin })
  assert.ok(result.is === 'answered' && result.status === 201)
})

test('a body without an end is not waited for: the status is there', async t => {
  const origin = await tlsServer(t, socket =>
    socket.once('data', () => socket.write('HTTP/1.1 410 Gone\r\nContent-Length: 99\r\n\r\nx')),
  )
  const result = await originsFor(t, 300).request({ ...post, origin })
  assert.deepEqual(result.is === 'answered' && [result.status, result.text], [410, 'x'])
})

test('what is no HTTP leaves the request unknown: it was read', async t => {
  const origin = await tlsServer(t, socket => socket.once('data', () => socket.write('SMTP\r\n\r\n')))
  assert.equal((await originsFor(t).request({ ...post, origin })).is, 'unknown')
})

test('a socket that ends before an answer leaves the request unknown', async t => {
  const origin = await tlsServer(t, socket => socket.once('data', () => socket.destroy()))
  const result = await originsFor(t).request({ ...post, origin })
  assert.equal(result.is, 'unknown')
})

test('a connection that closed while it was idle is replaced', async t => {
  const peer = await HttpPeer.start(t, respond(200), { protocol: 'http/1.1' })
  const origins = originsFor(t)
  const isAnswered = async () => (await origins.request({ ...post, origin: peer.origin })).is === 'answered'
  assert.ok(await isAnswered())
  peer.cutAll()
  await until(isAnswered)
})

test('an origin that has changed its protocol is asked which it speaks', async t => {
  const origins = originsFor(t)
  const before = await HttpPeer.start(t, respond(200), { protocol: 'h2' })
  const { port, origin } = before
  await origins.request({ ...post, origin })
  await before.stop()
  const after = await HttpPeer.start(t, respond(202), { protocol: 'http/1.1', port })
  const result = await until(async () => {
    const each = await origins.request({ ...post, origin })
    return each.is === 'answered' && each
  })
  assert.equal(result.status, 202)
  assert.equal(after.asked[0]?.version, '1.1')
})

test('of very many origins the longest unused are left', async t => {
  const origins = originsFor(t)
  const peer = await HttpPeer.start(t, respond(200))
  await origins.request({ ...post, origin: peer.origin })
  assert.equal(peer.connections, 1)
  // Nobody listens at most of them; what matters is that they are asked for.
  const others = await Promise.all(Array.from({ length: 64 }, () => HttpPeer.start(t, respond(200))))
  for (const { origin } of others) await origins.request({ ...post, origin })
  await until(async () => peer.connections === 0)
})

for (const protocol of ['h2', 'http/1.1'] as const)
  test(`by ${protocol}, closing ends what is idle, lets what is under way end, and turns the rest away`, async t => {
    const peer = await HttpPeer.start(t, respond(200), { protocol })
    const origins = originsFor(t)
    await origins.request({ ...post, origin: peer.origin })
    const open: (() => void)[] = []
    peer.reply = (answer, asked) => void open.push(() => respond(200)(answer, asked))
    const underWay = origins.request({ ...post, origin: peer.origin })
    await peer.heard(2)
    const closed = origins.close()
    assert.equal((await origins.request({ ...post, origin: peer.origin })).is, 'unprocessed')
    open[0]!()
    assert.equal((await underWay).is, 'answered')
    await closed
    await until(async () => peer.connections === 0)
  })

test('a request that is still being connected when it closes does not stay', async t => {
  const peer = await HttpPeer.start(t, silence)
  const origins = originsFor(t, 500)
  const asked = origins.request({ ...post, origin: peer.origin })
  await origins.close()
  assert.equal((await asked).is, 'unprocessed')
  await until(async () => peer.connections === 0)
})
