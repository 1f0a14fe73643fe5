// The administration API of the running server, found through runtime.json.
import { readRuntime } from '../runtime-file.ts'
import { CommandError, exitCodes } from './command.ts'

const timeoutMs = 30_000

export interface AdminAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** @throws CommandError when no server answers, or it refuses */
export async function callAdmin(
  dataDir: string,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
): Promise<AdminAnswer> {
  const { http, admin_token, pid } = findServer(dataDir)
  let response: Response
  try {
    response = await fetch(`${http}/admin/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${admin_token}`, 'Content-Type': 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body && { body: JSON.stringify(body) }),
    })
  } catch (error) {
    throw new CommandError(
      `the server of ${dataDir} (process ${pid}) does not answer at ${http}; if it has crashed, start it again`,
      exitCodes.server,
      error,
    )
  }
  return read(response, `${method} ${path}`)
}

function findServer(dataDir: string) {
  try {
    return readRuntime(dataDir)
  } catch (error) {
    throw new CommandError((error as Error).message, exitCodes.server, error)
  }
}

async function read(response: Response, what: string): Promise<AdminAnswer> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>
  if (response.ok) return { status: response.status, body }
  const { message = response.statusText, id = '' } = (body.error ?? {}) as { message?: string; id?: string }
  throw new CommandError(`${what} answered ${response.status} ${id}: ${message}`)
}
