// Images for pushes: added by addresses or as files, changed, downloaded (jpush.md §3.1.8).
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { bytesOf, contentsOf, picture } from './files.ts'
import { basic, type Received, send } from './http-client.ts'
import { type ImageForm, uploadedImage, uploadImage } from './image-uploads.ts'
import { type JpushApp, makeJpushApp } from './jpush-client.ts'
import { sharedApp } from './start-app.ts'
import { readRows } from './table-rows.ts'
import { until } from './until.ts'

const publicUrl = 'https://push.example.com:8443'
const server = sharedApp({ POSTHOUSE_PUBLIC_URL: publicUrl })
const unknown = { code: 1003, message: 'media_id does not exist or has expired' }

const makeVip = (settings: object = {}) => makeJpushApp(server(), { vip: true, ...settings })

const upload = (app: JpushApp, form: ImageForm) => uploadImage(server().http, app, form)
const uploaded = (app: JpushApp, form: ImageForm) => uploadedImage(server().http, app, form)

/** The answered address leads to a proxy in front of the server. */
function local(url: string): string {
  assert.ok(url.startsWith(`${publicUrl}/`), url)
  return url.replace(publicUrl, server().http)
}

function download(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> {
  return fetch(local(url), { method, headers })
}

function errorOf({ status, json }: Pick<Received, 'status' | 'json'>) {
  return [status, json.error]
}

test('an image by addresses is answered with those that were set, and a change keeps the others', async () => {
  const app = await makeVip()
  const added = await app.ok('POST', '/v3/images/byurls', {
    image_type: 2,
    image_url: 'https://a.example/all.png',
    jiguang_image_url: 'R.drawable.logo',
    huawei_image_url: 'https://a.example/huawei.png',
    oppo_image_url: null,
    fcm_image_url: '',
  })
  assert.match(added.media_id, /^jgmedia-2-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  assert.deepEqual(added, {
    media_id: added.media_id,
    jiguang_image_url: 'R.drawable.logo',
    huawei_image_url: 'https://a.example/huawei.png',
  })
  const path = `/v3/images/byurls/${added.media_id}`
  const changed = await app.ok('PUT', path, { image_type: 7, hmos_image_url: 'http://a.example/h.jpg' })
  assert.deepEqual(changed, { ...added, hmos_image_url: 'http://a.example/h.jpg' })
  const again = await app.ok('PUT', path, { huawei_image_url: 'https://a.example/2.png' })
  assert.deepEqual(again, { ...changed, huawei_image_url: 'https://a.example/2.png' })
})

test('a small icon of Huawei and Honor may be a file of the app', async () => {
  const app = await makeVip()
  const icon = { huawei_image_url: '/raw/icon', honor_image_url: '/raw/icon' }
  const { media_id, ...urls } = await app.ok('POST', '/v3/images/byurls', { image_type: 3, ...icon })
  assert.deepEqual(urls, icon)
})

test('an image by files is there under the answered addresses, for anybody who has them', async () => {
  const app = await makeVip()
  const [png, jpeg] = [await picture(40, 30), await picture(30, 40, 'jpeg')]
  const files = { oppo_file: png, xiaomi_file: jpeg }
  const { media_id, oppo_image_url, xiaomi_image_url, ...rest } = await uploaded(app, {
    files,
    fields: { image_type: '1' },
  })
  assert.match(media_id, /^jgmedia-1-/)
  assert.deepEqual(rest, {})
  for (const [url, bytes, type] of [
    [oppo_image_url, png, 'image/png'],
    [xiaomi_image_url, jpeg, 'image/jpeg'],
  ] as const) {
    const answer = await download(url)
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, type])
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
    assert.match(answer.headers.get('content-disposition')!, /^inline; /)
    assert.ok((await bytesOf(answer)).equals(bytes))
  }
  const etag = (await download(oppo_image_url, {}, 'HEAD')).headers.get('etag')!
  assert.equal((await download(oppo_image_url, { 'If-None-Match': etag })).status, 304)
  const part = await download(oppo_image_url, { Range: 'bytes=1-3' })
  assert.deepEqual([part.status, await part.text()], [206, 'PNG'])
  for (const other of [
    oppo_image_url.replace('.png', '.jpg'),
    oppo_image_url.replace('.png', ''),
    oppo_image_url.replace(/[^/]+\.png$/, `${randomUUID()}.png`),
    oppo_image_url.replace(/[^/]+\.png$/, `${media_id.slice(10)}.png`),
  ])
    assert.equal((await download(other)).status, 404, other)
})

