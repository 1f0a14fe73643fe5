import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { stalePages } from '../scripts/docs.ts'
import { errorPages } from '../scripts/error-pages.ts'
import { failures } from '../src/contract/failures.ts'

const root = join(import.meta.dirname, '..')

test('the generated pages say what the catalogue says (npm run docs writes them)', async () => {
  assert.deepEqual(await stalePages(), [])
})

test('a page has one anchor for every failure of its dialect, and every link on it leads somewhere', () => {
  for (const { path, text } of errorPages()) {
    const anchors = [...text.matchAll(/^### (\S+)$/gm)].map(([, id]) => id)
    const dialect = path.split('/').at(-1)!.split('.')[0]!
    const wanted = Object.entries(failures).filter(([, { dialects }]) =>
      dialects.some(one => one === dialect),
    )
    assert.deepEqual(anchors.toSorted(), wanted.map(([id]) => id).toSorted(), path)
    for (const [, target] of text.matchAll(/\]\(#(\S+?)\)/g))
      assert.ok(anchors.includes(target), `${path}#${target}`)
  }
})

test('every file that the architecture and the rules for contributors name is there', () => {
  const here = globSync(
    '{src,client/{src,test},test,scripts,bench,examples,docs,console}/**/*.{ts,md,cjs,mjs,proto,sql}',
    {
      cwd: root,
    },
  )
  for (const page of ['ARCHITECTURE.md', 'CONTRIBUTING.md'])
    for (const [, name] of readFileSync(join(root, page), 'utf8').matchAll(/`([\w/.-]+\.(?:ts|cjs|proto))`/g))
      assert.ok(
        here.some(path => `/${path}`.endsWith(`/${name}`)),
        `${page} names ${name}`,
      )
})
