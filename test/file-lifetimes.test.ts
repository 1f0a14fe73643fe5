// Files over crashes, restarts and deletions: an acknowledged one is there, and nothing else is.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { replaceDatabase } from '../src/store/database-files.ts'
import { makeEasemobApp, ok } from './easemob-caller.ts'
import { bytesOf, contentsOf, download, type FileAccess, picture, postFile, upload } from './files.ts'
import { send } from './http-client.ts'
import { uploadedImage } from './image-uploads.ts'
import { RawConnection } from './raw-connection.ts'
import { callerOf } from './server-caller.ts'
import { ServerProcess } from './server-process.ts'
import { sharedApp, startApp } from './start-app.ts'
import { countRows } from './table-rows.ts'
import { until } from './until.ts'

const shared = sharedApp()

test('kill -9 while files are uploaded: every acknowledged one is whole, and nothing is left half', async t => {
  const first = await ServerProcess.start(t)
  const { demo, token } = await logIn(first)
  const done: { uuid: string; secret: string; fill: number }[] = []
  const enough = Promise.withResolvers<void>()
  const client = async (fill: number) => {
    for (;;) {
      const form = new FormData()
      form.append('file', new Blob([new Uint8Array(300_000).fill(fill)]), 'x')
      const response = await first.unlessKilled(
        fetch(`${demo}/chatfiles`, {
          method: 'POST',
          body: form,
          headers: { Authorization: `Bearer ${token}` },
        }),
      )
      if (!response) return
      assert.equal(response.status, 200)
      const answer: any = await first.unlessKilled(response.json())
      if (!answer) return
      const [{ uuid, 'share-secret': secret }] = answer.entities
      done.push({ uuid, secret, fill })
      if (done.length >= 20) enough.resolve()
    }
  }
  const clients = [1, 2, 3, 4, 5, 6].map(client)
  await Promise.race([enough.promise, Promise.all(clients)])
  assert.ok(done.length >= 20)
  first.kill('SIGKILL')
  await Promise.all([...clients, first.exited])

  const second = await startApp(t, { POSTHOUSE_DATA: first.dataDir })
  const http = `${second.runtime.http}/demo/chat`
  for (const { uuid, secret, fill } of done) {
    const bytes = await bytesOf(await download({ uuid, secret, url: `${http}/chatfiles/${uuid}` }))
    assert.ok(bytes.equals(Buffer.alloc(300_000, fill)), uuid)
  }
  assert.deepEqual(
    contentsOf(second).filter(name => name.startsWith('incoming/')),
    [],
  )
})

async function logIn({ runtime }: ServerProcess) {
  const caller = callerOf(runtime)
  ok(await caller.easemob('POST', '/users', { username: 'ann', password: 'pw' }))
  const demo = `${runtime.http}/demo/chat`
  const grant = { grant_type: 'password', username: 'ann', password: 'pw' }
  return { demo, token: (await send(`${demo}/token`, { body: grant })).json.access_token }
}

test('an upload is on the disk, and its name with it, before it is answered: power may fail right after it', async t => {
  const server = shared()
  const app = await makeEasemobApp(server)
  await app.register('ann')
  const token = await app.login('ann')
  const flushed = await listFlushed(t, server.dataDir)
  const { uuid } = await upload(app, token)
  const shelf = join(server.dataDir, 'files', uuid.slice(0, 2))
  const wanted = [join(shelf, uuid), shelf, join(shelf, '..')].map(path => statSync(path).ino)
  assert.deepEqual(new Set(flushed), new Set(wanted))
})

/** The inodes of what this process flushes from now on, as it is flushed. */
async function listFlushed(t: TestContext, folder: string): Promise<number[]> {
  const handle = await open(folder)
  const handles: FileHandle = Object.getPrototypeOf(handle)
  await handle.close()
  const { sync } = handles
  const flushed: number[] = []
  t.mock.method(handles, 'sync', async function (this: FileHandle) {
    await sync.call(this)
    flushed.push((await this.stat()).ino)
  })
  return flushed
}

test('what uploads that were cut off have left is cleared away at the start', async t => {
  const server = await startApp(t)
  await server.close()
  const incoming = join(server.dataDir, 'files', 'incoming')
  mkdirSync(incoming, { recursive: true })
  writeFileSync(join(incoming, 'left-behind'), 'x')
  const again = await startApp(t, { POSTHOUSE_DATA: server.dataDir })
  assert.deepEqual(contentsOf(again), [])
})

