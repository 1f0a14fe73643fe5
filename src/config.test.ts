import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from './config.ts'

const publicUrlOf = (POSTHOUSE_PUBLIC_URL?: string) => readConfig({ POSTHOUSE_PUBLIC_URL }).http.publicUrl

test('the public address is an origin, with or without a slash, or not set', () => {
  assert.equal(publicUrlOf(), '')
  assert.equal(publicUrlOf(''), '')
  assert.equal(publicUrlOf('https://push.example.com/'), 'https://push.example.com')
  assert.equal(publicUrlOf('http://[::1]:8080'), 'http://[::1]:8080')
})

test('a public address that is no origin keeps the server from starting, and is named', () => {
  for (const text of [
    'push.example.com',
    'ftp://a',
    'https://a/b',
    'https://a/?b',
    'https://u:p@a',
    'https://',
  ])
    assert.throws(() => publicUrlOf(text), /POSTHOUSE_PUBLIC_URL is/, text)
})
