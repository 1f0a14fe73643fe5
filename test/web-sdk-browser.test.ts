// The vendor's Web SDK, as it is published, in a browser, on a page of another origin.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { findBrowser, openPage } from './browser.ts'
import { makeEasemobApp, ok } from './easemob-caller.ts'
import { sharedApp } from './start-app.ts'
import { SdkClient } from './web-sdk.ts'

const sdkFile = join(import.meta.dirname, '..', 'node_modules', 'easemob-websdk', 'Easemob-chat.js')
const server = sharedApp()
const browser = findBrowser()
const skip = browser === undefined && 'NO BROWSER: the Web SDK is not tried in Chromium (install chromium)'

/** The page gets `client(name)`: logs in, and keeps what its handlers are told in `client.heard`. */
async function prepare(page: Page, http: string, appKey: string): Promise<void> {
  await page.addScriptTag({ path: sdkFile })
  await page.evaluate(
    ([apiUrl, key]) => {
      const { connection, message, logger } = (globalThis as any).websdk
      logger.disableAll()
      const clients = new Map<string, any>()
      Object.assign(globalThis, {
        message,
        async login(name: string, credentials: object) {
          const url = `${apiUrl.replace('http', 'ws')}/websocket`
          const client = new connection({ appKey: key, isHttpDNS: false, apiUrl, url, https: false })
          const heard: [string, any][] = []
          const names = ['Text', 'Image', 'Audio', 'Video', 'File', 'Combine'].map(kind => `on${kind}Message`)
          client.addEventHandler(
            'page',
            Object.fromEntries(names.map(on => [on, (value: any) => heard.push([on, value])])),
          )
          clients.set(name, { client, heard })
          await client.open({ user: name, ...credentials })
        },
        of: (name: string) => clients.get(name),
        async waitFor(name: string, on: string) {
          for (;;) {
            const found = clients.get(name).heard.find(([was]: [string]) => was === on)
            if (found) return found[1]
            await new Promise(resolve => setTimeout(resolve, 5))
          }
        },
      })
    },
    [http, appKey] as const,
  )
}

test('in Chromium: login both ways, text both ways, and files that the SDK uploads and the other side can load', {
  skip,
}, async t => {
  const app = await makeEasemobApp(server())
  await app.register('alice', 'bob', 'carol')
  const page = await openPage(t, browser!)
  await prepare(page, server().http, `${app.org}#${app.app}`)
  const token = await app.login('bob')
  const asBob = { user: 'bob', accessToken: token }
  const evaluate = (body: string) => page.evaluate(body) as Promise<any>

  await evaluate(`login('alice', { pwd: 'pw' })`)
  await evaluate(`login('bob', ${JSON.stringify(asBob)})`)
  const wrong = await evaluate(`login('carol', { pwd: 'wrong' }).then(() => 0, ({ type }) => type)`)
  assert.equal(wrong, 1)

  const sendText = (from: string, to: string, msg: string) =>
    evaluate(
      `of('${from}').client.send(message.create({ type: 'txt', chatType: 'singleChat', to: '${to}', msg: '${msg}' }))`,
    )
  const { serverMsgId } = await sendText('alice', 'bob', 'hello')
  const hello = await evaluate(`waitFor('bob', 'onTextMessage')`)
  assert.deepEqual([hello.id, hello.from, hello.msg], [serverMsgId, 'alice', 'hello'])
  await sendText('bob', 'alice', 'hello yourself')
  assert.equal((await evaluate(`waitFor('alice', 'onTextMessage')`)).msg, 'hello yourself')

  // From the browser to a client under Node.
  const carol = new SdkClient(t, { http: server().http, org: app.org, app: app.app })
  await carol.open('carol')
  await sendText('alice', 'carol', 'across')
  assert.equal((await carol.heard('onTextMessage'))[0].msg, 'across')

  const image = await evaluate(`(async () => {
    const canvas = new OffscreenCanvas(400, 300)
    const context = canvas.getContext('2d')
    for (let x = 0; x < 400; x += 2) { context.fillStyle = 'hsl(' + x + ' 90% 50%)'; context.fillRect(x, 0, 2, 300) }
    const data = await canvas.convertToBlob({ type: 'image/png' })
    const file = { url: '', filename: 'stripes.png', filetype: 'png', data: new File([data], 'stripes.png') }
    const options = { type: 'img', chatType: 'singleChat', to: 'bob', file, width: 400, height: 300 }
    await of('alice').client.send(message.create(options))
    const got = await waitFor('bob', 'onImageMessage')
    const load = async url => {
      const bitmap = await createImageBitmap(await (await fetch(url)).blob())
      return [bitmap.width, bitmap.height]
    }
    return { size: data.size, full: await load(got.url), thumb: await load(got.thumb), got }
  })()`)
  assert.deepEqual(image.full, [400, 300])
  assert.ok(image.thumb[0] <= 400 && image.thumb[1] <= 300)
  assert.equal(image.got.file_length, image.size)

  const file = await evaluate(`(async () => {
    const data = new File(['post house'], 'note.txt', { type: 'text/plain' })
    const file = { url: '', filename: 'note.txt', filetype: 'txt', data }
    await of('alice').client.send(message.create({ type: 'file', chatType: 'singleChat', to: 'bob', file, filename: 'note.txt' }))
    const got = await waitFor('bob', 'onFileMessage')
    return { text: await (await fetch(got.url)).text(), filename: got.filename }
  })()`)
  assert.deepEqual(file, { text: 'post house', filename: 'note.txt' })

  const combined = await evaluate(`(async () => {
    const text = await waitFor('bob', 'onTextMessage')
    await of('bob').client.send(message.create({
      type: 'combine', chatType: 'singleChat', to: 'alice', title: 'Talk', summary: 'about', compatibleText: 'update',
      messageList: [text],
    }))
    const got = await waitFor('alice', 'onCombineMessage')
    const list = await of('alice').client.downloadAndParseCombineMessage({ url: got.url, secret: got.secret })
    return { title: got.title, list: list.map(({ msg, from }) => [msg, from]) }
  })()`)
  assert.deepEqual(combined, { title: 'Talk', list: [['hello', 'alice']] })
  ok(await app.call('GET', '/users/alice/status'))
})
