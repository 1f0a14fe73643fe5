// What the client asks, beside what a server says that it answers.

/** An operation, whatever its parameters are called: `GET /users/:`. */
export function shapeOf(operation: string): string {
  return operation.replace(/:\w+|\{\w+\}/g, ':')
}

/** From `GET /openapi.json`: the shapes of all operations, by their tag's first word, such as `jpush`. */
export async function operationsOf(http: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { paths } = (await (await fetch(`${http}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { tags: [string] }>>
  }
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { tags }]) => ({
      group: tags[0].split(' ', 1)[0]!,
      shape: shapeOf(`${method.toUpperCase()} ${path}`),
    })),
  )
  const groups = Map.groupBy(operations, ({ group }) => group)
  return new Map([...groups].map(([group, all]) => [group, new Set(all.map(({ shape }) => shape))]))
}

/** The functions of a package, each of which tells when it is called; classes as they are. */
export function toldOf<Package extends object>(package_: Package) {
  const called = new Set<string>()
  const isFunction = (value: unknown) => typeof value === 'function' && !/^class\b/.test(String(value))
  const functions = Object.entries(package_).map(([name, value]) => {
    if (!isFunction(value)) return [name, value]
    const telling = (...args: unknown[]) => {
      called.add(name)
      return value(...args)
    }
    return [name, telling]
  })
  const names = Object.keys(package_).filter(name => isFunction(package_[name as keyof Package]))
  return {
    calls: Object.fromEntries(functions) as Package,
    notCalled: () => names.filter(name => !called.has(name)),
  }
}
