// What the bodies of a desk's calls are. A member that is not known is refused: a filter that were not understood would
// match more than was asked for.
import { objectOf } from '../json.ts'
import { checkContent } from './check-content.ts'
import { listMax, targetsMax } from './desk.ts'
import { checkItem, states } from './item.ts'
import type { Name } from './protocol.ts'

/** The body is not what the call takes; the message says what is wrong. */
export class ShapeError extends Error {}

/** @throws ShapeError or TypeError */
type Check = (value: unknown, name: string) => void

const charsMax = 1_024

const text: Check = (value, name) => {
  if (typeof value !== 'string' || value.length > charsMax) throw new ShapeError(`"${name}" is not a text`)
}

const flag: Check = (value, name) => {
  if (typeof value !== 'boolean') throw new ShapeError(`"${name}" is not true or false`)
}

function whole(min: number, max = Number.MAX_SAFE_INTEGER): Check {
  return (value, name) => {
    if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max)
      throw new ShapeError(`"${name}" is not a whole number from ${min} to ${max}`)
  }
}

function oneOf(values: readonly string[]): Check {
  return (value, name) => {
    if (!values.includes(value as string)) throw new ShapeError(`"${name}" is not ${values.join(', ')}`)
  }
}

function list(check: Check, max: number): Check {
  return (value, name) => {
    if (!Array.isArray(value) || value.length === 0 || value.length > max)
      throw new ShapeError(`"${name}" is not a list of 1 to ${max}`)
    for (const one of value) check(one, name)
  }
}

/** @param members those whose name ends in `?` may be absent */
function object(members: Readonly<Record<string, Check>>): Check {
  const known = new Map(Object.entries(members).map(([name, check]) => [name.replace('?', ''), check]))
  const needed = Object.keys(members).filter(name => !name.endsWith('?'))
  return (value, name) => {
    const given = objectOf(value)
    if (!given) throw new ShapeError(`"${name}" is not an object`)
    for (const member of needed)
      if (given[member] === undefined) throw new ShapeError(`"${name}" has no "${member}"`)
    for (const [member, inner] of Object.entries(given)) {
      const check = known.get(member)
      if (!check) throw new ShapeError(`"${name}" has "${member}", which is not known here`)
      check(inner, member)
    }
  }
}

const itemFilter = object({
  'itemIds?': list(text, listMax),
  'states?': list(oneOf(states), states.length),
  'kind?': oneOf(['push', 'message']),
  'conversation?': text,
  'failureId?': text,
  'createdBefore?': whole(0),
  'createdAfter?': whole(0),
})
const target = object({ itemId: text, 'version?': whole(0), 'delayMs?': whole(0) })
const targets = list(target, targetsMax)
const by = { 'by?': text, 'why?': text, 'actionId?': text }
const count = whole(1, listMax)

const bodies: Readonly<Record<Name, Check>> = {
  look: object({ itemId: text }),
  list: object({ filter: itemFilter, count, 'after?': text }),
  count: object({ filter: itemFilter }),
  audits: object({ filter: object({ 'itemId?': text, 'actionId?': text }), count, 'after?': text }),
  resend: object({ targets, options: object({ ...by, 'mayDuplicate?': flag, 'isDryRun?': flag }) }),
  cancel: object({ targets, options: object({ ...by, 'isDryRun?': flag }) }),
  undo: object({ actionId: text, targets, options: object(by) }),
  edit: object({ target, content: checkContent, options: object(by) }),
  import: object({ items: list(checkItem, listMax), options: object(by) }),
}

/** @throws ShapeError */
export function checkBody(name: Name, body: unknown): void {
  try {
    bodies[name](body, 'body')
  } catch (error) {
    throw error instanceof ShapeError ? error : new ShapeError((error as Error).message, { cause: error })
  }
}