test('a change by files replaces those it names, and what pushes have been given is still there', async () => {
  const app = await makeVip()
  const files = { oppo_file: await picture(20, 20), xiaomi_file: await picture(20, 20) }
  const first = await uploaded(app, { files, fields: { image_type: '1' } })
  const mediaId = first.media_id
  const next = await picture(20, 20, 'jpeg')
  const second = await uploaded(app, { files: { oppo_file: next }, mediaId })
  assert.deepEqual(second, { ...first, oppo_image_url: second.oppo_image_url })
  assert.ok((await bytesOf(await download(second.oppo_image_url))).equals(next))
  assert.equal((await download(first.oppo_image_url)).status, 200)
  const url = 'https://a.example/o.png'
  const third = await app.ok('PUT', `/v3/images/byurls/${mediaId}`, { oppo_image_url: url })
  assert.deepEqual(third, { ...first, oppo_image_url: url })
})

test('of the files that others have replaced only the newest stay', async () => {
  const app = await makeVip()
  const form = async () => ({ files: { oppo_file: await picture(2, 2) } })
  const { media_id: mediaId, oppo_image_url } = await uploaded(app, {
    ...(await form()),
    fields: { image_type: '1' },
  })
  const before = contentsOf(server()).length
  for (let count = 0; count < 19; count++) await uploaded(app, { ...(await form()), mediaId })
  assert.equal((await download(oppo_image_url)).status, 200)
  await uploaded(app, { ...(await form()), mediaId })
  assert.equal((await download(oppo_image_url)).status, 404)
  await until(async () => contentsOf(server()).length === before + 19)
})

test('the older Java client begins its form with an empty line', async () => {
  const app = await makeVip()
  const png = await picture(10, 10)
  const head = (name: string, rest = '') =>
    `--X\r\nContent-Disposition: form-data; name="${name}"${rest}\r\nContent-Type: text/plain\r\n\r\n`
  const body = Buffer.concat([
    Buffer.from(`\r\n${head('image_type')}2\r\n${head('oppo_file', '; filename="oppoXX.jpg"')}`),
    png,
    Buffer.from('\r\n--X--\r\n'),
  ])
  const { status, text, json } = await send(`${server().http}/v3/images/byfiles`, {
    method: 'POST',
    headers: {
      Authorization: basic(app.app_key, app.master_secret),
      'Content-Type': 'multipart/form-data; boundary=X',
    },
    body,
  })
  assert.equal(status, 200, text)
  assert.ok((await bytesOf(await download(json.oppo_image_url))).equals(png))
})

test('what says nothing, or nothing that can be, is refused by name', async () => {
  const app = await makeVip({ limits: { push_per_minute: 1_000 } })
  const url = 'https://a.example/a.png'
  const { media_id } = await app.ok('POST', '/v3/images/byurls', { image_type: 1, image_url: url })
  const byurls = '/v3/images/byurls'
  const address = (name: string) => `${name} must be an http or https address`
  const cases: readonly (readonly [
    method: string,
    path: string,
    body: object,
    code: number,
    text: string,
  ])[] = [
    ['POST', byurls, {}, 1002, 'Missing parameter: image_type'],
    ['POST', byurls, { image_url: 'x y' }, 1002, 'Missing parameter: image_type'],
    ['POST', byurls, { image_type: 1 }, 1002, 'Missing parameter: image_url'],
    ['POST', byurls, { image_type: 9, image_url: '' }, 1002, 'Missing parameter: image_url'],
    ['POST', byurls, { image_type: 4, image_url: url }, 1003, 'image_type must be 1, 2 or 3'],
    ['POST', byurls, { image_type: '1', image_url: url }, 1003, 'image_type must be 1, 2 or 3'],
    ['POST', byurls, { image_type: 1, image_url: 7 }, 1003, address('image_url')],
    ['POST', byurls, { image_type: 1, image_url: 'ftp://a.example/a.png' }, 1003, address('image_url')],
    ['POST', byurls, { image_type: 1, image_url: 'https://' }, 1003, address('image_url')],
    ['POST', byurls, { image_type: 1, jiguang_image_url: 'logo' }, 1003, address('jiguang_image_url')],
    ['POST', byurls, { image_type: 1, jiguang_image_url: '../a.png' }, 1003, address('jiguang_image_url')],
    ['POST', byurls, { image_type: 2, huawei_image_url: '/raw/icon' }, 1003, address('huawei_image_url')],
    [
      'POST',
      byurls,
      { image_type: 1, fcm_image_url: url.padEnd(2_049, 'x') },
      1003,
      address('fcm_image_url'),
    ],
    ['PUT', `${byurls}/${media_id}`, { image_type: 1 }, 1002, 'Missing parameter: image_url'],
    ['PUT', `${byurls}/${media_id}`, { oppo_image_url: 'a' }, 1003, address('oppo_image_url')],
    ['PUT', `${byurls}/jgmedia-1-${randomUUID()}`, { oppo_image_url: url }, 1003, unknown.message],
    ['PUT', `${byurls}/none`, { oppo_image_url: url }, 1003, unknown.message],
    ['POST', '/v3/images/byfiles', { image_type: 1 }, 1003, 'The body must be multipart/form-data'],
  ]
  for (const [method, path, body, code, message] of cases)
    assert.deepEqual(
      errorOf(await app.call(method, path, body)),
      [400, { code, message }],
      JSON.stringify(body),
    )
})

