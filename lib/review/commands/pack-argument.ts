import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { GuardrailPack } from '../../guardrails/guardrail-pack';
import { InputError } from '../input-error';

/** A pack of ours by name, or the first pack that a CommonJS module of yours exports. */
export function packOf(name: string): GuardrailPack {
  if (!/[./\\]/.test(name)) return GuardrailPack.named(name);
  let exported: unknown;
  try {
    exported = createRequire(join(process.cwd(), 'package.json'))(resolve(name)) as unknown;
  } catch (error) {
    throw new InputError(name, {
      what: 'the module of the pack cannot be loaded',
      got: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
      fix: 'give a CommonJS file that exports a GuardrailPack',
    });
  }
  const found = [exported, ...Object.values(Object(exported) as object)].find(isPack);
  if (found) return GuardrailPack._of(found);
  throw new InputError(name, {
    what: 'the module exports no pack',
    allowed: 'a GuardrailPack',
    fix: 'module.exports = GuardrailPack.BASELINE.with(...)',
  });
}

/** By shape: the module may hold a copy of this library of its own. */
function isPack(value: unknown): value is GuardrailPack {
  return (
    typeof value === 'object' && value !== null && 'packName' in value && Array.isArray((value as { rules?: unknown }).rules)
  );
}
