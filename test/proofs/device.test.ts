import { proofs } from './device.proofs.ts'
import { runProofs } from './run-proofs.ts'

runProofs(proofs)
