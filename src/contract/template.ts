// Text templates that work both ways: the server renders them, the client reads the parameters back.

/** An error's text is for people: it does not send back all that came (contract.md INV-14). */
const textCharsMax = 1_024

/**
 * Replaces `{name}` by `params.name`. A parameter that is missing is left visible, so that a test finds it. Where the
 * text would be too long, the values are cut.
 */
export function renderTemplate(template: string, params: Readonly<Record<string, string>>): string {
  if (!template.includes('{')) return template
  const text = fill(template, params, textCharsMax)
  if (text.length <= textCharsMax) return text
  const count = template.match(/\{[a-z_]+\}/g)!.length
  return fill(template, params, Math.floor((textCharsMax - literalLength(template)) / count))
}

function fill(template: string, params: Readonly<Record<string, string>>, charsMax: number): string {
  return template.replace(/\{([a-z_]+)\}/g, (whole, name: string) =>
    Object.hasOwn(params, name) ? cut(params[name]!, charsMax) : whole,
  )
}

/** Never between the two halves of a character. */
function cut(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text
  return `${text.slice(0, charsMax - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** The parameters that make `template` read as `text`, or undefined where it cannot. */
export function matchTemplate(template: string, text: string): Record<string, string> | undefined {
  const names: string[] = []
  const source = template
    .split(/(\{[a-z_]+\})/)
    .map(part => {
      const name = /^\{([a-z_]+)\}$/.exec(part)?.[1]
      if (!name) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      names.push(name)
      return '([\\s\\S]*?)'
    })
    .join('')
  const found = new RegExp(`^${source}$`).exec(text)
  if (!found) return undefined
  return Object.fromEntries(names.map((name, index) => [name, found[index + 1]!]))
}

/** The letters of a template that are fixed: how much it says about a text that matches it. */
export function literalLength(template: string): number {
  return template.replace(/\{[a-z_]+\}/g, '').length
}
