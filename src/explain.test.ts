import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failures } from './contract/failures.ts'
import { renderEasemob, renderJpush, renderNeutral } from './contract/render.ts'
import { explain, runExplain } from './explain.ts'

function run(...argv: string[]): { code: number; text: string } {
  const printed: string[] = []
  const code = runExplain(argv, text => printed.push(text))
  return { code, text: printed.join('\n') }
}

test('a JPush code is explained, the rule before the trouble on the way', () => {
  const text = explain('1003')!
  assert.match(text, /^It can mean:\n\nparameter_invalid\n {2}jpush 400 1003 /)
  assert.match(text, /\njson_malformed\n/)
  assert.doesNotMatch(text, /easemob/)
})

test('an Easemob error name is explained with every failure that bears it', () => {
  const text = explain('illegal_argument')!
  for (const id of ['username_missing', 'password_missing', 'newpassword_missing', 'member_unknown']) {
    assert.match(text, new RegExp(`^${id}$`, 'm'))
  }
  assert.match(text, /Cause: .*\n {2}Remedy: /)
})

test('a code of the vendor that is never sent is explained with the reason', () => {
  assert.match(explain('2001')!, /^Never answered by this server: .*2002/)
  assert.match(explain('8404', { lang: 'zh' })!, /8104/)
  assert.equal(explain('2001', { dialect: 'easemob' }), undefined)
  assert.equal(run('8000').code, 0)
})

test('a status is explained with its meaning in each dialect, and --dialect leaves one', () => {
  const both = explain('404')!
  assert.match(both, /^easemob 404 {2}.*\njpush 404 {2}/)
  const one = explain('404', { dialect: 'jpush' })!
  assert.match(one, /^jpush 404/)
  assert.doesNotMatch(one, /easemob/)
  assert.match(explain('200')!, /^easemob 200/)
})

test('every failure id is explained in both languages, and may-have-executed is said', () => {
  for (const id of Object.keys(failures)) {
    assert.match(explain(id, { lang: 'en' })!, /Cause: .*\n {2}Remedy: .*\n {2}Retry: .*\n {2}Executed: /)
    assert.match(explain(id, { lang: 'zh' })!, /原因: .*\n {2}处理: .*\n {2}重试: .*\n {2}已执行: /)
  }
  assert.match(explain('core_silent')!, /Executed: Perhaps/)
  assert.match(explain('rate_limited')!, /Executed: No/)
})

test('what the Web SDK shows of a refusal is explained', () => {
  const text = explain('not in group or chatroom')!
  assert.match(text, /^sender_no_member\n {2}msync 1 {2}not in group or chatroom\n/)
  assert.match(explain('19', { dialect: 'msync' })!, /^callback_refused\n/)
})

test('a pasted JSON answer of each dialect is recognised with its parameters', () => {
  const exists = { id: 'user_exists', params: { application: 'a', username: 'dddd' }, facts: {} }
  const easemob = renderEasemob(exists, {
    edition: 'seed',
    family: 'registration',
    timestamp: 1,
    duration: 0,
  })
  assert.match(explain(easemob.body)!, /^user_exists\n(.*\n)* {2}username = dddd\n/)
  const unknown = { id: 'unsupported_key', params: { key: 'audiance' }, facts: {} }
  assert.match(
    explain(renderJpush(unknown, { family: 'push' }).body)!,
    /^unsupported_key\n(.*\n)* {2}key = audiance\n/,
  )
  const admin = renderNeutral({ id: 'admin_token_wrong', params: {}, facts: {} }, { requestId: 'r' })
  assert.match(explain(admin.body)!, /^admin_token_wrong\n {2}neutral 401/)
})

test('an answer pasted with its status line is read with it', () => {
  const answer = (status: string) =>
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\n\r\n{"error":"reach_limit","error_description":"This request has reached api limit"}`
  assert.match(explain(answer('429 Too Many Requests'))!, /^rate_limited\n/)
  assert.match(explain(answer('503 Service Unavailable'))!, /^node_rate_limited\n/)
})

test('an answer that fits several failures lists them all', () => {
  const text = explain(
    '{"error":"service_resource_not_found","error_description":"Service resource not found"}',
  )!
  assert.match(text, /^The answer does not tell these apart/)
  for (const id of ['user_unknown', 'group_unknown', 'targets_unknown'])
    assert.match(text, new RegExp(`^${id}$`, 'm'))
})

test('an error text alone is recognised', () => {
  assert.match(explain("group member bob doesn't exist")!, /member_unknown\n/)
  assert.match(explain('The registration_id x is invalid!')!, /registration_id = x\n/)
})

test('what a stranger’s answer holds cannot command the terminal', () => {
  const body = JSON.stringify({ error: { code: 1003, message: 'a\u001b[2J\u009b2J\u202eb\nc' } })
  const text = explain(body)!
  assert.match(text, /reason = a\\u001b\[2J\\u009b2J\\u202eb\\nc\n/)
  assert.doesNotMatch(text, /[\u001b\u009b\u202e]/)
})

test('the command tells by its exit code whether anything fits', () => {
  assert.equal(run('1004').code, 0)
  assert.equal(run('4711').code, 1)
  assert.equal(run('{"error":{"code":4711,"message":""}}').code, 1)
  assert.equal(run('{"error"').code, 1)
  assert.equal(run('user_exists', '--dialect', 'jpush').code, 1)
})

test('the command offers similar ids, takes several words and a language', () => {
  assert.match(run('group').text, /Similar: .*\bgroup_unknown, /)
  assert.match(
    run('invalid', 'username', 'or', 'password', '--lang', 'zh').text,
    /grant_invalid\n(.*\n)* {2}原因/,
  )
})

test('a wrong option or no query prints the usage', () => {
  for (const argv of [[], ['1003', '--dialect', 'klingon'], ['1003', '--lang', 'fr'], ['1003', '--lang']]) {
    const { code, text } = run(...argv)
    assert.equal(code, 2)
    assert.match(text, /^posthouse explain <query>/)
  }
})
