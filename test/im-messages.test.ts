// Messages between the clients of users, and between them and the app's own server.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ImClient } from './im-client.ts'
import { makeMessagingApp } from './messaging.ts'
import { sharedApp } from './start-app.ts'

const server = sharedApp()

test('a text goes from one client to another under the id that both are told', async t => {
  const app = await makeMessagingApp(server(), 'ann', 'bob')
  const ann = await ImClient.login(t, app, { username: 'ann', token: await app.login('ann') })
  const bob = await ImClient.login(t, app, { username: 'bob', token: await app.login('bob') })
  const { serverId, at } = await ann.text('bob', 'hello')
  const message = await bob.nextMessage()
  assert.equal(message.text, 'hello')
  assert.equal(message.id, serverId)
  assert.equal(message.at, at)
  assert.deepEqual([message.from, message.resource, message.to], ['ann', ann.resource, 'bob'])
  assert.equal(message.queue, 'ann')
})
