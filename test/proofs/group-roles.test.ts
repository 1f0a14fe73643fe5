import { proofs } from './group-roles.proofs.ts'
import { runProofs } from './run-proofs.ts'

runProofs(proofs)
