// Uploads that go wrong, by accident or on purpose: each is answered in its own words, and nothing of it stays.
import assert from 'node:assert/strict'
import { beforeEach, type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { type EasemobApp, makeEasemobApp } from './easemob-caller.ts'
import { assertFailure } from './envelope.ts'
import { bytesOf, contentsOf, download, postFile, upload } from './files.ts'
import { type Received, send } from './http-client.ts'
import { RawConnection } from './raw-connection.ts'
import { sharedApp, startApp, type TestApp } from './start-app.ts'
import { until } from './until.ts'

const fileBytesMax = 10 * 1024 * 1024
const boundary = 'the-boundary'
const server = sharedApp({ POSTHOUSE_UPLOAD_STALL_MS: '400', POSTHOUSE_REQUEST_TIMEOUT_MS: '300' })
/** One that ends no upload by its own clock while a test looks; empty between tests. */
const patient = sharedApp({}, true)
let app: EasemobApp
let token: string

beforeEach(async () => {
  if (app) return
  app = await makeEasemobApp(server())
  await app.register('alice')
  token = await app.login('alice')
})

const part = (content: string, { name = 'file', filename = 'a.txt', type = 'text/plain' } = {}) =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`
const field = (name: string, value: string) =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const end = `--${boundary}--\r\n`

function postForm(body: string | Buffer, headers: Record<string, string> = {}): Promise<Received> {
  return send(`${app.url}/chatfiles`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': `multipart/form-data; boundary=${boundary}`,
      ...headers,
    },
    body: typeof body === 'string' ? Buffer.from(body) : body,
  })
}

/** The head of an upload, then whatever the test sends. */
async function beginUpload(t: TestContext, to: TestApp, own: EasemobApp, bearer: string, framing: string) {
  const connection = await RawConnection.open(to.http)
  t.after(() => connection.destroy())
  await connection.send(
    `POST /acme/${own.app}/chatfiles HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${bearer}\r\n` +
      `Content-Type: multipart/form-data; boundary=${boundary}\r\n${framing}\r\n\r\n`,
  )
  return connection
}

const isEmpty = (folder: TestApp) => until(async () => contentsOf(folder).length === 0)

const good: Readonly<Record<string, string>> = {
  'a part alone': part('hello') + end,
  'fields before and after': field('x', '1') + part('hello') + field('y', '2') + end,
  'another file before it': part('other', { name: 'other' }) + part('hello') + end,
  'a second part of the name': part('hello') + part('other') + end,
  'a preamble and an epilogue': `preamble\r\n${part('hello')}${end}epilogue`,
  'no line break at the end': part('hello') + end.trimEnd(),
  'a part without a type': part('hello').replace('Content-Type: text/plain\r\n', '') + end,
  'a part without a file name': field('file', 'hello') + end,
  'names without quotes': part('hello').replaceAll('"', '') + end,
  'header names in capitals': part('hello').replace('Content-Disposition', 'CONTENT-DISPOSITION') + end,
}
for (const [what, body] of Object.entries(good)) {
  test(`an upload is understood: ${what}`, async () => {
    const answer = await postForm(body)
    assert.equal(answer.status, 200, answer.text)
    const [{ uuid, 'share-secret': secret }] = answer.json.entities
    const got = await download({ uuid, secret, url: `${app.url}/chatfiles/${uuid}` })
    assert.equal(await got.text(), 'hello')
  })
}

const illegal = [400, 'illegal_argument'] as const
const bad: Readonly<Record<string, { body?: string; headers?: Record<string, string>; text: string }>> = {
  'no body at all': { body: '', text: 'file must be provided.' },
  'an empty form': { body: end, text: 'file must be provided.' },
  'no part of the name': { body: part('x', { name: 'File' }) + end, text: 'file must be provided.' },
  'a part that nobody has chosen a file for': {
    body: part('', { filename: '', type: 'application/octet-stream' }) + end,
    text: 'file must be provided.',
  },
  'the file behind more parts than a form may have': {
    body: field('x', '1').repeat(40) + part('hello') + end,
    text: 'file must be provided.',
  },
  'a form that is cut off in the file': { body: part('hello'), text: 'this is an invalid request.' },
  'a form that is cut off in a head': {
    body: `--${boundary}\r\nContent-Disposition: form-da`,
    text: 'this is an invalid request.',
  },
  'no form': { body: 'hello', text: 'this is an invalid request.' },
  'another boundary': {
    body: part('hello').replaceAll(boundary, 'x') + end.replace(boundary, 'x'),
    text: 'this is an invalid request.',
  },
  'no boundary named': {
    body: part('hello') + end,
    headers: { 'Content-Type': 'multipart/form-data' },
    text: 'this is an invalid request.',
  },
  'JSON in its place': {
    body: '{"file":"x"}',
    headers: { 'Content-Type': 'application/json' },
    text: 'this is an invalid request.',
  },
  'the bytes of the file alone': {
    body: 'hello',
    headers: { 'Content-Type': 'image/png' },
    text: 'this is an invalid request.',
  },
  'a compressed form': {
    body: part('hello') + end,
    headers: { 'Content-Encoding': 'gzip' },
    text: 'this is an invalid request.',
  },
}
for (const [what, { body = '', headers = {}, text }] of Object.entries(bad)) {
  test(`an upload is refused: ${what}`, async () => {
    const before = contentsOf(server())
    const answer = await postForm(body, headers)
    assertFailure(answer, 'easemob', illegal, what)
    assert.equal(answer.json.error_description, text)
    assert.deepEqual(contentsOf(server()), before)
  })
}

test('whatever bytes a form is made of, it is answered, and the server goes on', async () => {
  const before = contentsOf(server()).length
  const pieces = [
    ...[part('hello'), field('x', 'y'), end, `--${boundary}`, `--${boundary}\r\n`, '--', '\r\n', '\r\n\r\n'],
    ...['Content-Disposition: form-data; name="file"', 'Content-Disposition: form-data; name="file\r\nx"'],
    ...['Content-Disposition: attachment', "Content-Disposition: form-data; filename*=utf-8''%ff; name=file"],
    ...['Content-Type: ;;;', ': x', 'x'.repeat(9_000), '\0', '\xff\xfe', '"'],
  ]
  let made = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 8 }),
      async parts => {
        const answer = await postForm(Buffer.from(parts.join(''), 'latin1'))
        if (answer.status === 200) made++
        else assertFailure(answer, 'easemob', illegal, JSON.stringify(parts))
      },
    ),
    { numRuns: 300 },
  )
  assert.equal(contentsOf(server()).length, before + made)
  assert.equal((await send(`${server().http}/readyz`)).status, 200)
})

test('one byte more than 10 MB is refused with 413, also to a client that writes everything first', async t => {
  const before = contentsOf(server())
  for (const bytes of [fileBytesMax + 1, 2 * fileBytesMax]) {
    const body = Buffer.concat([
      Buffer.from(part('').slice(0, -2)),
      Buffer.alloc(bytes, 1),
      Buffer.from(`\r\n${end}`),
    ])
    for (const framing of [`Content-Length: ${body.length}`, 'Transfer-Encoding: chunked']) {
      const connection = await beginUpload(t, server(), app, token, framing)
      if (framing.startsWith('Transfer')) await connection.send(`${body.length.toString(16)}\r\n`)
      await connection.send(body)
      assertFailure(await connection.next(), 'easemob', [413, 'Request Entity Too Large'], framing)
    }
  }
  assert.deepEqual(contentsOf(server()), before)
})

test('a form of unknown length is refused with 413 once it is too long, whatever parts it is made of', async t => {
  const before = contentsOf(server())
  const parts = part('x'.repeat(1024 * 1024), { name: 'other' }).repeat(11)
  const body = parts + part('hello') + end
  const connection = await beginUpload(t, server(), app, token, 'Transfer-Encoding: chunked')
  await connection.send(`${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`)
  assertFailure(await connection.next(), 'easemob', [413, 'Request Entity Too Large'], 'parts')
  assert.deepEqual(contentsOf(server()), before)
})

test('an upload that is too long by its own word, or that nobody may make, is refused before a byte of it is read', async t => {
  const long = `Content-Length: ${fileBytesMax * 3}`
  for (const [bearer, framing, wanted] of [
    [token, long, [413, 'Request Entity Too Large']],
    ['none', long, [413, 'Request Entity Too Large']],
    ['none', 'Content-Length: 1000000', [401, 'auth_bad_access_token']],
    [token, `${long}\r\nExpect: 100-continue`, [413, 'Request Entity Too Large']],
    ['none', 'Content-Length: 1000000\r\nExpect: 100-continue', [401, 'auth_bad_access_token']],
  ] as const) {
    const connection = await beginUpload(t, server(), app, bearer, framing)
    assertFailure(await connection.next(), 'easemob', wanted, framing)
    connection.end()
    assert.equal(await connection.rest(), '')
  }
})

test('a client that waits for it is told to go on, once it may', async t => {
  const body = part('hello') + end
  const framing = `Content-Length: ${body.length}\r\nExpect: 100-continue`
  const connection = await beginUpload(t, server(), app, token, framing)
  assert.equal((await connection.next()).status, 100)
  await connection.send(body)
  assert.equal((await connection.next()).status, 200)
})

test('an upload may take longer than other requests, as long as it moves', async t => {
  const slow = await startApp(t, {
    POSTHOUSE_REQUEST_TIMEOUT_MS: '200',
    POSTHOUSE_CONNECTIONS_CHECK_MS: '20',
    POSTHOUSE_UPLOAD_STALL_MS: '5000',
  })
  const own = await makeEasemobApp(slow)
  await own.register('ann')
  const body = part('hello') + end
  const connection = await beginUpload(t, slow, own, await own.login('ann'), `Content-Length: ${body.length}`)
  const startedAt = performance.now()
  for (const letter of body) {
    await connection.send(letter)
    while (performance.now() - startedAt < 300) await outlastRequest(t, slow)
  }
  assert.equal((await connection.next()).status, 200)
})

/** Resolves when another request, begun now, has taken too long. */
async function outlastRequest(t: TestContext, { http }: TestApp): Promise<void> {
  const connection = await RawConnection.open(http)
  t.after(() => connection.destroy())
  await connection.send('POST /v3/push HTTP/1.1\r\nHost: a\r\n')
  assert.equal((await connection.next()).status, 408)
  connection.destroy()
}

test('an upload that stops moving, or never comes to its end, is answered 408 and leaves nothing', async t => {
  const before = contentsOf(server())
  for (const sent of ['', part('hello').slice(0, 40), part('x'.repeat(100_000))]) {
    const connection = await beginUpload(t, server(), app, token, 'Content-Length: 1000000')
    await connection.send(sent)
    assertFailure(await connection.next(), 'easemob', [408, 'request_timeout'], sent.slice(0, 50))
    connection.end()
    assert.equal(await connection.rest(), '')
  }
  assert.deepEqual(contentsOf(server()), before)
  // Nothing else may answer in its place.
  const limits = { POSTHOUSE_REQUEST_TIMEOUT_MS: '600000', POSTHOUSE_UPLOAD_STALL_MS: '600000' }
  const brief = await startApp(t, { ...limits, POSTHOUSE_UPLOAD_TIMEOUT_MS: '500' })
  const own = await makeEasemobApp(brief)
  await own.register('ann')
  const connection = await beginUpload(t, brief, own, await own.login('ann'), 'Transfer-Encoding: chunked')
  let isAnswered = false
  const answer = connection.next().finally(() => {
    isAnswered = true
  })
  while (!isAnswered) {
    await connection.send('1\r\nx\r\n')
    await new Promise(setImmediate)
  }
  assertFailure(await answer, 'easemob', [408, 'request_timeout'], 'drip')
  await isEmpty(brief)
})

for (const leave of ['destroy', 'reset', 'end'] as const) {
  test(`an upload whose client goes away (${leave}) leaves nothing`, async t => {
    const own = patient()
    const ownApp = await makeEasemobApp(own)
    await ownApp.register('ann')
    const bearer = await ownApp.login('ann')
    const connection = await beginUpload(t, own, ownApp, bearer, 'Content-Length: 1000000')
    await connection.send(part('x'.repeat(200_000)))
    await until(async () => contentsOf(own).some(name => name.startsWith('incoming/')))
    connection[leave]()
    await isEmpty(own)
    await until(async () => (await send(`${own.http}/metrics`)).text.includes('posthouse_uploads 0\n'))
  })
}

test('uploads beyond what a server, or an app, may have under way are turned away with 503', async t => {
  const own = await startApp(t, { POSTHOUSE_UPLOADS_MAX: '2', POSTHOUSE_UPLOADS_PER_APP_MAX: '1' })
  const apps = await Promise.all([0, 1, 2].map(() => makeEasemobApp(own)))
  const tokens: string[] = []
  for (const each of apps) {
    await each.register('ann')
    tokens.push(await each.login('ann'))
  }
  const body = part('hello') + end
  const under: RawConnection[] = []
  const uploading = (count: number) =>
    until(async () => (await send(`${own.http}/metrics`)).text.includes(`posthouse_uploads ${count}\n`))
  for (const [index, wanted] of [
    [0, 1],
    [0, 0],
    [1, 2],
    [2, 0],
  ] as const) {
    const connection = await beginUpload(
      t,
      own,
      apps[index]!,
      tokens[index]!,
      `Content-Length: ${body.length}`,
    )
    if (wanted > 0) {
      await uploading(wanted)
      under.push(connection)
    } else
      assertFailure(await connection.next(), 'easemob', [503, 'service_unavailable'], `upload of ${index}`)
  }
  for (const connection of under) {
    await connection.send(body)
    assert.equal((await connection.next()).status, 200)
  }
  assert.equal((await postFile(apps[2]!, tokens[2]!)).status, 200)
})

test('an upload the core does not come to keep is answered by its cause, and leaves nothing', async t => {
  const own = patient()
  const ownApp = await makeEasemobApp(own)
  await ownApp.register('ann')
  const bearer = await ownApp.login('ann')
  const body = part('hello') + end
  const connection = await beginUpload(t, own, ownApp, bearer, `Content-Length: ${body.length}`)
  await until(async () => (await send(`${own.http}/metrics`)).text.includes('posthouse_uploads 1\n'))
  await own.admin('DELETE', `/apps/acme/${ownApp.app}`)
  await connection.send(body)
  assertFailure(await connection.next(), 'easemob', [400, 'organization_application_not_found'], 'no app')
  await isEmpty(own)
})

test('a disk with too little room refuses uploads with 503, and serves what it has', async t => {
  const own = await startApp(t)
  const ownApp = await makeEasemobApp(own)
  await ownApp.register('ann')
  const file = await upload(ownApp, await ownApp.login('ann'))
  await own.close()
  const full = await startApp(t, {
    POSTHOUSE_DATA: own.dataDir,
    POSTHOUSE_FREE_BYTES_MIN: String(Number.MAX_SAFE_INTEGER),
  })
  const before = contentsOf(full)
  const url = `${full.http}/acme/${ownApp.app}`
  const bearer = (
    await send(`${url}/token`, { body: { grant_type: 'password', username: 'ann', password: 'pw' } })
  ).json.access_token
  const answer = await send(`${url}/chatfiles`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${bearer}`,
      'Content-Type': `multipart/form-data; boundary=${boundary}`,
    },
    body: Buffer.from(part('x'.repeat(500_000)) + end),
  })
  assertFailure(answer, 'easemob', [503, 'service_unavailable'], 'full disk')
  assert.deepEqual(contentsOf(full), before)
  const got = await download({ ...file, url: `${url}/chatfiles/${file.uuid}` })
  assert.equal((await bytesOf(got)).toString(), 'hello')
})
