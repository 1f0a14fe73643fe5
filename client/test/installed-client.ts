// The client as it is published: packed, and installed in an empty folder.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { before } from 'node:test'
import { buildClient } from '../../scripts/build-client.ts'

const root = join(import.meta.dirname, '..', '..')

/** The project's own Node stands first in the path of its scripts; the machine's may be older. */
const path = process.env
  .PATH!.split(delimiter)
  .filter(part => !part.includes('node_modules'))
  .join(delimiter)

/** The environment of somebody who has the package, and not this project. */
export const outside = { ...process.env, PATH: path, NODE_OPTIONS: '' }

/** Installs it before the first test of a file. @param isTyped with its types @returns the folder, whose `node_modules` has it */
export function installedClient(isTyped: boolean): () => string {
  let folder: string | undefined
  before(async () => {
    folder = await install(isTyped)
  })
  return () => folder!
}

async function install(isTyped: boolean): Promise<string> {
  const made = mkdtempSync(join(tmpdir(), 'posthouse-client-'))
  process.once('exit', () => rmSync(made, { recursive: true, force: true }))
  const npm = (...args: string[]) => execFileSync('npm', args, { cwd: made, env: outside, encoding: 'utf8' })
  const source = join(made, 'source')
  await buildClient(join(source, 'dist'), isTyped)
  copyFileSync(join(root, 'client', 'package.json'), join(source, 'package.json'))
  writeFileSync(join(made, 'package.json'), '{"type":"module"}')
  const [{ filename }] = JSON.parse(npm('pack', '--json', './source'))
  npm('install', '--offline', '--no-audit', '--no-fund', `./${filename}`)
  return made
}
