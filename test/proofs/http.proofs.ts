import type { Proof } from './proof.ts'
import { proofs as request } from './request.proofs.ts'
import { proofs as service } from './service.proofs.ts'
import { proofs as unreadable } from './unreadable.proofs.ts'

export const proofs: readonly Proof[] = [...unreadable, ...request, ...service]
