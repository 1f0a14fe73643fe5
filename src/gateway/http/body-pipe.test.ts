import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request as open } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { Refusal } from '../../contract/refusal.ts'
import { BodyPipe } from './body-pipe.ts'

const limits = {
  bytesMax: 2 ** 30,
  tooLarge: () => new Refusal('file_too_large'),
  timeoutMs: 60_000,
  stallMs: 60_000,
}

/** A request under way, and the client that sends its body. */
async function openRequest(t: TestContext) {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = open({ port, host: '127.0.0.1', method: 'POST' })
  t.after(() => {
    client.destroy()
    server.closeAllConnections()
    server.close()
  })
  client.on('error', () => {})
  client.flushHeaders()
  const [request] = (await once(server, 'request')) as [IncomingMessage]
  return { client, request }
}

test('a body waits while the sink is slow, and all of it arrives', async t => {
  const { client, request } = await openRequest(t)
  const total = 4 * 1024 * 1024
  let [bytes, most] = [0, 0]
  let release: (() => void) | undefined
  const sink: Writable = new Writable({
    highWaterMark: 100_000,
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes === chunk.length) release = done
      else done()
    },
  })
  const pipe = new BodyPipe(request, sink, limits)
  request.on('data', () => {
    most = Math.max(most, sink.writableLength)
  })
  client.end(Buffer.alloc(total))
  await Promise.race([once(request, 'pause'), once(request, 'end')])
  release!()
  await pipe.done
  assert.equal(bytes, total)
  // What the sink holds, and the chunk that went over it.
  assert.ok(most < 300_000, `${most} bytes were waiting`)
})
