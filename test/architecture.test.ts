// Holds ARCHITECTURE.md's import table: who may import whom, which packages, and where SQL may stand.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..')

interface Rule {
  /** Folders of ours, beside the own one. */
  readonly folders: readonly string[]
  /** Folders of which only types may be imported. */
  readonly typesOf?: readonly string[]
  readonly packages: readonly string[]
}

/** Files that stand in `src/` itself are folders of one file here. */
const rules: Readonly<Record<string, Rule>> = {
  contract: { folders: [], packages: [] },
  lib: { folders: [], packages: [] },
  gateway: {
    folders: ['contract', 'lib', 'link', 'msync'],
    typesOf: ['config.ts'],
    packages: [
      'node:',
      '@fastify/busboy',
      'sharp',
      'ajv',
      'find-my-way',
      'mqtt-packet',
      'node-forge',
      'pino',
      'prom-client',
      'typebox',
      'ws',
    ],
  },
  msync: { folders: ['contract', 'lib'], packages: ['node:fs', 'protobufjs'] },
  link: { folders: ['contract', 'lib'], packages: ['node:worker_threads'] },
  core: {
    folders: ['channels', 'contract', 'lib', 'store'],
    typesOf: ['config.ts', 'link'],
    packages: ['node:crypto', 'node:fs/promises', 'node:net', 'node:path', 'node:util', 'pino'],
  },
  channels: { folders: ['contract', 'lib'], packages: ['node:', 'http_ece', 'jose'] },
  store: { folders: ['contract', 'lib'], packages: ['node:'] },
  jobs: { folders: ['contract', 'lib', 'core', 'store'], typesOf: ['config.ts'], packages: [] },
  cli: { folders: ['contract', 'lib', 'store', 'config.ts', 'runtime-file.ts'], packages: ['node:'] },
  'config.ts': { folders: [], packages: [] },
  'runtime-file.ts': { folders: [], typesOf: ['contract'], packages: ['node:'] },
  'welcome.ts': { folders: [], typesOf: ['runtime-file.ts'], packages: [] },
  'explain.ts': { folders: ['contract'], packages: ['node:'] },
  'app.ts': { folders: ['*'], packages: ['node:', 'pino'] },
  'core-main.ts': { folders: ['*'], packages: ['node:'] },
  'open-core.ts': { folders: ['*'], packages: ['node:', 'pino'] },
  'start.ts': { folders: ['*'], packages: ['node:'] },
  'main.ts': { folders: ['*'], packages: ['node:'] },
}
const dialectFolders = ['easemob', 'jpush', 'neutral', 'device', 'im']

interface Import {
  readonly from: string
  /** A path below `src/`, or the name of a package. */
  readonly to: string
  readonly isType: boolean
}

const files = globSync('src/**/*.ts', { cwd: root })
  .map(file => file.replaceAll('\\', '/').slice('src/'.length))
  .filter(file => !file.endsWith('.test.ts') && !file.endsWith('.conform.ts'))
const imports = files.flatMap(importsOf)

test('every file imports only what its folder may', () => {
  assert.ok(imports.length > 100, 'the imports were found at all')
  assert.deepEqual(imports.filter(isForbidden).map(arrow), [])
})

/** Of Node, by where in the client. */
const builtIns: Readonly<Record<string, RegExp>> = {
  'alerts/sqlite-store.ts': /^node:sqlite$/,
  'outbox/handler.ts': /^node:crypto$/,
  'outbox/outbox-file.ts': /^node:fs$/,
  'cli/': /^node:/,
}

