// What an operator's tools ask: is it alive, can it serve, how much does it do.
import { type Answer, jsonType } from '../http/answer.ts'
import type { NeutralRoute } from './route.ts'

const text = (type: string, body: string): Answer => ({
  status: 200,
  headers: { 'Content-Type': type },
  body,
})

export const operationsRoutes: readonly NeutralRoute[] = [
  {
    method: 'GET',
    path: '/healthz',
    summary: 'The gateway is alive',
    raises: [],
    handle: async () => ({ status: 'ok' }),
  },
  {
    method: 'GET',
    path: '/readyz',
    summary: 'The core answers: requests can be served',
    raises: ['core_gone', 'core_silent', 'core_deadline_passed', 'core_overloaded'],
    handle: async call => {
      await call.run('service.ping', {})
      return { status: 'ready' }
    },
  },
  {
    method: 'GET',
    path: '/metrics',
    summary: 'Counters and gauges in the Prometheus text format',
    produces: 'text/plain',
    raises: [],
    handle: async call => {
      const { type, text: body } = await call.operator.metrics()
      return text(type, body)
    },
  },
  {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This description: every operation with every failure it can answer',
    raises: [],
    handle: async call => text(jsonType, call.operator.describeApi()),
  },
]
