import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { pino } from 'pino'
import { readConfig } from '../../config.ts'
import { ContentFolder } from './content-folder.ts'

test('no more contents are read at once than may be, and each that is closed makes room', async t => {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthouse-contents-'))
  t.after(() => rmSync(dataDir, { recursive: true }))
  const { files } = readConfig({ POSTHOUSE_DATA: dataDir })
  const folder = new ContentFolder(dataDir, { ...files, downloadsMax: 2 }, pino({ level: 'silent' }))
  await folder.prepare()
  const { contentId } = await folder.write(Readable.from([Buffer.from('hello')]), 5)
  const open = () => folder.open(folder.pathOf(contentId))
  const [first, second] = [await open(), await open()]
  await assert.rejects(open(), { id: 'core_overloaded' })
  await first!.handle.close()
  // What is not there takes no room.
  assert.equal(await folder.open(folder.pathOf(randomUUID())), undefined)
  const third = await open()
  await assert.rejects(open(), { id: 'core_overloaded' })
  for (const { handle } of [second!, third!]) await handle.close()
})
