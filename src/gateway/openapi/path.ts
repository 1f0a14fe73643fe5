export interface TemplatedPath {
  /** `/users/{user}` */
  readonly template: string
  readonly params: readonly { readonly name: string; readonly pattern?: string }[]
}

/** find-my-way's `/users/:user` and `/push/:id(^\d+$)` in OpenAPI's spelling. */
export function templatePath(path: string): TemplatedPath {
  const params: { name: string; pattern?: string }[] = []
  const segments = path.split(/\/(?![^(]*\))/).map(segment => {
    const found = /^:([A-Za-z_]\w*)(?:\((.*)\))?$/.exec(segment)
    if (!found) return segment
    const [, name = '', pattern] = found
    params.push(pattern === undefined ? { name } : { name, pattern })
    return `{${name}}`
  })
  return { template: segments.join('/'), params }
}
