import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stalePages } from '../scripts/docs.ts'
import { errorPages } from '../scripts/error-pages.ts'
import { failures } from '../src/contract/failures.ts'

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
