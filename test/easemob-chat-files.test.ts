// Files of messages over real sockets: up, down, in part, small.
import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { beforeEach, test } from 'node:test'
import fc from 'fast-check'
import sharp from 'sharp'
import { type EasemobApp, makeEasemobApp, ok } from './easemob-caller.ts'
import { bytesOf, contentsOf, download, picture, postFile, upload } from './files.ts'
import { send } from './http-client.ts'
import { ServerProcess } from './server-process.ts'
import { sharedApp, startApp } from './start-app.ts'
import { until } from './until.ts'

const server = sharedApp()
let app: EasemobApp
let token: string

// The server is there by then, which it need not be in a hook that runs beside the one that starts it.
beforeEach(async () => {
  if (app) return
  app = await makeEasemobApp(server())
  await app.register('alice', 'bob')
  token = await app.login('alice')
})

test('an uploaded file comes back byte for byte under the address that its answer gives', async () => {
  const content = await picture(300, 200)
  const response = await postFile(app, token, { content, type: 'image/png', name: 'p.png' })
  assert.equal(response.status, 200)
  const { timestamp, duration, ...answer } = (await response.json()) as any
  const [entity] = answer.entities
  assert.deepEqual(answer, {
    action: 'post',
    application: app.uuid,
    path: '/chatfiles',
    uri: `${app.url}/chatfiles`,
    entities: [{ uuid: entity.uuid, type: 'chatfile', 'share-secret': entity['share-secret'] }],
    organization: 'acme',
    applicationName: app.app,
  })
  assert.deepEqual([typeof timestamp, typeof duration], ['number', 'number'])
  assert.match(entity['share-secret'], /^[\w-]{48}$/)
  const got = await download({
    uuid: entity.uuid,
    secret: entity['share-secret'],
    url: `${answer.uri}/${entity.uuid}`,
  })
  assert.equal(got.status, 200)
  assert.equal(got.headers.get('content-type'), 'image/png')
  assert.equal(got.headers.get('content-length'), String(content.length))
  assert.deepEqual(await bytesOf(got), content)
})

test('the app itself may upload, and a file of exactly 10 MB passes', async () => {
  const content = Buffer.alloc(10 * 1024 * 1024, 7)
  const { client_id, client_secret } = app
  const grant = { grant_type: 'client_credentials', client_id, client_secret }
  const appToken = ok(await app.open('POST', '/token', grant)).json.access_token
  const file = await upload(app, appToken, { content, type: 'application/zip' })
  const got = await bytesOf(await download(file))
  assert.ok(got.equals(content))
})

test('what the Web SDK sends is understood: its query, its headers, its fields', async () => {
  const content = await picture(600, 400, 'jpeg')
  const file = await upload(app, token, {
    path: '/chatfiles?chat-type=CHAT&chat-target=bob',
    content,
    type: 'image/jpeg',
    headers: { 'restrict-access': 'true', Accept: '*/*' },
    fields: { 'thumbnail-width': '120', 'thumbnail-height': '300' },
  })
  // Pages show these addresses, with nothing but what stands in them.
  const shown = `${file.url}?em-redirect=true&share-secret=${file.secret}`
  assert.deepEqual(await bytesOf(await fetch(shown)), content)
  const small = await fetch(`${shown}&thumbnail=true`)
  assert.equal(small.status, 200)
  const { width, height, format } = await sharp(await bytesOf(small)).metadata()
  assert.deepEqual([width, height, format], [120, 80, 'jpeg'])
})

test('a restricted file opens to its secret alone, whatever token comes', async () => {
  const file = await upload(app, token)
  const other = await upload(app, token)
  const bearer = { Authorization: `Bearer ${token}` }
  for (const headers of [bearer, { ...bearer, 'share-secret': other.secret! }, { 'share-secret': '' }]) {
    const { status, json } = await send(file.url, { headers })
    assert.deepEqual([status, json.error], [401, 'auth_bad_access_token'], JSON.stringify(headers))
  }
  assert.equal(await (await download(file)).text(), 'hello')
  assert.equal(await (await download(file, bearer)).text(), 'hello')
  assert.equal(await (await fetch(`${file.url}?share-secret=${file.secret}`)).text(), 'hello')
})

test('restrict-access false alone makes a file that needs no secret', async () => {
  for (const [value, isRestricted] of [
    ['false', false],
    ['FALSE', false],
    ['true', true],
    ['', true],
    ['0', true],
  ] as const) {
    const { secret, url } = await upload(app, token, { headers: { 'restrict-access': value } })
    assert.equal(secret !== undefined, isRestricted, value)
    assert.equal((await fetch(url)).status, isRestricted ? 401 : 200, value)
  }
})

