// Files as the vendor's Web SDK handles them in a browser: shared in a group, large, shown by a page.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { noBrowser } from './browser.ts'
import { appWith, loggedIn } from './chat-client.ts'
import { type EasemobApp, ok } from './easemob-caller.ts'
import { bytesOf, picture } from './files.ts'
import { sharedApp } from './start-app.ts'
import { inChromium, type PageClient } from './web-sdk-page.ts'

const world = inChromium(sharedApp())

async function makeGroup(app: EasemobApp): Promise<string> {
  const group = { groupname: 'ops', public: true, owner: 'alice', members: ['bob'] }
  return ok(await app.call('POST', '/chatgroups', group)).json.data.groupid
}

function share(client: PageClient, groupId: string, name: string, content: string): Promise<any> {
  return client.run(`
    const data = new File([${JSON.stringify(content)}], '${name}', { type: 'text/plain' })
    return new Promise((resolve, reject) => client.uploadGroupSharedFile({
      groupId: '${groupId}', file: { data }, onFileUploadComplete: resolve, onFileUploadError: reject,
    }))`)
}

describe('in Chromium', { skip: noBrowser }, () => {
  test('members share, list, load and delete files of a group', async t => {
    const app = await appWith(world, 'alice', 'bob')
    const [alice, bob] = await loggedIn(t, world, app, 'alice', 'bob')
    const groupId = await makeGroup(app)

    const { data: shared } = await share(bob, groupId, 'minutes.txt', 'minutes')
    const { file_id: fileId, created } = shared
    assert.deepEqual([shared.file_name, shared.file_size], ['minutes.txt', 7])
    const [uploaded] = await alice.heard('onGroupEvent')
    assert.deepEqual([uploaded.operation, uploaded.from], ['uploadFile', 'bob'])

    const file = { file_id: fileId, file_name: 'minutes.txt', file_owner: 'bob', file_size: 7, created }
    const list = await alice.connection.getGroupSharedFilelist({ groupId, pageNum: 1, pageSize: 10 })
    assert.deepEqual(list.data, [file])

    const text = await alice.run(`
      const blob = await new Promise((resolve, reject) => client.downloadGroupSharedFile({
        groupId: '${groupId}', fileId: '${fileId}', onFileDownloadComplete: resolve, onFileDownloadError: reject,
      }))
      return blob.text()`)
    assert.equal(text, 'minutes')

    const deleted = await bob.connection.deleteGroupSharedFile({ groupId, fileId })
    assert.deepEqual(deleted.data, { group_id: groupId, file_id: fileId, result: true })
    assert.equal((await alice.heard('onGroupEvent', 2))[1].operation, 'deleteFile')
  })

  test('who has left a group is told that its files are not for it', async t => {
    const app = await appWith(world, 'alice', 'bob')
    const [alice, bob] = await loggedIn(t, world, app, 'alice', 'bob')
    const groupId = await makeGroup(app)
    const { data } = await share(alice, groupId, 'x.txt', 'x')
    ok(await app.call('DELETE', `/chatgroups/${groupId}/users/bob`))
    const [type, noPermission] = await bob.run(`
      const type = await new Promise((resolve, reject) => client.downloadGroupSharedFile({
        groupId: '${groupId}', fileId: '${data.file_id}',
        onFileDownloadComplete: reject, onFileDownloadError: ({ type }) => resolve(type),
      }))
      return [type, websdk.statusCode.WEBIM_DOWNLOADFILE_ERROR_NO_PERMISSION]`)
    assert.equal(typeof type, 'number')
    assert.equal(type, noPermission)
  })

  test('a file of nearly 10 MB arrives whole', async t => {
    const app = await appWith(world, 'alice', 'bob')
    const [alice, bob] = await loggedIn(t, world, app, 'alice', 'bob')
    await alice.run(`
      const bytes = new Uint8Array(9_900_000)
      for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
      const data = new File([bytes], 'large.bin', { type: 'application/octet-stream' })
      const file = { url: '', filename: 'large.bin', filetype: 'bin', data }
      const options = { type: 'file', chatType: 'singleChat', to: 'bob', file, filename: 'large.bin' }
      globalThis.sentBytes = bytes
      await client.send(websdk.message.create(options))`)
    const [{ url }] = await bob.heard('onFileMessage')
    const isWhole = await bob.run(`
      const got = new Uint8Array(await (await fetch('${url}')).arrayBuffer())
      return got.length === sentBytes.length && got.every((byte, at) => byte === sentBytes[at])`)
    assert.equal(isWhole, true)
  })

  test('a page shows an image and its thumbnail without a token', async t => {
    const app = await appWith(world, 'alice', 'bob')
    const [alice, bob] = await loggedIn(t, world, app, 'alice', 'bob')
    const content = await picture(600, 300, 'jpeg')
    const data = new File([new Uint8Array(content)], 'noise.jpg', { type: 'image/jpeg' })
    await alice.send({
      type: 'img',
      chatType: 'singleChat',
      to: 'bob',
      file: { url: '', filename: 'noise.jpg', filetype: 'jpg', data },
      width: 600,
      height: 300,
      thumbnailWidth: 120,
      thumbnailHeight: 120,
    })
    const [{ url, thumb }] = await bob.heard('onImageMessage')
    assert.ok((await bytesOf(await fetch(url))).equals(content))
    const shown = await bob.run(`
      const show = src => new Promise((resolve, reject) => {
        const image = new Image()
        image.onload = () => resolve([image.naturalWidth, image.naturalHeight])
        image.onerror = reject
        image.src = src
      })
      return [await show('${url}'), await show('${thumb}')]`)
    assert.deepEqual(shown, [
      [600, 300],
      [120, 60],
    ])
  })
})
