// `posthouse app`: apps, their credentials and settings.
import { type AdminAnswer, callAdmin } from './admin-client.ts'
import { type Command, exitCodes, onlyArgument, UsageError } from './command.ts'
import { dataDirOf } from './data-dir.ts'
import { shellVariables } from './shell-variables.ts'

const usage = `posthouse app list
posthouse app show ORG/APP [--shell]      credentials and settings; --shell: lines for eval "$(…)"
posthouse app create ORG/APP              make an app and print its credentials
posthouse app set ORG/APP KEY=VALUE …     change settings; VALUE is JSON or plain text, KEY may reach inside:
                                          limits.push_per_minute=1200  ip_allowlist='["10.0.0.0/8"]'  edition=live
posthouse app delete ORG/APP              delete it with its users, messages, devices and keys`

type Credentials = Readonly<Record<'org' | 'app' | 'app_key' | 'client_id', string>>

const actions: Readonly<Record<string, (argv: readonly string[]) => Promise<void>>> = {
  list,
  show,
  create,
  set,
  delete: remove,
}

export const appCommand: Command = {
  summary: 'list, show, create, set or delete apps',
  usage,
  run: async ([action = '', ...argv]) => {
    if (!Object.hasOwn(actions, action))
      throw new UsageError(`say what to do: ${Object.keys(actions).join(', ')}`)
    await actions[action]!(argv)
    return exitCodes.done
  },
}

async function list(argv: readonly string[]): Promise<void> {
  if (argv.length > 0) throw new UsageError('list takes no arguments')
  const { body } = await admin('GET', '')
  for (const { org, app, app_key, client_id } of body.apps as Credentials[])
    console.log(`${org}/${app}  app_key ${app_key}  client_id ${client_id}`)
}

async function show(argv: readonly string[]): Promise<void> {
  const isShell = argv.includes('--shell')
  const name = onlyArgument(
    argv.filter(argument => argument !== '--shell'),
    'ORG/APP',
  )
  const { body } = await admin('GET', pathOf(name))
  if (isShell) console.log(shellVariables(dataDirOf(process.env), body as Credentials))
  else print(body)
}

async function create(argv: readonly string[]): Promise<void> {
  const [org, app] = split(onlyArgument(argv, 'ORG/APP'))
  print((await admin('POST', '', { org, app })).body)
}

async function set([name = '', ...pairs]: readonly string[]): Promise<void> {
  const path = pathOf(name)
  if (pairs.length === 0) throw new UsageError('give at least one KEY=VALUE')
  print((await admin('PATCH', path, settingsOf(pairs))).body.settings as object)
}

async function remove(argv: readonly string[]): Promise<void> {
  const name = onlyArgument(argv, 'ORG/APP')
  await admin('DELETE', pathOf(name))
  console.log(`${name} is deleted`)
}

function admin(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
): Promise<AdminAnswer> {
  return callAdmin(dataDirOf(process.env), method, `/apps${path}`, body)
}

function pathOf(name: string): string {
  return `/${split(name).map(encodeURIComponent).join('/')}`
}

function split(name: string): [org: string, app: string] {
  const [org, app, ...more] = name.split('/')
  if (!org || !app || more.length > 0) throw new UsageError(`"${name}" is no ORG/APP, such as demo/chat`)
  return [org, app]
}

/** `limits.push_per_minute=5` → `{limits: {push_per_minute: 5}}`. */
function settingsOf(pairs: readonly string[]): Record<string, unknown> {
  const settings: Record<string, unknown> = {}
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    if (equals < 1) throw new UsageError(`"${pair}" is no KEY=VALUE`)
    const [outer = '', inner] = pair.slice(0, equals).split('.', 2)
    const value = parseValue(pair.slice(equals + 1))
    settings[outer] = inner === undefined ? value : { ...(settings[outer] as object), [inner]: value }
  }
  return settings
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function print(value: object): void {
  console.log(JSON.stringify(value, null, 2))
}
