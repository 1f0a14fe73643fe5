// Makes a fresh clone runnable: installs the locked packages (Node 24 is one of them) when they are missing or
// older than the lock file. Runs on whatever Node the machine has, so it uses nothing newer than Node 18.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const lock = join(root, 'package-lock.json')
const installed = join(root, 'node_modules', '.package-lock.json')

if (!isInstalled()) {
  console.log('posthouse: installing packages (once; about half a minute) …')
  const npm = process.env.npm_execpath
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const done = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: true })
  if (done.status !== 0) {
    console.error('posthouse: npm ci failed; read the lines above, then run the same command again')
    process.exit(1)
  }
  if (!hasRuntime()) {
    console.error(
      'posthouse: Node 24 was not installed: npm is set to run no install scripts (ignore-scripts).',
    )
    console.error('posthouse: run `npm ci --ignore-scripts=false`, or use Node 24 or later, then try again')
    process.exit(1)
  }
}

function isInstalled() {
  if (!existsSync(installed) || !hasRuntime()) return false
  if (statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return true
  return samePackages()
}

/** The scripts run on the Node that the package `node` brings, or on the machine's own when it is new enough. */
function hasRuntime() {
  const bin = join(root, 'node_modules', 'node', 'bin')
  const isThere = existsSync(join(bin, 'node')) || existsSync(join(bin, 'node.exe'))
  return isThere || Number.parseInt(process.versions.node, 10) >= 24
}

/** A checkout can touch the lock file without changing it: compare what matters before installing again. */
function samePackages() {
  const wanted = JSON.parse(readFileSync(lock, 'utf8')).packages
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || present[path]?.version === entry.version,
  )
}
