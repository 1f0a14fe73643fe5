// Runs the test files in processes of several files each: what every file loads is loaded, and made fast by the
// runtime, once a process instead of once a file. `npm test -- FILE…` runs these only.
import { type ChildProcess, spawn } from 'node:child_process'
import { globSync } from 'node:fs'

/** More than cores: a test waits often, for a disk or a client. */
const PROCESSES = 4
const FILES_A_PROCESS = 18
/** For one test. */
const TEST_TIMEOUT_MS = 120_000
/** For one process: what keeps it open after its last test is a fault too. */
const PROCESS_TIMEOUT_MS = 300_000
const COUNTS = ['tests', 'pass', 'fail', 'cancelled', 'skipped', 'todo'] as const

const files =
  process.argv.length > 2 ? process.argv.slice(2) : globSync('{src,client,test}/**/*.test.ts').sort()
// The vendor's SDK makes its process look like a browser, which others must not see. Its tests are the longest: they begin.
const [browser, others] = [true, false].map(is => files.filter(file => file.includes('/web-sdk') === is))
const bundles = [...spread(browser!), ...spread(others!)]
const totals: Record<string, number> = {}
const failed: string[][] = []
const started = performance.now()

await Promise.all(
  Array.from({ length: PROCESSES }, async () => {
    for (let bundle = bundles.shift(); bundle; bundle = bundles.shift()) await run(bundle)
  }),
)

for (const bundle of failed) console.log(`✖ failed in a process with ${bundle.join(' ')}`)
for (const name of COUNTS) console.log(`ℹ ${name} ${totals[name] ?? 0}`)
console.log(`ℹ seconds ${((performance.now() - started) / 1000).toFixed(1)}`)
process.exitCode = failed.length > 0 || !totals.pass ? 1 : 0

/** Neighbours by name go to different processes: they tend to be heavy together. */
function spread(all: readonly string[]): string[][] {
  const count = Math.ceil(all.length / FILES_A_PROCESS)
  return Array.from({ length: count }, (_, nth) => all.filter((_, index) => index % count === nth))
}

/** Prints what a process said when it has ended, so that no two mix. */
async function run(bundle: string[]): Promise<void> {
  const child = spawn(
    process.execPath,
    [
      '--test',
      '--test-isolation=none',
      `--test-timeout=${TEST_TIMEOUT_MS}`,
      '--test-reporter=spec',
      ...bundle,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], timeout: PROCESS_TIMEOUT_MS, killSignal: 'SIGKILL' },
  )
  const [text, code] = await Promise.all([textOf(child), endOf(child)])
  const counts = [...text.matchAll(/^ℹ (\w+) (\d+)$/gm)].filter(([, name]) =>
    (COUNTS as readonly string[]).includes(name!),
  )
  for (const [, name, count] of counts) totals[name!] = (totals[name!] ?? 0) + Number(count)
  process.stdout.write(text.replace(/^ℹ (?!duration).*\n/gm, ''))
  if (code !== 0 || counts.length === 0) failed.push(bundle)
}

async function textOf({ stdout, stderr }: ChildProcess): Promise<string> {
  const chunks: Buffer[] = []
  for (const stream of [stdout!, stderr!]) stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  await Promise.all([stdout!, stderr!].map(stream => new Promise(resolve => stream.once('close', resolve))))
  return Buffer.concat(chunks).toString('utf8')
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
}
