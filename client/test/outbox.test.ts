// The outbox in a file.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../src/clock.ts'
import { Outbox } from '../src/outbox.ts'
import { HostileServer, silence } from './hostile-server.ts'
import { type MakePlaces, outboxCases } from './outbox.conform.ts'

const makePlaces: MakePlaces = t => {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-outbox-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return name => ({ path: join(folder, `${name}.db`) })
}

outboxCases(makePlaces)

test('its file, and what lies beside it, is for its owner alone', async t => {
  const { path } = await makePlaces(t, systemClock)('own')
  const umask = process.umask(0)
  const outbox = new Outbox({ path: path! })
  process.umask(umask)
  t.after(() => outbox.close())
  await outbox.list()
  const folder = dirname(path!)
  const modes = readdirSync(folder).map(name => statSync(join(folder, name)).mode & 0o777)
  assert.ok(modes.length > 1)
  assert.deepEqual(new Set(modes), new Set([0o600]))
})

test('a disk that takes no more is told to the caller, and what was kept before is there', async t => {
  const { path } = await makePlaces(t, systemClock)('full')
  const server = await HostileServer.start(t, silence)
  const child = join(import.meta.dirname, 'outbox-full-child.ts')
  const full = execFileSync('prlimit', ['--fsize=300000', process.execPath, child, path!, server.url])
  const { kept, refusal } = JSON.parse(full.toString())
  assert.match(refusal, /full|disk|I\/O/)
  assert.ok(kept.length > 0 && kept.length < 100)
  const again = new Outbox({ path: path! })
  const found = await again.list({}, 1_000)
  await again.close()
  assert.deepEqual(found.map(({ itemId }) => itemId).toSorted(), kept.toSorted())
})
