// Spans, as OpenTelemetry's own SDK gets them.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AlwaysOffSampler,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
  type TracerProviderOptions,
} from '@opentelemetry/sdk-trace'
import { JpushClient, type JpushOptions, sendPush } from '../src/jpush.ts'
import { traceWith } from '../src/spans.ts'
import { FakeClock } from './fake-clock.ts'
import { answer, HostileServer, type Script } from './hostile-server.ts'

const cid = 'a1b2c3d4e5f60718293a4b5c-5b1f0a52-7c36-4c0e-9a55-1f5f2d0c9e11'
const push = { platform: 'all', audience: 'all', notification: { alert: 'hello' }, cid } as const
const sent = { sendno: '0', msg_id: '7' }

function openSdk(options: Partial<TracerProviderOptions> = {}) {
  const exporter = new InMemorySpanExporter()
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })], ...options })
  return { tracer: provider.getTracer('test'), spans: () => exporter.getFinishedSpans() }
}

async function makeStage(t: TestContext, scripts: Script[], options: Partial<JpushOptions> = {}) {
  const server = await HostileServer.start(t, ...scripts)
  const base = { baseUrl: server.url, appKey: 'k', masterSecret: 's', clock: new FakeClock() }
  const client = new JpushClient({ ...base, ...options })
  return { server, send: () => sendPush(client, { push }) }
}

test('a call is a span below the caller’s, its attempts are spans below it, and each is named in its request', async t => {
  const contexts = new AsyncLocalStorageContextManager().enable()
  context.setGlobalContextManager(contexts)
  t.after(() => context.disable())
  const { tracer, spans } = openSdk()
  const lines: object[] = []
  const log = (fields: object) => void lines.push(fields)
  const scripts = [answer(502, 'x'), answer(200, sent, { 'X-Request-Id': 'r7' })]
  const { server, send } = await makeStage(t, scripts, {
    tracer: traceWith(tracer),
    logger: { info: log, warn: log, error: log },
  })
  const order = tracer.startSpan('order', {}, ROOT_CONTEXT)
  await context.with(trace.setSpan(ROOT_CONTEXT, order), send)
  const [first, second, call] = spans()
  const { traceId } = order.spanContext()
  assert.equal(spans().length, 3)
  assert.equal(call?.parentSpanContext?.spanId, order.spanContext().spanId)
  const { port } = new URL(server.url)
  const address = { 'server.address': '127.0.0.1', 'server.port': Number(port) }
  assert.deepEqual(
    [call?.name, call?.kind, call?.attributes, call?.status.code],
    [
      'POST /v3/push',
      SpanKind.INTERNAL,
      {
        'posthouse.dialect': 'jpush',
        'posthouse.operation': 'POST /v3/push',
        'posthouse.outcome': 'accepted',
        ...address,
      },
      SpanStatusCode.UNSET,
    ],
  )
  for (const [index, span] of [first, second].entries()) {
    assert.equal(span?.kind, SpanKind.CLIENT)
    assert.equal(span.parentSpanContext?.spanId, call?.spanContext().spanId)
    const { spanId } = span.spanContext()
    assert.equal(server.asked[index]?.headers.traceparent, `00-${traceId}-${spanId}-01`)
  }
  const http = { 'http.request.method': 'POST', 'url.full': `${server.url}/v3/push`, ...address }
  assert.deepEqual(first?.attributes, {
    ...http,
    'http.response.status_code': 502,
    'posthouse.outcome': 'unknown',
    'error.type': 'status_502',
  })
  assert.equal(first?.status.code, SpanStatusCode.ERROR)
  assert.deepEqual(second?.attributes, {
    ...http,
    'http.request.resend_count': 1,
    'http.response.status_code': 200,
    'http.response.header.x-request-id': 'r7',
    'posthouse.outcome': 'accepted',
  })
  assert.deepEqual(new Set(lines.map(line => (line as { traceId?: string }).traceId)), new Set([traceId]))
})

test('a call that fails says why, also where nothing carries contexts on', async t => {
  const { tracer, spans } = openSdk()
  const { send } = await makeStage(t, [answer(401, { error: { code: 1004, message: 'Authen failed' } })], {
    tracer: traceWith(tracer),
  })
  await assert.rejects(send())
  const [attempt, call] = spans()
  assert.equal(attempt?.parentSpanContext?.spanId, call?.spanContext().spanId)
  assert.equal(call?.parentSpanContext, undefined)
  assert.equal(call?.attributes['error.type'], attempt?.attributes['error.type'])
  assert.deepEqual([call?.status.code, call?.events[0]?.name], [SpanStatusCode.ERROR, 'exception'])
  assert.match(String(call?.events[0]?.attributes?.['exception.message']), /Authen failed/)
})

test('what is not sampled says so to the server; without an SDK nothing is said', async t => {
  const off = openSdk({ sampler: new AlwaysOffSampler() })
  const unsampled = await makeStage(t, [answer(200, sent)], { tracer: traceWith(off.tracer) })
  await unsampled.send()
  assert.match(String(unsampled.server.asked[0]?.headers.traceparent), /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)
  assert.equal(off.spans().length, 0)
  const silent = await makeStage(t, [answer(200, sent)], { tracer: traceWith(trace.getTracer('none')) })
  await silent.send()
  assert.equal(silent.server.asked[0]?.headers.traceparent, undefined)
})