test('whoever comes with neither token nor secret is not told whether there is such a file', async () => {
  const { url } = await upload(app, token)
  const unknown = `${app.url}/chatfiles/00000000-0000-4000-8000-000000000000`
  const answers = await Promise.all([url, unknown].map(address => send(address)))
  assert.deepEqual(
    answers.map(({ status, json }) => [status, json.error_description]),
    [
      [401, 'Unable to authenticate (OAuth)'],
      [401, 'Unable to authenticate (OAuth)'],
    ],
  )
})

test('the list of all files is nothing that anybody can ask for', async () => {
  const answer = await app.call('GET', '/chatfiles')
  assert.deepEqual([answer.status, answer.json.error], [500, 'unsupported_service_operation'])
  assert.equal(answer.headers.allow, 'POST')
})

test('a file of one app is unknown in another', async () => {
  const file = await upload(app, token)
  const other = await makeEasemobApp(server())
  const answer = await send(`${other.url}/chatfiles/${file.uuid}`, {
    headers: { 'share-secret': file.secret! },
  })
  assert.equal(answer.status, 404)
})

const text = '0123456789'
for (const [range, status, part] of [
  ['bytes=0-0', 206, '0'],
  ['bytes=2-4', 206, '234'],
  ['bytes=7-', 206, '789'],
  ['bytes=7-99', 206, '789'],
  ['bytes=0-', 206, text],
  ['bytes=-3', 206, '789'],
  ['bytes=-99', 206, text],
  ['Bytes = 2-4', 206, '234'],
  ['bytes=9-9', 206, '9'],
  ['bytes=10-', 416, ''],
  ['bytes=10-20', 416, ''],
  ['bytes=-0', 416, ''],
  ['bytes=4-2', 200, text],
  ['bytes=0-1,4-5', 200, text],
  ['bytes=', 200, text],
  ['bytes=-', 200, text],
  ['bytes=a-b', 200, text],
  ['bytes=0x1-2', 200, text],
  ['items=0-1', 200, text],
  ['bytes=99999999999999999999-', 200, text],
  ['', 200, text],
] as const) {
  test(`Range: ${range || '(empty)'} of ten bytes answers ${status}`, async () => {
    const file = await upload(app, token, { content: text })
    const answer = await download(file, { Range: range })
    assert.equal(answer.status, status)
    const contentRange = answer.headers.get('content-range')
    if (status === 416) {
      assert.equal(contentRange, 'bytes */10')
      assert.equal(((await answer.json()) as any).error, 'range_not_satisfiable')
      return
    }
    assert.equal(await answer.text(), part)
    assert.equal(answer.headers.get('content-length'), String(part.length))
    assert.equal(answer.headers.get('accept-ranges'), 'bytes')
    const start = text.indexOf(part)
    const wanted = status === 206 ? `bytes ${start}-${start + part.length - 1}/10` : null
    assert.equal(contentRange, wanted)
  })
}

test('a range is of the file that the caller knows, or all of it comes', async () => {
  const file = await upload(app, token, { content: text })
  const etag = (await download(file)).headers.get('etag')!
  const part = { Range: 'bytes=0-1' }
  assert.equal((await download(file, { ...part, 'If-Range': etag })).status, 206)
  assert.equal((await download(file, { ...part, 'If-Range': '"other"' })).status, 200)
  assert.equal((await download(file, { ...part, 'If-Range': 'Tue, 24 Nov 2026 00:00:00 GMT' })).status, 200)
})

test('who has a file already is told so, when it may have it still', async () => {
  const file = await upload(app, token)
  const etag = (await download(file)).headers.get('etag')!
  for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
    const answer = await download(file, { 'If-None-Match': known })
    assert.deepEqual([answer.status, await answer.text(), answer.headers.get('etag')], [304, '', etag], known)
  }
  assert.equal((await download(file, { 'If-None-Match': '"x"' })).status, 200)
  const answer = await send(file.url, { headers: { 'If-None-Match': etag, 'share-secret': 'wrong' } })
  assert.equal(answer.status, 401)
})

test('HEAD answers as GET does, without the bytes and without a range', async () => {
  const file = await upload(app, token, { content: text })
  const get = await download(file)
  const head = await download(file, { Range: 'bytes=0-1' }, 'HEAD')
  assert.deepEqual([head.status, await head.text()], [200, ''])
  for (const name of ['content-type', 'content-length', 'content-disposition', 'etag', 'accept-ranges'])
    assert.equal(head.headers.get(name), get.headers.get(name), name)
})

