// Builds the client's package into client/dist: the code of each of its entries, what they share apart, and the types.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

/** What entries of a group share is cut into pieces, and more pieces weigh more: calls are with nothing that few use. */
const groups = [
  ['index', 'jpush', 'jpush-admin', 'easemob', 'outbox', 'outbox-postgres', 'spans', 'metrics', 'alerts'],
  ['outbox-handler', 'outbox-cli'],
]
const client = join(import.meta.dirname, '..', 'client')

/** @param outDir where to; absent: the package's own `dist` @param isTyped whether the types are written too */
export async function buildClient(outDir = join(client, 'dist'), isTyped = true): Promise<void> {
  rmSync(outDir, { recursive: true, force: true })
  for (const names of groups) await bundle(names, outDir)
  if (!isTyped) return
  const tsc = join(client, '..', 'node_modules', '.bin', 'tsc')
  execFileSync(tsc, ['-p', client, '--outDir', join(outDir, 'types')], { stdio: 'inherit' })
}

function bundle(names: readonly string[], outDir: string): Promise<unknown> {
  return build({
    entryPoints: names.map(name => join(client, 'src', `${name}.ts`)),
    outdir: outDir,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    external: ['node:*'],
    sourcemap: false,
    // Chinese and other texts as they are: shorter.
    charset: 'utf8',
  })
}

if (import.meta.main) await buildClient()
