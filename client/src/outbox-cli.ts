#!/usr/bin/env node
import { runOutbox } from './cli/outbox.ts'

process.exitCode = await runOutbox(process.argv.slice(2), 'posthouse-outbox')
