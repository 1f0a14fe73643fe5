import { runProofs } from './run-proofs.ts'
import { proofs } from './threads.proofs.ts'

runProofs(proofs)
