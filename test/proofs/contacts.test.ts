import { proofs } from './contacts.proofs.ts'
import { runProofs } from './run-proofs.ts'

runProofs(proofs)
