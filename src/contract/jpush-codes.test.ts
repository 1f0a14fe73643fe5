// Every code of the vendor's documents (jpush.md §4): in the table with its status, or never sent for a stated reason.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jpushUnsent } from './jpush-unsent.ts'
import { jpushVariants } from './variants.ts'

/** API by API: `status codes`. */
const documented = {
  push: [
    [500, 1000],
    [405, 1001],
    [400, 1002, 1003, 1005, 1008, 1009, 1011, 1012, 1035],
    [401, 1004],
    [404, 1020],
    [503, 1030],
    [429, 2002],
    [403, 1105, 2003, 2004, 2005, 2006, 2007, 2008],
  ],
  report: [
    [500, 10],
    [403, 2003],
    [401, 3001],
    [400, 3002, 3004, 3005],
  ],
  device: [
    [500, 7000],
    [401, 7001, 7004],
    [400, 7002, 7008, 7013, 7015],
    [503, 7030],
  ],
  schedule: [
    [400, 8100],
    [401, 8101],
    [404, 8104],
    [500, 8200],
    [503, 8203],
  ],
  admin: [
    [500, 10],
    [200, 1010, 1012, 1013, 1014, 1015],
    [405, 4001],
    [400, 4002, 4003],
    [401, 4004, 4005, 4006, 4007],
  ],
} as const

test('each code of the documents is in the table with its status, in words of its API', () => {
  for (const [family, rows] of Object.entries(documented))
    for (const [status, ...codes] of rows)
      for (const code of codes) {
        const found = jpushVariants.some(
          ({ row, families }) =>
            row.code === code &&
            row.status === status &&
            (families.length === 0 || families.some(one => one === family)),
        )
        assert.ok(found, `${family} ${status}/${code}`)
      }
})

test('a code that is never sent is in no row, unless it has another meaning there', () => {
  const sent = new Set(jpushVariants.map(({ row }) => row.code))
  const unsent = jpushUnsent.flatMap(({ codes }) => codes)
  for (const code of [2001, 8000, 8400, 8404]) {
    assert.ok(unsent.includes(code), String(code))
    assert.ok(!sent.has(code), String(code))
  }
})
