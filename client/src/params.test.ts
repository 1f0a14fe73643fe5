// Every row of the catalogue whose text has variable parts, rendered with anything, is read back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { recognise } from '../../src/contract/recognise.ts'
import { renderTemplate } from '../../src/contract/template.ts'
import { easemobDialect } from './easemob/dialect.ts'
import { jpushDialect } from './jpush/dialect.ts'

const dialects = [
  {
    ...jpushDialect,
    bodyOf: (code: string, message: string) => ({ error: { code: Number(code), message } }),
  },
  {
    ...easemobDialect('seed'),
    bodyOf: (error: string, error_description: string) => ({ error, error_description }),
  },
]
const rows = dialects.flatMap(dialect =>
  dialect.forms
    .filter(({ template }) => template.includes('{'))
    .map(form => ({ dialect, form, names: namesOf(form.template) })),
)

function namesOf(template: string): string[] {
  return [...new Set([...template.matchAll(/\{([a-z_]+)\}/g)].map(([, name]) => name!))]
}

function readBack({ dialect, form }: (typeof rows)[number], text: string) {
  const refusal = dialect.readRefusal(dialect.bodyOf(form.code, text))!
  return recognise(dialect.forms, { status: form.status, ...refusal })
}

/** What stands in texts: names, ids, numbers, words of people. */
const plain = fc.stringMatching(/^[A-Za-z0-9_北京é-]{1,24}$/)

test('plain values come back, and which failure it is', () => {
  assert.ok(rows.length > 80)
  for (const row of rows) {
    fc.assert(
      fc.property(fc.tuple(...row.names.map(() => plain)), values => {
        const params = Object.fromEntries(row.names.map((name, nth) => [name, values[nth]!]))
        const found = readBack(row, renderTemplate(row.form.template, params))
        assert.deepEqual([found?.by, found?.params], ['text', params], row.form.template)
        assert.ok(found?.candidates.includes(row.form.id), row.form.id)
      }),
      { numRuns: 10 },
    )
  }
})

/** Whatever a caller may have sent: the text itself may be in it, or half of it, or that of another failure. */
const hostile = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(...rows.map(({ form }) => form.template)),
  fc.constantFrom(' ', '', '\n', '{reason}', '] for user[', ' exists', "'", '$&', '\\', 'x'.repeat(2_000)),
)

test('of any values, what is read back would read the same', () => {
  for (const row of rows) {
    fc.assert(
      fc.property(fc.tuple(...row.names.map(() => hostile)), values => {
        const params = Object.fromEntries(row.names.map((name, nth) => [name, values[nth]!]))
        const text = renderTemplate(row.form.template, params)
        const found = readBack(row, text)
        assert.ok(found)
        const { status, code } = row.form
        const read = row.dialect.forms.filter(
          form => form.status === status && form.code === code && found.candidates.includes(form.id),
        )
        // A value may come twice in a text, and be read at either place.
        const isSame = ({ template }: { readonly template: string }) =>
          namesOf(template).length < template.split('{').length - 1 || fill(template, found.params) === text
        assert.ok(read.some(isSame), text)
      }),
      { numRuns: 10 },
    )
  }
})

/** What the vendors word alike: the call (easemob/meets.ts), a token that is renewed, or nothing tells them apart. */
const alike = new Set([
  // The vendor has one text for credentials, one for a body, one for a password and who has none.
  'credentials_missing credentials_wrong',
  'json_malformed body_not_object',
  'grant_invalid oldpassword_wrong grant_user_unknown grant_password_wrong',
  'inherit_user_unknown password_user_unknown',
  'invalid_request message_body_invalid media_type_unsupported body_not_object',
  'message_body_invalid json_malformed body_not_object',
  'member_unknown owner_unknown',
  'member_unknown single_member_unknown owner_unknown',
  // One for whatever is not there.
  'user_unknown template_unknown contact_absent targets_unknown group_unknown group_details_unknown single_member_unknown metadata_group_unknown file_unknown path_unknown',
  // A token that is none, one that may not, and the secret of a file.
  'token_missing token_insufficient',
  'token_insufficient file_secret_wrong token_corrupt',
  'file_too_large body_too_large',
])

test('what reads alike is known to', () => {
  const seen = new Set<string>()
  for (const dialect of dialects) {
    for (const form of dialect.forms) {
      const text = fill(form.template, Object.fromEntries(namesOf(form.template).map(name => [name, 'x1'])))
      const names = namesOf(form.template)
      const { candidates } = readBack({ dialect, form, names }, text)!
      if (candidates.length > 1) seen.add(candidates.join(' '))
    }
  }
  assert.deepEqual([...seen].toSorted(), [...alike].toSorted())
})

/** As `renderTemplate`, with nothing cut. */
function fill(template: string, params: Readonly<Record<string, string>>): string {
  return template.replace(/\{([a-z_]+)\}/g, (_, name: string) => params[name]!)
}
