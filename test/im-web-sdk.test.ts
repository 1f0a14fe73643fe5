// What the vendor's Web SDK would do to itself, were it not for the door.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commands, frameCodec, syncUpCodec, toDecimal } from '../src/msync/codec.ts'
import { makeMessagingApp } from './messaging.ts'
import { startApp } from './start-app.ts'
import { SdkClient } from './web-sdk.ts'

test('a client that believes a queue of its last connection to be open hears new messages all the same', async t => {
  const server = await startApp(t)
  const app = await makeMessagingApp(server, 'ann', 'bob')
  const bob = new SdkClient(t, { http: server.http, org: app.org, app: app.app })
  await bob.open('bob')
  // A connection that ends between the last acknowledgement of a queue and the answer to it leaves the SDK so; it
  // pulls no other queue before this one has ended.
  const inside = bob.connection as unknown as { _queues: object[]; sock: { close(): void } }
  inside._queues.push({ appKey: `${app.org}#${app.app}`, name: 'ann', domain: 'easemob.com' })
  const connected = bob.told('onConnected').length
  inside.sock.close()
  await bob.heard('onConnected', connected + 1, 20_000)
  await app.send(['bob'], { from: 'ann' })
  const [message] = await bob.heard('onTextMessage')
  assert.equal(message.msg, 'hello')
})

test('a client whose last acknowledgement was lost with its connection hears what comes after it has come back', async t => {
  const server = await startApp(t)
  const app = await makeMessagingApp(server, 'ann', 'bob')
  const bob = new SdkClient(t, { http: server.http, org: app.org, app: app.app })
  await bob.open('bob')
  await bob.heard('onConnected')
  const { sock } = bob.connection as unknown as {
    sock: { send(frame: Uint8Array): void; close(): void }
  }
  const send = sock.send.bind(sock)
  let lost = 0
  sock.send = frame => {
    const { command, payload } = frameCodec.decode(frame)
    const { queue, key } = syncUpCodec.decode(payload)
    if (command === commands.sync && queue?.name === 'ann' && toDecimal(key) !== '0') lost += 1
    else send(frame)
  }
  await app.send(['bob'], { from: 'ann' })
  await bob.heard('onTextMessage')
  sock.close()
  await bob.heard('onOfflineMessageSyncFinish', 1, 20_000)
  await app.send(['bob'], { from: 'ann' })
  const heard = await bob.heard('onTextMessage', 2)
  assert.equal(new Set(heard.map(({ id }) => id)).size, 2)
  assert.equal(lost, 1)
})
