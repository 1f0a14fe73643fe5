// A push that names an image carries to each channel the address that is set for it (jpush.md §3.1.8).
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { formatTime } from '../src/lib/zone-time.ts'
import { age, connectDevice, eventually, makeDevice, register } from './devices.ts'
import { picture } from './files.ts'
import { basic, type Received, send } from './http-client.ts'
import { type ImageForm, uploadedImage } from './image-uploads.ts'
import { type JpushApp, makeJpushApp, type NamedJpushApp } from './jpush-client.ts'
import { MqttDevice } from './mqtt-device.ts'
import { peerCertificateFile } from './peers/certificate.ts'
import { FcmPeer } from './peers/fcm-peer.ts'
import { HuaweiPeer, huaweiApp } from './peers/huawei-peer.ts'
import { sharedApp } from './start-app.ts'
import { until } from './until.ts'

const server = sharedApp({ POSTHOUSE_VENDOR_CA_FILE: peerCertificateFile() })
const dayMs = 86_400_000
const unknown = { code: 1003, message: 'media_id does not exist or has expired' }

const makeVip = (settings: object = {}) => makeJpushApp(server(), { vip: true, ...settings })

const uploaded = (app: JpushApp, form: ImageForm) => uploadedImage(server().http, app, form)

function errorOf({ status, json }: Pick<Received, 'status' | 'json'>) {
  return [status, json.error]
}

test('a device gets the address that is set for it, and every digit of what stands beside it', async t => {
  const app = await makeVip()
  const android = await connectDevice(t, server(), app)
  const hmos = await connectDevice(t, server(), app, { platform: 'hmos' })
  const add = async (image_type: number, urls: object) =>
    (await app.ok('POST', '/v3/images/byurls', { image_type, ...urls })).media_id
  const big = await add(1, {
    jiguang_image_url: 'https://a.example/j.png',
    oppo_image_url: 'https://a.example/o.png',
  })
  const large = await add(2, {
    image_url: 'https://a.example/all.png',
    hmos_image_url: 'https://a.example/h.png',
  })
  const { media_id: file, oppo_image_url } = await uploaded(app, {
    files: { oppo_file: await picture(9, 9) },
    fields: { image_type: '3' },
  })
  const extras = `{"id":12345678901234567890,"large_icon":"${large}"}`
  const push = `{"platform":"all","audience":"all","notification":{"alert":"Hi",
    "android":{"style":3,"big_pic_path":"${big}","large_icon":"${large}","small_icon_uri":"${file}","extras":${extras}},
    "hmos":{"category":"MARKETING","large_icon":"${large}"}}}`
  const raw = new Promise<string>(resolve => {
    android.client.once('message', (_topic, payload) => resolve(payload.toString()))
  })
  await app.ok('POST', '/v3/push', push)
  const { notification } = await android.next()
  assert.deepEqual(
    [notification.big_pic_path, notification.large_icon, notification.small_icon_uri],
    ['https://a.example/j.png', 'https://a.example/all.png', oppo_image_url],
  )
  // What is the app's own is not looked into.
  assert.ok((await raw).includes(`"extras":${extras}`), await raw)
  assert.equal((await hmos.next()).notification.large_icon, 'https://a.example/h.png')
  assert.equal((await fetch(notification.small_icon_uri)).status, 200)
})

test('what an image is when it is pushed stays so, whatever becomes of the image', async t => {
  const app = await makeVip()
  const access = await makeDevice(server(), app)
  const image_url = 'https://a.example/1.png'
  const { media_id } = await app.ok('POST', '/v3/images/byurls', { image_type: 1, image_url })
  const android = { alert: 'Hi', style: 3, big_pic_path: media_id }
  await app.push({ platform: 'all', audience: 'all', notification: { android } })
  await app.ok('PUT', `/v3/images/byurls/${media_id}`, { image_url: 'https://a.example/2.png' })
  age(server(), 'images', media_id, 31 * dayMs)
  const device = await MqttDevice.connect(t, server(), access, { appKey: app.app_key })
  assert.equal((await device.next()).notification.big_pic_path, image_url)
})