test('the client imports nothing but itself and what recognises a failure', () => {
  const mayImport = /^(?:\.\.?\/)+(?!.*src\/)|\/src\/contract\/(?:recognise|template)\.ts$/
  for (const file of globSync('client/src/**/*.ts', { cwd: root })) {
    if (file.endsWith('.test.ts')) continue
    // These are for Node alone.
    const builtIn = Object.entries(builtIns).find(([folder]) => file.startsWith(`client/src/${folder}`))?.[1]
    const text = readFileSync(join(root, file), 'utf8')
    for (const [, type, to] of text.matchAll(
      /^(?:import|export)\s+(type\s)?(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm,
    ))
      assert.ok(type || mayImport.test(to!) || builtIn?.test(to!), `${file} → ${to}`)
  }
})

test('nothing imports the gateway but app.ts', () => {
  const outside = imports.filter(({ from, to }) => folderOf(to) === 'gateway' && folderOf(from) !== 'gateway')
  assert.deepEqual([...new Set(outside.map(({ from }) => from))], ['app.ts'])
})

test('the doors know nothing of each other', () => {
  const crossing = imports.filter(({ from, to }) => {
    const [own, other] = [from, to].map(doorOf)
    return own !== undefined && other !== undefined && own !== other
  })
  assert.deepEqual(crossing.map(arrow), [])
})

test('what the doors share does not know the doors', () => {
  const shared = imports.filter(({ from }) => folderOf(from) === 'gateway' && !doorOf(from))
  assert.deepEqual(shared.filter(({ to }) => doorOf(to)).map(arrow), [])
})

test('no import leads from the server into tests, benchmarks, scripts or the operator’s page', () => {
  // The client's command is one of the server's too.
  const outside = imports.filter(({ from, to }) => to.startsWith('..') && !isClientCommand(from, to))
  assert.deepEqual(outside.map(arrow), [])
})

test('only store/ holds SQL', () => {
  const sql =
    /\b(?:SELECT\s[^'`]*\bFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE|PRAGMA)\b/
  const elsewhere = files.filter(file => folderOf(file) !== 'store' && sql.test(read(file)))
  assert.deepEqual(elsewhere, [])
  assert.ok(files.some(file => folderOf(file) === 'store' && sql.test(read(file))))
})

test('ARCHITECTURE.md states the same table', () => {
  const stated = statedTable()
  for (const [folder, { folders }] of Object.entries(rules)) {
    const row = stated.get(folder)
    if (row) assert.deepEqual(row, folders.filter(name => name !== '*').toSorted(), folder)
  }
  for (const folder of ['contract', 'lib', 'gateway', 'link', 'core', 'store'])
    assert.ok(stated.has(folder), `ARCHITECTURE.md has no row for ${folder}`)
})

test('every folder of src/ has a rule', () => {
  assert.deepEqual(
    [...new Set(files.map(folderOf))].filter(folder => !Object.hasOwn(rules, folder)),
    [],
  )
})

function isClientCommand(from: string, to: string): boolean {
  return from === 'main.ts' && to.startsWith('../client/src/cli/')
}

function isForbidden({ from, to, isType }: Import): boolean {
  const own = folderOf(from)
  const { folders, typesOf = [], packages } = rules[own] ?? { folders: [], packages: [] }
  if (!isOurs(to)) return !packages.some(name => to === name || (name === 'node:' && to.startsWith(name)))
  const folder = folderOf(to)
  return (
    folder !== own &&
    !folders.includes('*') &&
    !folders.includes(folder) &&
    !(isType && typesOf.includes(folder))
  )
}

function importsOf(file: string): Import[] {
  const text = read(file).replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, '')
  const statements = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm)
  const calls = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)
  return [
    ...[...statements].map(([, type, to]) => ({
      from: file,
      to: target(file, to!),
      isType: type !== undefined,
    })),
    ...[...calls].map(([, to]) => ({ from: file, to: target(file, to!), isType: false })),
  ]
}

function target(file: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(dirname(file), specifier) : specifier
}

/** Paths of ours end in `.ts`; anything else is a package. */
function isOurs(to: string): boolean {
  return to.endsWith('.ts')
}

function folderOf(path: string): string {
  return path.split('/', 1)[0]!
}

function doorOf(path: string): string | undefined {
  const [folder, door] = path.split('/')
  return folder === 'gateway' && dialectFolders.includes(door!) ? door : undefined
}

function arrow({ from, to }: Import): string {
  return `src/${from} → ${isOurs(to) ? `src/${to}` : to}`
}

function read(file: string): string {
  return readFileSync(join(root, 'src', file), 'utf8')
}

/** Folder → the folders its row says it may import; rows that say "everything" are left out. */
function statedTable(): Map<string, string[]> {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  const rows = [...text.matchAll(/^\| `src\/([\w-]+)\/` \|.*\| ([^|]+) \|$/gm)]
  return new Map(
    rows
      .filter(([, , may]) => may !== 'everything')
      .map(([, folder, may]) => {
        const listed = may!.split(';', 1)[0]!.replace(/^nothing.*/, '')
        return [folder!, listed.split(/,\s*/).filter(Boolean).map(clean).toSorted()]
      }),
  )
}

function clean(name: string): string {
  return name.replaceAll('`', '').trim()
}
