// Every name that the package exports says what it is, and so does each member of its classes.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

const here = import.meta.dirname
const { exports: entries } = JSON.parse(readFileSync(join(here, '..', 'package.json'), 'utf8')) as {
  exports: Record<string, { default: string }>
}

interface Declared {
  readonly file: string
  readonly name: string
  readonly isDocumented: boolean
  readonly isType: boolean
}

/** What a module exports, down to where it is declared. */
function exportsOf(file: string): Declared[] {
  const text = readFileSync(file, 'utf8')
  const own = [...text.matchAll(/(\*\/\n)?^export (?:async )?(function|class|interface|type|const) (\w+)/gm)]
  const found = own.map(([, doc, kind, name]) => ({
    file,
    name: name!,
    isDocumented: doc !== undefined,
    isType: kind !== 'function' && kind !== 'const',
  }))
  for (const [, type, names, from] of text.matchAll(
    /^export (type )?(?:\*|\{([^}]*)\}) from '(\.[^']+)'/gm,
  )) {
    const wanted = names?.split(',').map(name => name.trim().replace(/^type /, ''))
    const inner = exportsOf(join(dirname(file), from!)).filter(({ isType }) => isType || !type)
    found.push(...inner.filter(({ name }) => wanted?.includes(name) ?? true))
  }
  return found
}

const desk = /^export interface Desk \{[\s\S]*?^}/m.exec(
  readFileSync(join(here, 'outbox', 'desk.ts'), 'utf8'),
)![0]

/** The members of exported classes; what is private has a `#`. */
function membersOf({ file, name: wanted }: Declared): Declared[] {
  const classes = [...readFileSync(file, 'utf8').matchAll(/^export class (\w+)([^{]*)[\s\S]*?^}/gm)]
  const own = classes.filter(([, name]) => name === wanted)
  return own.flatMap(([body, of, heritage]) =>
    [...body.matchAll(/(\*\/\n)?^ {2}(?:get |async )*(\w+)(?:<\w+>)?\(/gm)]
      .filter(([, , name]) => name !== 'constructor' && name !== 'toJSON')
      // What an interface asks for is said there.
      .filter(([, , name]) => !/implements Desk /.test(heritage!) || !desk.includes(`  ${name}(`))
      .map(([, doc, name]) => ({
        file,
        name: `${of}.${name}`,
        isDocumented: doc !== undefined,
        isType: false,
      })),
  )
}

test('every exported name has words of its own', () => {
  const names = Object.values(entries).map(entry => entry.default.replace(/^.*\/(.*)\.js$/, '$1.ts'))
  const declared = names.flatMap(name => exportsOf(join(here, name)))
  assert.ok(declared.length > 300, String(declared.length))
  const members = declared.flatMap(membersOf)
  const mute = [...declared, ...members].filter(({ isDocumented }) => !isDocumented)
  assert.deepEqual(
    mute.map(({ file, name }) => `${file.slice(here.length + 1)} ${name}`),
    [],
  )
})