async function vendorStage(t: TestContext, app: NamedJpushApp) {
  const [google, push] = [await FcmPeer.start(t), await HuaweiPeer.start(t)]
  const { origin } = push.http
  const huawei = { ...huaweiApp, base_url: origin, token_url: `${origin}/oauth2/v3/token` }
  await server().admin('PATCH', `/apps/jpush/${app.name}`, { channels: { fcm: google.credentials, huawei } })
  const token = google.addDevice()
  push.tokens.add('phone')
  await register(server(), app, { channels: { fcm: { token } } })
  await register(server(), app, { channels: { huawei: { token: 'phone' } } })
  const shown = async (notification: object, options: object = {}) => {
    const before = [google.devices.get(token)!.all.length, push.taken.length] as const
    await app.push({
      platform: ['android'],
      audience: 'all',
      notification: { android: notification },
      options,
    })
    await until(
      async () => google.devices.get(token)!.all.length > before[0] && push.taken.length > before[1],
    )
    return {
      fcm: google.devices.get(token)!.all.at(-1).android.notification,
      huawei: push.taken.at(-1).android.notification,
    }
  }
  return { shown }
}

test('each vendor gets the address that is set for it, and what the push says for it alone wins', async t => {
  const app = await makeVip()
  const { shown } = await vendorStage(t, app)
  const add = async (image_type: number, urls: object) =>
    (await app.ok('POST', '/v3/images/byurls', { image_type, ...urls })).media_id
  const image_url = 'https://a.example/all.png'
  const big = await add(1, { image_url, fcm_image_url: 'https://a.example/fcm.png' })
  const large = await add(2, { image_url, huawei_image_url: 'https://a.example/huawei.png' })
  const small = await add(3, { image_url, huawei_image_url: '/raw/icon' })
  const other = await add(2, { image_url, huawei_image_url: 'https://a.example/other.png' })

  const first = await shown({
    alert: 'a',
    style: 3,
    big_pic_path: big,
    large_icon: large,
    small_icon_uri: small,
  })
  assert.equal(first.fcm.image, 'https://a.example/fcm.png')
  assert.deepEqual([first.huawei.image, first.huawei.icon], ['https://a.example/huawei.png', '/raw/icon'])

  const own = {
    huawei: { large_icon: other, small_icon_uri: large },
    fcm: { style: 3, big_pic_path: other },
  }
  const second = await shown({ alert: 'a', large_icon: large }, { third_party_channel: own })
  assert.equal(second.fcm.image, image_url)
  // Push Kit takes a small icon from the app alone.
  assert.deepEqual([second.huawei.image, second.huawei.icon], ['https://a.example/other.png', undefined])

  const third = await shown({ alert: 'a', large_icon: large })
  assert.equal(third.fcm.image, image_url)
})

test('a media_id that is none of the app’s is refused wherever a push may name one', async () => {
  const app = await makeVip()
  const rid = await register(server(), app)
  const theirs = await (await makeVip()).ok('POST', '/v3/images/byurls', {
    image_type: 2,
    image_url: 'https://a.example/a.png',
  })
  const mediaId = theirs.media_id
  const push = { platform: 'all', audience: 'all', notification: { alert: 'Hi' } }
  const named: readonly object[] = [
    { notification: { android: { alert: 'Hi', big_pic_path: mediaId } } },
    { notification: { android: { alert: 'Hi', large_icon: mediaId } } },
    { notification: { android: { alert: 'Hi', small_icon_uri: `jgmedia-3-${randomUUID()}` } } },
    { notification: { alert: 'Hi', hmos: { large_icon: mediaId } } },
    { options: { third_party_channel: { oppo: { big_pic_path: mediaId } } } },
    { message: { msg_content: 'x' }, notification_3rd: { title: 't', content: 'c', large_icon: mediaId } },
  ]
  for (const part of named)
    for (const path of ['/v3/push', '/v3/push/validate'])
      assert.deepEqual(
        errorOf(await app.call('POST', path, { ...push, ...part })),
        [400, unknown],
        JSON.stringify(part),
      )
  const { cidlist } = await app.ok('GET', '/v3/push/cid')
  const single = { platform: 'all', target: rid, ...named[0] }
  const batch = await app.ok('POST', '/v3/push/batch/regid/single', { pushlist: { [cidlist[0]]: single } })
  assert.deepEqual(batch[cidlist[0]].error, unknown)
  const harmless = ['jgmedia-1-x', 'R.drawable.logo', `xjgmedia-1-${randomUUID()}`]
  for (const large_icon of harmless)
    await app.push({ ...push, notification: { android: { alert: 'Hi', large_icon } } })
  await app.push({ ...push, notification: { alert: 'Hi', android: { extras: { large_icon: mediaId } } } })
})

