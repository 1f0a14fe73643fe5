import { runProofs } from './run-proofs.ts'
import { proofs } from './schedules.proofs.ts'

runProofs(proofs)