test('files that are no images, or too large, are refused by what is in them, and leave nothing', async () => {
  const app = await makeVip()
  const png = await picture(10, 10)
  const before = contentsOf(server())
  const type = { image_type: '1' }
  const noImage = 'oppo_file must be a JPEG or PNG image'
  const large = Buffer.concat([png, Buffer.alloc(2 * 1024 * 1024)])
  const cases: readonly (readonly [ImageForm, number, string])[] = [
    [{ fields: type }, 1002, 'Missing parameter: oppo_file or xiaomi_file'],
    [{ files: { oppo_file: png } }, 1002, 'Missing parameter: image_type'],
    [{ files: { oppo_file: png }, fields: { image_type: '0' } }, 1003, 'image_type must be 1, 2 or 3'],
    [{ files: { file: png }, fields: type }, 1002, 'Missing parameter: oppo_file or xiaomi_file'],
    [{ files: { oppo_file: '' }, fields: type }, 1003, noImage],
    [{ files: { oppo_file: '<svg xmlns="http://www.w3.org/2000/svg"/>' }, fields: type }, 1003, noImage],
    [{ files: { oppo_file: await picture(10, 10, 'gif') }, fields: type }, 1003, noImage],
    [{ files: { oppo_file: png.subarray(0, 20) }, fields: type }, 1003, noImage],
    [{ files: { xiaomi_file: png, oppo_file: 'no' }, fields: type }, 1003, noImage],
    [{ files: { oppo_file: large }, fields: type }, 1003, 'The file is larger than 2097152 bytes'],
    [
      { files: { xiaomi_file: png, oppo_file: large }, fields: type },
      1003,
      'The file is larger than 2097152 bytes',
    ],
    [{ files: { oppo_file: png }, mediaId: `jgmedia-1-${randomUUID()}` }, 1003, unknown.message],
  ]
  for (const [form, code, message] of cases)
    assert.deepEqual(errorOf(await upload(app, form)), [400, { code, message }])
  assert.deepEqual(contentsOf(server()), before)
  assert.equal((await app.call('GET', '/v3/images/byfiles')).status, 405)
})

test('images cost what pushes cost, and are for VIP apps only', async () => {
  const app = await makeVip()
  const body = { image_type: 1, image_url: 'https://a.example/a.png' }
  const { headers } = await app.call('POST', '/v3/images/byurls', body)
  assert.deepEqual([headers['x-rate-limit-limit'], headers['x-rate-limit-remaining']], ['600', '599'])
  assert.equal((await app.call('GET', '/v3/push/cid')).headers['x-rate-limit-remaining'], '598')
  await upload(app, { files: { oppo_file: await picture(5, 5) }, fields: { image_type: '1' } })
  assert.equal((await app.call('GET', '/v3/push/cid')).headers['x-rate-limit-remaining'], '596')
  const plain = await makeJpushApp(server(), { vip: false })
  const refused = { code: 2006, message: 'The app is not a VIP app' }
  assert.deepEqual(errorOf(await plain.call('POST', '/v3/images/byurls', body)), [403, refused])
  assert.deepEqual(errorOf(await upload(plain, { fields: { image_type: '1' } })), [403, refused])
  const stranger = { ...app, master_secret: 'f'.repeat(24) }
  assert.deepEqual(errorOf(await upload(stranger, {})), [401, { code: 1004, message: 'Authen failed' }])
})

test('with an app go its images, from the database and from the disk', async () => {
  const before = contentsOf(server()).length
  const app = await makeVip()
  const { media_id, oppo_image_url } = await uploaded(app, {
    files: { oppo_file: await picture(9, 9), xiaomi_file: await picture(9, 9) },
    fields: { image_type: '2' },
  })
  assert.equal(contentsOf(server()).length, before + 2)
  await server().admin('DELETE', `/apps/jpush/${app.name}`)
  assert.equal((await download(oppo_image_url)).status, 404)
  await until(async () => contentsOf(server()).length === before)
  for (const table of ['images', 'image_files'])
    assert.deepEqual(readRows(server().dataDir, `SELECT * FROM ${table} WHERE media_id = '${media_id}'`), [])
})
