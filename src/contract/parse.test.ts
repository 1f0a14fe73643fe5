import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Failure } from './failure.ts'
import { type FailureId, failures } from './failures.ts'
import { easemobLookAlikes, jpushLookAlikes, type LookAlikes } from './indistinguishable.ts'
import { parseEasemob, parseJpush } from './parse.ts'
import { renderEasemob, renderJpush } from './render.ts'
import { easemobVariants, jpushVariants } from './variants.ts'
import type { EasemobFamily, JpushFamily } from './wire.ts'

const catalogue: Readonly<Record<string, Failure>> = failures
const editions = ['seed', 'live'] as const
const runs = { numRuns: 20 }

/** Values a parameter can have: names are plain, sentences are anything. */
const sentence = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 })
const name = fc.stringMatching(/^[A-Za-z0-9_.-]{1,24}$/)
const sentences = new Set(['reason', 'fault', 'notice', 'text'])

function paramsOf(id: FailureId): fc.Arbitrary<Record<string, string>> {
  const { params } = catalogue[id]!
  return fc.record(
    Object.fromEntries(params.map(param => [param, sentences.has(param) ? sentence : name])),
  ) as fc.Arbitrary<Record<string, string>>
}

function inText(template: string, params: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).filter(([param]) => template.includes(`{${param}}`)))
}

function mayLookLike(lookAlikes: LookAlikes, id: FailureId): Set<FailureId> {
  return new Set([id, ...lookAlikes.filter(set => set.includes(id)).flat()])
}

test('an Easemob answer is recognised with its parameters, in every family and edition', () => {
  for (const { id, row, families, editions } of easemobVariants) {
    for (const edition of editions) {
      const context = { edition, family: families[0] as EasemobFamily | undefined, timestamp: 1, duration: 0 }
      const property = fc.property(paramsOf(id), params => {
        const { status, body } = renderEasemob({ id, params, facts: {} }, context)
        const found = parseEasemob(status, body, edition)
        assert.ok(found, `${id}: ${body}`)
        assert.ok(found.candidates.includes(id), `${id}: ${body}`)
        assert.deepEqual(found.params, inText(row.text, params))
        const allowed = mayLookLike(easemobLookAlikes[edition], id)
        for (const candidate of found.candidates) assert.ok(allowed.has(candidate), `${id} as ${candidate}`)
      })
      fc.assert(property, runs)
    }
  }
})

test('a JPush answer is recognised with its parameters, in every family', () => {
  for (const { id, row, families } of jpushVariants) {
    const family = (families[0] ?? 'push') as JpushFamily
    const property = fc.property(paramsOf(id), params => {
      const { status, body } = renderJpush({ id, params, facts: {} }, { family })
      const found = parseJpush(status, body)
      assert.ok(found, `${id}: ${body}`)
      assert.ok(found.candidates.includes(id), `${id}: ${body}`)
      assert.deepEqual(found.params, inText(row.text, params))
      const allowed = mayLookLike(jpushLookAlikes, id)
      for (const candidate of found.candidates) assert.ok(allowed.has(candidate), `${id} as ${candidate}`)
    })
    fc.assert(property, runs)
  }
})

test('what looks alike on the wire is listed, and what is listed looks alike', () => {
  for (const edition of editions) {
    const groups = sameOnTheWire(
      easemobVariants
        .filter(variant => variant.editions.includes(edition))
        .map(({ id, row }) => [id, `${row.status} ${row.error} ${row.text}`]),
    )
    assertSameSets(groups, easemobLookAlikes[edition])
  }
  const groups = sameOnTheWire(
    jpushVariants.map(({ id, row }) => [id, `${row.status} ${row.code} ${row.text}`]),
  )
  assertSameSets(groups, jpushLookAlikes)
})

function sameOnTheWire(forms: readonly (readonly [FailureId, string])[]): FailureId[][] {
  const byForm = Map.groupBy(forms, ([, form]) => form)
  return [...byForm.values()]
    .map(group => [...new Set(group.map(([id]) => id))])
    .filter(ids => ids.length > 1)
}

function assertSameSets(found: readonly FailureId[][], listed: LookAlikes): void {
  for (const ids of found) {
    assert.ok(
      listed.some(set => ids.every(id => set.includes(id))),
      `not listed: ${ids}`,
    )
  }
  for (const set of listed) {
    assert.ok(
      found.some(ids => set.every(id => ids.includes(id)) && ids.length === set.length),
      `not alike: ${set}`,
    )
  }
}

test('an answer of another edition is still recognised', () => {
  const live = {
    error: 'organization_application_not_found',
    error_description: 'Could not find application for a/b from URI: a/b/users',
  }
  assert.deepEqual(parseEasemob(404, live, 'seed'), {
    id: 'app_unknown',
    candidates: ['app_unknown'],
    params: { org: 'a', app: 'b', uri: 'a/b/users' },
    by: 'text',
  })
})

test('a text nobody knows falls back to status and code, then to the code alone', () => {
  const unknown = { error: 'reach_limit', error_description: 'slow down' }
  assert.deepEqual(parseEasemob(429, unknown)?.candidates, ['rate_limited'])
  assert.equal(parseEasemob(429, unknown)?.by, 'code')
  assert.equal(parseEasemob(418, unknown)?.by, 'code-alone')
  assert.equal(parseJpush(401, { error: { code: 1004, message: '?' } })?.by, 'code')
  assert.equal(parseJpush(400, { error: { code: 1004, message: '?' } })?.by, 'code-alone')
})

test('a body without its status is recognised by code and text', () => {
  const body = '{"error":{"code":2002,"message":"Rate limit exceeded"}}'
  assert.equal(parseJpush(undefined, body)?.id, 'rate_limited')
})

test('what is no error of the dialect is not recognised', () => {
  const bodies = [
    '',
    'x',
    '[]',
    'null',
    '7',
    '{}',
    '{"error":null}',
    '{"error":7}',
    '{"error":{}}',
    '<html>',
    undefined,
  ]
  for (const body of bodies) {
    assert.equal(parseEasemob(500, body), undefined, String(body))
    assert.equal(parseJpush(500, body), undefined, String(body))
  }
  assert.equal(parseEasemob(500, { error: 'never_heard', error_description: 'of' }), undefined)
  assert.equal(parseJpush(500, { error: { code: 4711, message: '' } }), undefined)
})