test('a file of messages is gone after its time, and the next start takes it off the disk', async t => {
  const env = { POSTHOUSE_FILE_RETENTION_MS: '1000' }
  const server = await startApp(t, env)
  const app = await makeEasemobApp(server)
  await app.register('ann')
  const content = await picture(300, 300)
  const file = await upload(app, await app.login('ann'), { content })
  assert.equal((await download(file, { thumbnail: 'true' })).status, 200)
  const answer = await until(async () => {
    const got = await download(file)
    return got.status === 404 && got
  })
  assert.deepEqual(((await answer.json()) as any).error_description, `file ${file.uuid} is expired`)
  await server.close()
  const again = await startApp(t, { ...env, POSTHOUSE_DATA: server.dataDir })
  await until(async () => contentsOf(again).length === 0)
  const url = file.url.replace(server.http, again.http)
  assert.match(await (await download({ ...file, url })).text(), /file_expired/)
})

test('with an app go its files, of messages and shared ones, from the database and from the disk', async t => {
  const server = await startApp(t)
  const app = await makeEasemobApp(server)
  await app.register('ann')
  const token = await app.login('ann')
  const group = { groupname: 'g', public: true, owner: 'ann' }
  const groupId = ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
  const other = await makeEasemobApp(server)
  await other.register('ann')
  const kept = await upload(other, await other.login('ann'))
  await upload(app, token)
  await upload(app, token)
  assert.equal((await postFile(app, token, { path: `/chatgroups/${groupId}/share_files` })).status, 200)
  assert.equal(contentsOf(server).length, 4)
  await server.admin('DELETE', `/apps/${app.org}/${app.app}`)
  await until(async () => contentsOf(server).length === 1)
  await until(async () => {
    const { files, removed_contents } = countRows(server.dataDir)
    return files === 1 && removed_contents === undefined
  })
  assert.equal(await (await download(kept)).text(), 'hello')
})

test('the core that answers too late may have made the file all the same, so its content stays', async t => {
  const server = await startApp(t, { POSTHOUSE_GATEWAY_DEADLINE_MS: '300' })
  const app = await makeEasemobApp(server)
  await app.register('ann')
  const token = await app.login('ann')
  const form = '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhello\r\n--x--\r\n'
  const connection = await RawConnection.open(server.http)
  t.after(() => connection.destroy())
  await connection.send(
    `POST /acme/${app.app}/chatfiles HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n` +
      `Content-Type: multipart/form-data; boundary=x\r\nContent-Length: ${form.length}\r\n\r\n`,
  )
  await until(async () => (await send(`${server.http}/metrics`)).text.includes('posthouse_uploads 1\n'))
  await server.admin('PUT', '/core', { state: 'frozen' })
  await connection.send(form)
  assert.equal((await connection.next()).status, 504)
  assert.equal(contentsOf(server).length, 1)
  await server.admin('PUT', '/core', { state: 'running' })
  await until(async () => countRows(server.dataDir).files === 1)
})

test('a backup and a copy of the folder made after it bring back every file that the backup knows', async t => {
  const server = shared()
  const app = await makeEasemobApp(server)
  await app.register('ann')
  const token = await app.login('ann')
  const known = await upload(app, token)
  const content = await picture(9, 9)
  const image = { files: { oppo_file: content }, fields: { image_type: '2' } }
  const { oppo_image_url } = await uploadedImage(server.http, server.demo, image)
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-restored-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const backup = join(folder, 'backup.db')
  await server.admin('POST', '/backups', { file: backup })
  const later = await upload(app, token)
  cpSync(join(server.dataDir, 'files'), join(folder, 'files'), { recursive: true })
  await replaceDatabase(folder, backup, 'x')
  const restored = await startApp(t, { POSTHOUSE_DATA: folder })
  const at = ({ url, ...file }: FileAccess) => ({ ...file, url: url.replace(server.http, restored.http) })
  assert.equal(await (await download(at(known))).text(), 'hello')
  assert.equal((await download(at(later))).status, 404)
  const answer = await fetch(oppo_image_url.replace(server.http, restored.http))
  assert.ok((await bytesOf(answer)).equals(content))
})

test('a file whose content is lost is answered as unknown', async () => {
  const server = shared()
  const app = await makeEasemobApp(server)
  await app.register('ann')
  const file = await upload(app, await app.login('ann'))
  rmSync(join(server.dataDir, 'files', file.uuid.slice(0, 2), file.uuid))
  assert.equal((await download(file)).status, 404)
})