for (const [name, type, served, disposition] of [
  ['x.html', 'text/html', 'text/html', 'attachment'],
  ['x.svg', 'image/svg+xml', 'image/svg+xml', 'attachment'],
  ['x.xml', 'application/xml', 'application/xml', 'attachment'],
  ['x.js', 'text/javascript', 'text/javascript', 'attachment'],
  ['x.pdf', 'application/pdf', 'application/pdf', 'attachment'],
  ['x.png', 'image/png', 'image/png', 'inline'],
  ['x.mp3', 'audio/mpeg', 'audio/mpeg', 'inline'],
  ['x.mp4', 'video/mp4', 'video/mp4', 'inline'],
  ['x.odd', 'no-media-type', 'application/octet-stream', 'attachment'],
] as const) {
  test(`${type} is served so that no browser runs it`, async () => {
    const file = await upload(app, token, { content: '<script>alert(1)</script>', type, name })
    const { headers } = await download(file)
    assert.equal(headers.get('content-type'), served)
    assert.equal(
      headers.get('content-disposition'),
      `${disposition}; filename="${name}"; filename*=UTF-8''${name}`,
    )
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('content-security-policy'), "default-src 'none'; sandbox")
  })
}

for (const [sent, ascii, encoded] of [
  ['图片 (1).png', '__ (1).png', '%E5%9B%BE%E7%89%87%20%281%29.png'],
  ['a"b.txt', 'a_b.txt', 'a%22b.txt'],
  ['../../etc/passwd', 'passwd', 'passwd'],
  ['..\\..\\boot.ini', 'boot.ini', 'boot.ini'],
  ['e\u0301\u202e.txt', 'e__.txt', 'e%CC%81%E2%80%AE.txt'],
] as const) {
  test(`the name ${JSON.stringify(sent)} comes back as a name, and is never a path`, async () => {
    const file = await upload(app, token, { name: sent })
    const got = (await download(file)).headers.get('content-disposition')
    assert.equal(got, `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`)
  })
}

test('pages of any origin may read a file and its head', async () => {
  const file = await upload(app, token)
  const { headers } = await download(file, { Origin: 'https://page.example' })
  assert.equal(headers.get('access-control-allow-origin'), 'https://page.example')
  for (const name of ['Content-Range', 'Content-Length', 'ETag', 'X-Request-Id'])
    assert.ok(headers.get('access-control-expose-headers')!.includes(name), name)
})

test('thumbnails: an image in the box that was asked for, kept beside it', async () => {
  for (const [format, shown] of [
    ['png', 'jpeg'],
    ['jpeg', 'jpeg'],
    ['webp', 'jpeg'],
    ['gif', 'jpeg'],
  ] as const) {
    const content = await picture(800, 400, format)
    const file = await upload(app, token, { content, type: 'application/octet-stream' })
    const answers = await Promise.all(Array.from({ length: 5 }, () => download(file, { thumbnail: 'true' })))
    const images = await Promise.all(answers.map(bytesOf))
    const { width, height, format: got } = await sharp(images[0]).metadata()
    assert.deepEqual([width, height, got], [170, 85, shown], format)
    for (const image of images) assert.ok(image.equals(images[0]!))
    assert.equal(answers[0]!.headers.get('content-type'), `image/${shown}`)
    const kept = contentsOf(server()).filter(name => name.includes(file.uuid))
    assert.deepEqual(kept, [
      `${file.uuid.slice(0, 2)}/${file.uuid}`,
      `${file.uuid.slice(0, 2)}/${file.uuid}.thumb`,
    ])
    assert.deepEqual(await bytesOf(await download(file)), content)
  }
})

test('what is transparent stays so in its thumbnail', async () => {
  const content = await sharp(await picture(400, 400))
    .ensureAlpha(0.5)
    .png()
    .toBuffer()
  const file = await upload(app, token, { content })
  const { format, hasAlpha } = await sharp(
    await bytesOf(await download(file, { thumbnail: 'true' })),
  ).metadata()
  assert.deepEqual([format, hasAlpha], ['png', true])
})

const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400">${' '.repeat(20_000)}</svg>`
const hostile: Readonly<Record<string, () => Promise<Buffer | string>>> = {
  'a small image': () => picture(20, 20),
  'a text': async () => 'x'.repeat(30_000),
  'an empty file': async () => '',
  'an SVG': async () => svg,
  'a PNG that is cut off': async () => (await picture(400, 400)).subarray(0, 50_000),
  'a JPEG of noise': async () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(30_000, 0x5a)]),
  'a PNG that claims more pixels than anybody scales': async () => {
    const bytes = Buffer.from(await picture(400, 400))
    bytes.writeUInt32BE(60_000, 16)
    bytes.writeUInt32BE(60_000, 20)
    return bytes
  },
  'a TIFF': async () =>
    sharp(await picture(200, 200))
      .tiff()
      .toBuffer(),
}
for (const [what, make] of Object.entries(hostile)) {
  test(`the thumbnail of ${what} is the original`, async () => {
    const content = Buffer.from(await make())
    const file = await upload(app, token, { content, type: 'image/png' })
    for (let time = 0; time < 2; time++) {
      const answer = await download(file, { thumbnail: 'true' })
      assert.equal(answer.status, 200)
      assert.ok((await bytesOf(answer)).equals(content))
    }
    assert.equal((await send(`${server().http}/readyz`)).status, 200)
  })
}

