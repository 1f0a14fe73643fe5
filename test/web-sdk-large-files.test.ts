// A file so large that the vendor's Web SDK would rather send it in parts: it asks for that first, is told that there is
// no such thing here, and sends it in one piece.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { makeEasemobApp } from './easemob-caller.ts'
import { sharedApp } from './start-app.ts'
import { SdkClient } from './web-sdk.ts'

const server = sharedApp()

interface Request {
  open(method: string, url: string, isAsync: boolean): void
}

const browser = globalThis as unknown as { XMLHttpRequest: new () => Request }

/** The paths of what the SDK asks for, from now on. */
function watchRequests(): string[] {
  const asked: string[] = []
  class WatchedRequest extends browser.XMLHttpRequest {
    constructor() {
      super()
      const { open } = this
      this.open = (method, url) => {
        asked.push(`${method} ${new URL(url).pathname.split('/').slice(3).join('/')}`)
        open.call(this, method, url, true)
      }
    }
  }
  browser.XMLHttpRequest = WatchedRequest
  return asked
}

test('a large file arrives whole, though it cannot be uploaded in parts', async t => {
  const app = await makeEasemobApp(server())
  await app.register('ann', 'bob')
  const clients = ['ann', 'bob'].map(
    () => new SdkClient(t, { http: server().http, org: app.org, app: app.app }),
  )
  const [ann, bob] = clients as [SdkClient, SdkClient]
  await ann.open('ann')
  await bob.open('bob')
  const asked = watchRequests()
  const content = randomBytes(9_900_000)
  await ann.send({
    type: 'file',
    chatType: 'singleChat',
    to: 'bob',
    filename: 'large.bin',
    file: { url: '', filename: 'large.bin', filetype: 'bin', data: new File([content], 'large.bin') },
  })
  assert.deepEqual(asked, ['POST sdk/chatfiles/part-upload', 'POST chatfiles'])
  const [{ url }] = await bob.heard('onFileMessage')
  const got = Buffer.from(await (await fetch(url)).arrayBuffer())
  assert.ok(got.equals(content))
})
