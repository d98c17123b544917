import type { AttributeValue } from '../model/attribute-value';
import type { StackModel } from '../model/stack-model';

const BINDINGS = [
  'kubernetes_role_binding',
  'kubernetes_role_binding_v1',
  'kubernetes_cluster_role_binding',
  'kubernetes_cluster_role_binding_v1',
];
const BOUND = new WeakMap<StackModel, Set<string>>();

/** Whether a role binding of the stack names the service account: then its pods speak to the API server and need the token. */
export function isBound(stack: StackModel, account: AttributeValue): boolean {
  const bound = BOUND.get(stack) ?? boundIn(stack);
  BOUND.set(stack, bound);
  return [...account.strings, ...account.references].some((name) => bound.has(name));
}

function boundIn(stack: StackModel): Set<string> {
  const typed = BINDINGS.flatMap((type) => stack.ofType(type)).flatMap((binding) => binding.blocks('subject'));
  const manifests = stack
    .ofType('kubernetes_manifest')
    .filter((object) => /^(Cluster)?RoleBinding$/.test(object.value('manifest.kind').text))
    .flatMap((object) => object.blocks('manifest.subjects'));
  const names = [...typed, ...manifests].map((subject) => subject.value('name'));
  const bound = new Set(names.flatMap((name) => [...name.strings, ...name.references]));
  // An account bound by reference is also bound by its name.
  for (const address of [...bound]) {
    const name = stack.find(address)?.value('metadata.name').literal;
    if (typeof name === 'string') bound.add(name);
  }
  return bound;
}