test('an image that is a month old can be neither named, changed nor downloaded', async () => {
  const app = await makeVip()
  await register(server(), app)
  const { media_id, oppo_image_url } = await uploaded(app, {
    files: { oppo_file: await picture(9, 9) },
    fields: { image_type: '2' },
  })
  const android = { alert: 'Hi', large_icon: media_id }
  const push = { platform: 'all', audience: 'all', notification: { android } }
  age(server(), 'images', media_id, 30 * dayMs - 60_000)
  await app.push(push)
  age(server(), 'images', media_id, 60_000)
  assert.deepEqual(errorOf(await app.call('POST', '/v3/push', push)), [400, unknown])
  const url = { image_url: 'https://a.example/a.png' }
  assert.deepEqual(errorOf(await app.call('PUT', `/v3/images/byurls/${media_id}`, url)), [400, unknown])
  assert.equal((await fetch(oppo_image_url)).status, 404)
})

test('a push to a group of apps is refused in those that do not have its image, and goes out in the others', async () => {
  const [one, other] = [await makeVip(), await makeVip()]
  for (const app of [one, other]) await register(server(), app)
  const group = { org: 'jpush', name: 'images', apps: [one.name, other.name] }
  const made = await server().admin('POST', '/app-groups', group)
  const { media_id } = await one.ok('POST', '/v3/images/byurls', {
    image_type: 2,
    image_url: 'https://a.example/a.png',
  })
  const { status, json } = await send(`${server().http}/v3/grouppush`, {
    headers: { Authorization: basic(`group-${made.group_key}`, made.group_master_secret) },
    body: {
      platform: 'all',
      audience: 'all',
      notification: { android: { alert: 'Hi', large_icon: media_id } },
    },
  })
  assert.equal(status, 200)
  assert.match(json[one.app_key].msg_id, /^\d+$/)
  assert.deepEqual(json[other.app_key], { error: unknown })
})

test('a schedule names an image that is looked up when its time comes', async t => {
  const app = await makeVip()
  const device = await connectDevice(t, server(), app)
  const { media_id } = await app.ok('POST', '/v3/images/byurls', {
    image_type: 2,
    jiguang_image_url: 'https://a.example/a.png',
  })
  const schedule = async (large_icon: string) => {
    const push = { platform: 'all', audience: 'all', notification: { android: { alert: 'Hi', large_icon } } }
    const trigger = { single: { time: formatTime(Date.now() + 1_500, 480) } }
    return (await app.ok('POST', '/v3/schedules', { name: 'x', enabled: true, trigger, push })).schedule_id
  }
  await schedule(media_id)
  const lost = await schedule(`jgmedia-2-${randomUUID()}`)
  assert.equal((await device.next()).notification.large_icon, 'https://a.example/a.png')
  const runs = () => app.ok('GET', `/v3/schedules/${lost}/msg_ids`)
  const { msgids } = await eventually(runs, ({ count }) => count === 1)
  assert.deepEqual(JSON.parse(msgids[0]).error, unknown)
})