test('whatever is broken in an image, its thumbnail is a picture or the original, and the server goes on', async () => {
  const images = await Promise.all(
    (['png', 'jpeg', 'webp', 'gif'] as const).map(format => picture(160, 160, format)),
  )
  const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), byte: fc.nat(255) })
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...images),
      fc.array(change, { minLength: 1, maxLength: 20 }),
      async (image, changes) => {
        const content = Buffer.from(image)
        for (const { at, byte } of changes) content[Math.floor(at ** 3 * (content.length - 1))] = byte
        const file = await upload(app, token, { content, type: 'image/png' })
        const answer = await download(file, { thumbnail: 'true' })
        assert.equal(answer.status, 200)
        const bytes = await bytesOf(answer)
        if (!bytes.equals(content)) assert.ok((await sharp(bytes).metadata()).width <= 170)
      },
    ),
    { numRuns: 100 },
  )
  assert.equal((await send(`${server().http}/readyz`)).status, 200)
})

test('an image with too many pixels for this server has no thumbnail', async t => {
  const small = await startApp(t, { POSTHOUSE_IMAGE_PIXELS_MAX: '10000' })
  const own = await makeEasemobApp(small)
  await own.register('ann')
  const content = await picture(200, 200)
  const file = await upload(own, await own.login('ann'), { content })
  assert.ok((await bytesOf(await download(file, { thumbnail: 'true' }))).equals(content))
})

test('a repeat under a key is the same file, another file under it is refused, and neither leaves anything', async () => {
  const headers = { 'Idempotency-Key': 'upload-once' }
  const first = await upload(app, token, { headers })
  const before = contentsOf(server())
  const again = await postFile(app, token, { headers })
  assert.equal(again.headers.get('idempotent-replayed'), 'true')
  assert.equal(((await again.json()) as any).entities[0].uuid, first.uuid)
  const other = await postFile(app, token, { headers, content: 'other' })
  assert.deepEqual([other.status, ((await other.json()) as any).error], [400, 'illegal_argument'])
  assert.deepEqual(contentsOf(server()), before)
})

test('whoever goes away before or in the middle of a download leaves no file open, and nothing in the log', async t => {
  const process = await ServerProcess.start(t, { env: { POSTHOUSE_LOG_LEVEL: 'warn' } })
  const { http } = process.runtime
  const url = `${http}/demo/chat`
  const { client_id, client_secret } = process.runtime.apps[0]!
  const grant = { grant_type: 'client_credentials', client_id, client_secret }
  const { access_token } = (await send(`${url}/token`, { body: grant })).json
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(3_000_000)]), 'x')
  const headers = { Authorization: `Bearer ${access_token}`, 'restrict-access': 'false' }
  const answer = (await (
    await fetch(`${url}/chatfiles`, { method: 'POST', body: form, headers })
  ).json()) as any
  const path = `/demo/chat/chatfiles/${answer.entities[0].uuid}`
  const { hostname, port } = new URL(http)
  for (const leave of ['destroy', 'resetAndDestroy', 'end'] as const) {
    for (let round = 0; round < 40; round++) {
      // What comes is thrown away: megabytes that nobody looks at need not be put together.
      const connection = connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true })
      connection.on('error', () => {})
      await new Promise<void>(resolve => connection.once('connect', resolve))
      connection.pause()
      await new Promise(resolve => connection.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`, resolve))
      for (let turn = 0; turn < round % 20; turn++) await new Promise(setImmediate)
      connection.resume()
      connection[leave]()
    }
  }
  for (const [method, range] of [
    ['HEAD', ''],
    ['GET', 'bytes=9000000-'],
  ] as const)
    await send(http + path, { method, headers: { Range: range } })
  await until(async () => (await send(`${http}/metrics`)).text.includes('posthouse_downloads 0\n'))
  assert.deepEqual(process.log(), [])
  assert.doesNotMatch(process.output, /garbage collection/)
})

test('nobody but the server can read what was uploaded', async () => {
  await upload(app, token)
  const folder = join(server().dataDir, 'files')
  for (const name of ['', 'incoming']) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o700)
  for (const name of contentsOf(server())) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600)
})
