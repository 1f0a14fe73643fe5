import { proofs } from './group-rights.proofs.ts'
import { runProofs } from './run-proofs.ts'

runProofs(proofs)
