// A core without its thread, on a data folder and a clock of the test's own: asked directly, stopped and opened anew.
import type { Config } from '../src/config.ts'
import { readConfig } from '../src/config.ts'
import type { AppCredentials } from '../src/contract/operations/apps.ts'
import type { Caller } from '../src/contract/operations/caller.ts'
import type { Wake } from '../src/contract/operations/wakes.ts'
import type { Args, OperationName, Result } from '../src/contract/operations.ts'
import type { JobName } from '../src/core/world.ts'
import type { ManualClock } from '../src/lib/clock.ts'
import { type OpenCore, openCore } from '../src/open-core.ts'

const door: Caller = { as: 'door' }

export class CoreClient {
  readonly #config: Config
  readonly #clock: ManualClock
  #core: OpenCore | undefined
  /** In the order they came; the test takes them out. */
  readonly wakes: Wake[] = []

  /** @param env what an operator has set */
  constructor(dataDir: string, clock: ManualClock, env: Readonly<Record<string, string>> = {}) {
    this.#config = readConfig({ POSTHOUSE_DATA: dataDir, POSTHOUSE_LOG_LEVEL: 'silent', ...env })
    this.#clock = clock
  }

  async start(): Promise<void> {
    this.#core = await openCore(this.#config, this.#clock, wake => this.wakes.push(wake))
  }

  async stop(): Promise<void> {
    await this.#core?.close()
    this.#core = undefined
    this.wakes.length = 0
  }

  /** Runs the job until nothing is left to do. */
  async runJob(name: JobName): Promise<void> {
    this.#core!.jobs.nudge(name)
    await this.#core!.jobs.idle()
  }

  /** @throws Refusal */
  async call<Name extends OperationName>(
    op: Name,
    args: Args<Name>,
    caller: Caller = door,
  ): Promise<Result<Name>> {
    const reply = await this.#core!.core.serve({ op, args, caller, request: 'test' }, this.#clock.now())
    if ('refusal' in reply) throw reply.refusal
    return reply.result as Result<Name>
  }

  /** An app whose quotas nobody exhausts. */
  async makeApp(app: string): Promise<AppCredentials> {
    const made = await this.call('app.create', { org: 'test', app })
    const most = 1_000_000_000
    await this.call('app.change', {
      org: 'test',
      app,
      settings: {
        limits: {
          easemob_calls_per_second: null,
          messages_per_minute: null,
          room_broadcasts_per_minute: 10,
          push_per_minute: most,
          report_per_minute: most,
          device_per_minute: most,
          schedule_per_minute: most,
          file_per_minute: most,
          pushes_per_device_per_day: null,
        },
      },
    })
    return made
  }
}

export function secretOf({ app_key, master_secret }: AppCredentials): Caller {
  return {
    as: 'secret',
    key: app_key,
    secret: master_secret,
    ip: '',
    quota: 'push',
    isCounted: true,
    method: '',
    path: '',
  }
}
