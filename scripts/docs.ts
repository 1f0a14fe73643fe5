// Writes what is made from the catalogue: pages under docs/, rows of the client. With --check it writes nothing and fails
// when one is stale.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { clientRows } from './client-rows.ts'
import { errorPages } from './error-pages.ts'
import { msyncPages } from './msync-pages.ts'

const root = join(import.meta.dirname, '..')

/** The generated pages whose file differs from what the catalogue says now. */
export async function stalePages(): Promise<readonly string[]> {
  const stale = []
  for (const { path, text } of [...errorPages(), ...msyncPages(), ...clientRows()]) {
    const current = await readFile(join(root, path), 'utf8').catch(() => undefined)
    if (current !== text) stale.push(path)
  }
  return stale
}

async function writePages(): Promise<void> {
  for (const { path, text } of [...errorPages(), ...msyncPages(), ...clientRows()]) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
}

if (import.meta.main) {
  if (!process.argv.includes('--check')) await writePages()
  const stale = await stalePages()
  for (const path of stale) console.error(`${path} is stale: run npm run docs`)
  process.exitCode = stale.length > 0 ? 1 : 0
}
