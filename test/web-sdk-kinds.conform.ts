// Every kind of message with the vendor's Web SDK, wherever it runs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EasemobChat } from 'easemob-websdk'
import { appWith, loggedIn, type World } from './chat-client.ts'
import { bytesOf, picture } from './files.ts'

export function kindsConform(world: World): void {
  test('every kind of message arrives as it was sent, ext and all', async t => {
    const app = await appWith(world, 'alice', 'bob')
    const [alice, bob] = await loggedIn(t, world, app, 'alice', 'bob')
    const ext = {
      text: 'ü',
      whole: 7,
      half: 0.5,
      yes: true,
      list: [1, { two: 2 }],
      object: { deep: { er: 1 } },
    }
    const place = { chatType: 'singleChat', to: 'bob', ext } as const
    const file = (filename: string, length = 0) => ({
      url: `${app.url}/chatfiles/1f3c`,
      filename,
      type: 'any',
      length,
    })
    // Files that are on a server already: the SDK uploads nothing when it is given a body.
    const none = undefined as never
    await alice.send({ type: 'txt', msg: 'text', ...place })
    await alice.send({ type: 'img', url: file('a.png').url, width: 3, height: 2, ...place })
    await alice.send({
      type: 'audio',
      body: file('a.amr', 4),
      file: none,
      filename: 'a.amr',
      length: 4,
      ...place,
    })
    await alice.send({
      type: 'video',
      body: file('a.mp4', 5),
      file: none,
      filename: 'a.mp4',
      length: 5,
      ...place,
    })
    await alice.send({ type: 'file', body: file('a.bin'), file: none, filename: 'a.bin', ...place })
    const where = { addr: 'Here', buildingName: 'Post house', lat: 39.9, lng: 116.4 }
    await alice.send({ type: 'loc', ...where, ...place })
    await alice.send({ type: 'cmd', action: 'ring', ...place })
    await alice.send({ type: 'custom', customEvent: 'gift', customExts: { flower: 'rose' }, ...place })
    const heard = new Map<string, any>()
    for (const kind of ['Text', 'Image', 'Audio', 'Video', 'File', 'Location', 'Cmd', 'Custom']) {
      const [value] = await bob.heard(`on${kind}Message`)
      assert.deepEqual(value.ext, ext, kind)
      assert.equal(value.from, 'alice')
      heard.set(kind, value)
    }
    assert.equal(heard.get('Text').msg, 'text')
    assert.deepEqual(
      [heard.get('Image').url, heard.get('Image').width, heard.get('Image').height],
      [`${file('').url}?em-redirect=true`, 3, 2],
    )
    assert.deepEqual([heard.get('Audio').filename, heard.get('Audio').length], ['a.amr', 4])
    assert.deepEqual([heard.get('Video').filename, heard.get('Video').length], ['a.mp4', 5])
    assert.equal(heard.get('File').filename, 'a.bin')
    const { addr, lat, lng } = heard.get('Location')
    assert.deepEqual({ addr, lat, lng }, { addr: 'Here', lat: 39.9, lng: 116.4 })
    assert.equal(heard.get('Cmd').action, 'ring')
    assert.deepEqual(
      [heard.get('Custom').customEvent, heard.get('Custom').customExts],
      ['gift', { flower: 'rose' }],
    )
  })

  test('files that the SDK uploads are loaded by the other side, byte for byte', async t => {
    const app = await appWith(world, 'alice', 'bob')
    const [alice, bob] = await loggedIn(t, world, app, 'alice', 'bob')
    const contents = [
      ['img', 'onImageMessage', 'a.png', 'image/png', await picture(40, 30)],
      ['audio', 'onAudioMessage', 'a.amr', 'audio/amr', Buffer.from('#!AMR, and so on')],
      ['video', 'onVideoMessage', 'a.mp4', 'video/mp4', Buffer.from('ftyp, and so on')],
      ['file', 'onFileMessage', 'a.txt', 'text/plain', Buffer.from('post house')],
    ] as const
    for (const [type, on, filename, mime, content] of contents) {
      const data = new File([new Uint8Array(content)], filename, { type: mime })
      const file = { url: '', filename, filetype: filename.slice(2), data }
      const options = { type, chatType: 'singleChat', to: 'bob', file, filename, length: 3 }
      const id = await alice.send(options as EasemobChat.CreateMsgType)
      const [got] = await bob.heard(on)
      assert.deepEqual([got.id, got.file_length], [id, content.length])
      assert.ok((await bytesOf(await fetch(got.url))).equals(content), filename)
      if (type === 'img') assert.equal((await fetch(got.thumb)).headers.get('Content-Type'), mime)
    }
  })

  test('messages that are sent on as one are read one by one', async t => {
    const app = await appWith(world, 'alice', 'bob')
    const [alice, bob] = await loggedIn(t, world, app, 'alice', 'bob')
    await alice.text('bob', 'hello')
    await alice.send({
      type: 'custom',
      chatType: 'singleChat',
      to: 'bob',
      customEvent: 'gift',
      customExts: {},
    })
    const messageList = [...(await bob.heard('onTextMessage')), ...(await bob.heard('onCustomMessage'))]
    await bob.send({
      type: 'combine',
      chatType: 'singleChat',
      to: 'alice',
      title: 'Talk',
      summary: 'about',
      compatibleText: 'update',
      messageList,
    })
    const [{ title, summary, url, secret }] = await alice.heard('onCombineMessage')
    assert.deepEqual([title, summary], ['Talk', 'about'])
    const list: any = await alice.connection.downloadAndParseCombineMessage({ url, secret })
    assert.deepEqual(
      list.map(({ type, from, msg, customEvent }: any) => [type, from, msg ?? customEvent]),
      [
        ['txt', 'alice', 'hello'],
        ['custom', 'alice', 'gift'],
      ],
    )
  })
}
