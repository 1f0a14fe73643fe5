// The vendor's Web SDK when the server dies, wherever it runs: it comes back by itself, nothing acknowledged is lost,
// nothing comes twice.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { ChatClient, World } from './chat-client.ts'
import { send } from './http-client.ts'
import { ServerProcess } from './server-process.ts'

async function register(server: ServerProcess, ...names: string[]): Promise<void> {
  for (const username of names) {
    const answer = await send(`${server.runtime.http}/demo/chat/users`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username, password: 'pw' }),
    })
    assert.equal(answer.status, 200)
  }
}

async function loggedIn(
  t: TestContext,
  world: World,
  { runtime }: ServerProcess,
  name: string,
): Promise<ChatClient> {
  const client = await world.client(t, { http: runtime.http, org: 'demo', app: 'chat' })
  await client.open(name)
  return client
}

export function crashConform(world: World): void {
  test('the SDK reconnects after kill -9 and a restart; nothing acknowledged is lost, nothing comes twice', async t => {
    const first = await ServerProcess.start(t)
    const { port } = new URL(first.runtime.http)
    await register(first, 'alice', 'bob')
    const alice = await loggedIn(t, world, first, 'alice')
    const bob = await loggedIn(t, world, first, 'bob')
    const acknowledged: string[] = []
    const write = async (msg: string) => {
      const id = await alice.text('bob', msg).catch(() => undefined)
      if (id !== undefined) acknowledged.push(id)
    }
    for (let at = 0; at < 20; at += 1) await write(`before ${at}`)
    const dying = Array.from({ length: 20 }, (_, at) => write(`while it dies ${at}`))
    first.kill('SIGKILL')
    await first.exited
    const env = { POSTHOUSE_PORT: port }
    const second = await ServerProcess.start(t, { dataDir: first.dataDir, env })
    assert.equal(new URL(second.runtime.http).port, port)
    for (const client of [alice, bob]) await client.heard('onConnected', 2, 60_000)
    await Promise.all(dying)
    const before = acknowledged.length
    for (let at = 0; at < 20; at += 1) await write(`after ${at}`)
    assert.equal(acknowledged.length, before + 20, 'what is sent after the restart is acknowledged')
    const last = acknowledged.at(-1)!
    const ids = () => bob.told('onTextMessage').map(({ id }) => id as string)
    while (!ids().includes(last)) await bob.heard('onTextMessage', ids().length + 1)
    const heard = ids()
    assert.equal(new Set(heard).size, heard.length, 'nothing comes twice')
    assert.deepEqual(
      acknowledged.filter(id => !heard.includes(id)),
      [],
      'nothing acknowledged is lost',
    )
    assert.deepEqual(
      heard,
      heard.toSorted((a, b) => Number(BigInt(a) - BigInt(b))),
    )
  })
}
