// kill -9 in the middle of recalls and edits: what was acknowledged is done, and nothing is half done.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ok } from './easemob-caller.ts'
import { callerOf, type ServerCaller } from './server-caller.ts'
import { ServerProcess } from './server-process.ts'

const messages = 200
const lanes = 16
const killAfter = 80

async function sendAll({ easemob }: ServerCaller): Promise<string[]> {
  for (const username of ['ann', 'bob']) ok(await easemob('POST', '/users', { username, password: 'pw' }))
  const ids: string[] = []
  for (let count = 0; count < messages; count++) {
    const message = { from: 'ann', to: ['bob'], type: 'txt', body: { msg: 'old' } }
    ids.push(ok(await easemob('POST', '/messages/users', message)).json.data.bob)
  }
  return ids
}

/** Every second message is recalled, the others are changed. */
function change({ easemob }: ServerCaller, id: string, index: number) {
  if (index % 2 === 0)
    return easemob('POST', '/messages/msg_recall', { msg_id: id, to: 'bob', chat_type: 'chat' })
  return easemob('PUT', `/messages/rewrite/${id}`, { user: 'ann', new_msg: { type: 'txt', msg: 'new' } })
}

test('after kill -9 what was recalled is gone everywhere, and what was changed is as it was said', async t => {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-crash-'))
  t.after(() => rmSync(dataDir, { recursive: true, force: true }))
  const options = { dataDir, env: { POSTHOUSE_LOG_LEVEL: 'silent' } }
  const server = await ServerProcess.start(t, options)
  const caller = callerOf(server.runtime)
  const ids = await sendAll(caller)
  const done = new Set<number>()
  let next = 0
  const lane = async () => {
    while (next < messages) {
      const index = next++
      const answer = await server.unlessKilled(change(caller, ids[index]!, index))
      if (!answer) return
      ok(answer)
      done.add(index)
      if (done.size === killAfter) server.kill('SIGKILL')
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  assert.equal((await server.exited).signal, 'SIGKILL')
  assert.ok(done.size >= killAfter && done.size < messages)

  const again = callerOf((await ServerProcess.start(t, options)).runtime)
  const { entities } = ok(await again.easemob('GET', '/chatmessages?limit=1000')).json
  const texts = new Map<string, string>(
    entities.map(({ msg_id, payload }: any) => [msg_id, payload.bodies[0].msg]),
  )
  for (const [index, id] of ids.entries()) {
    const text = texts.get(id)
    if (index >= next) assert.equal(text, 'old')
    else if (!done.has(index)) assert.ok(text === 'old' || text === (index % 2 === 0 ? undefined : 'new'))
    else assert.equal(text, index % 2 === 0 ? undefined : 'new')
  }
  const { data } = ok(await again.easemob('GET', '/users/bob/offline_msg_count')).json
  assert.deepEqual(data, { bob: texts.size })
})
