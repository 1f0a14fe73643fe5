// The README's lines, pasted into a shell in their order, against a server that listens on free ports.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { readConfig } from '../src/config.ts'
import { startApp } from './start-app.ts'

const root = join(import.meta.dirname, '..')
const answerMs = 20_000

interface Block {
  readonly lines: string
  /** What the text after the block promises: the pieces of code behind an arrow. */
  readonly promised: readonly string[]
}

function blocksOf(file: string): Block[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```\n(?:\n→ (.*)\n)?/gm)].map(
    ([, lines = '', promise = '']) => ({
      lines,
      promised: [...promise.matchAll(/`([^`]+)`/g)].map(([, code]) => code!),
    }),
  )
}

/** One shell for all blocks, as a newcomer has one terminal. */
class Terminal {
  readonly #shell
  #output = ''
  #changed = Promise.withResolvers<void>()
  #count = 0

  constructor(t: TestContext, env: Record<string, string>) {
    this.#shell = spawn('bash', [], { cwd: root, env: { ...process.env, ...env }, detached: true })
    for (const stream of [this.#shell.stdout, this.#shell.stderr])
      stream.on('data', (chunk: Buffer) => {
        this.#output += chunk
        this.#changed.resolve()
        this.#changed = Promise.withResolvers()
      })
    t.after(async () => {
      const closed = once(this.#shell, 'close')
      // The whole group: the device listens in the background.
      process.kill(-this.#shell.pid!, 'SIGKILL')
      await closed
    })
  }

  /** @returns what was printed from the paste until `texts` and the end of the block had been seen */
  async paste(lines: string, texts: readonly string[]): Promise<string> {
    const start = this.#output.length
    const end = `__end_${++this.#count}__`
    this.#shell.stdin.write(`${lines}\necho ${end}\n`)
    const isThere = () => [end, ...texts].every(text => this.#output.slice(start).includes(text))
    const deadline = AbortSignal.timeout(answerMs)
    while (!isThere() && !deadline.aborted)
      await Promise.race([this.#changed.promise, once(deadline, 'abort')])
    return this.#output.slice(start)
  }
}

test('the README’s lines do what it says they do', async t => {
  const app = await startApp(t)
  const [start, ...blocks] = blocksOf('README.md')
  assert.equal(start!.lines, 'npm start\n')
  assert.ok(blocks.length >= 7)
  const terminal = new Terminal(t, { POSTHOUSE_DATA: app.dataDir })
  for (const { lines, promised } of blocks) {
    const printed = await terminal.paste(lines, promised)
    for (const text of promised)
      assert.ok(printed.includes(text), `${lines}promised ${text}, printed: ${printed}`)
  }
})

test('both languages show the same lines and the same variables', () => {
  const codes = (file: string) => blocksOf(file).map(({ lines, promised }) => ({ lines, promised }))
  assert.deepEqual(codes('README.zh-CN.md'), codes('README.md'))
  for (const [one, other] of [
    ['README.md', 'README.zh-CN.md'],
    ['docs/operating.md', 'docs/operating.zh.md'],
  ] as const)
    assert.deepEqual(variablesOf(other), variablesOf(one))
})

test('the variables in the documents are those the server reads, with the defaults it has', () => {
  const read = new Set<string>()
  const recorder = new Proxy({}, { get: (_target, name) => void read.add(String(name)) })
  const defaults = readConfig(recorder)
  const documented = variablesOf('docs/operating.md')
  assert.deepEqual([...documented.keys()].toSorted(), [...read].toSorted())
  for (const [name, value] of [...documented, ...variablesOf('README.md')]) {
    assert.ok(read.has(name), name)
    assert.deepEqual(readConfig({ [name]: value }), defaults, `${name} is not ${value} by default`)
  }
})

test('the settings in the documents are those an app has, with the defaults it gets', async t => {
  const app = await startApp(t)
  const { limits, ...settings } = (await app.admin('GET', '/apps/demo/chat')).settings
  const flat = [
    ...Object.entries(settings),
    ...Object.entries(limits).map(([name, value]) => [`limits.${name}`, value]),
  ]
  for (const file of ['docs/operating.md', 'docs/operating.zh.md']) {
    const table = /^\| .*`registration`[\s\S]*?\n\n/m.exec(readFileSync(join(root, file), 'utf8'))![0]
    const rows = [...table.matchAll(/^\| `([\w.]+)` \| `([^`]*)` \|/gm)]
    const documented = Object.fromEntries(rows.map(([, name, value]) => [name, JSON.parse(value!)]))
    assert.deepEqual(documented, Object.fromEntries(flat), file)
  }
})

test('every link in the documents leads to a file', () => {
  const files = [
    'README.md',
    'README.zh-CN.md',
    'CONTRIBUTING.md',
    'docs/operating.md',
    'docs/operating.zh.md',
  ]
  for (const file of files)
    for (const [, target] of readFileSync(join(root, file), 'utf8').matchAll(/\]\(([^)#]+)[^)]*\)/g))
      assert.ok(existsSync(join(root, dirname(file), target!)), `${file} → ${target}`)
})

/** Rows of the tables of variables: name → default. */
function variablesOf(file: string): Map<string, string> {
  const text = readFileSync(join(root, file), 'utf8')
  return new Map(
    [...text.matchAll(/^\| `(POSTHOUSE_\w+)` \| `([^`]*)` \|/gm)].map(([, name, value]) => [name!, value!]),
  )
}
