import type { AttributeValue } from '../model/attribute-value';
import type { ResourceModel } from '../model/stack-model';

/** Roles that rules speak about, by the GUID of their definition. */
const ROLE_NAMES: { readonly [id: string]: string } = {
  '8e3af657-a8ff-443c-a75c-2fe8c4bcb635': 'Owner',
  'b24988ac-6180-42a0-ab88-20f7382dd24c': 'Contributor',
  '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9': 'User Access Administrator',
  'f58310d9-a9f6-439a-9e8d-f62e7b41a168': 'Role Based Access Control Administrator',
  '17d1049b-9a84-46fb-8f53-869881c3d3ab': 'Storage Account Contributor',
  '81a9662b-bebf-436f-a333-f67b29880f12': 'Storage Account Key Operator Service Role',
  'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b': 'Azure Kubernetes Service RBAC Cluster Admin',
  '0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8': 'Azure Kubernetes Service Cluster Admin Role',
};

/** Name of the role that is assigned; undefined where only Azure knows. An id that is not of interest is its own name. */
export function roleOf(assignment: ResourceModel): string | undefined {
  const name = assignment.value('role_definition_name');
  if (typeof name.literal === 'string') return name.literal;
  const id = assignment.value('role_definition_id');
  if (typeof id.literal === 'string') {
    const guid = id.literal.toLowerCase().split('/').at(-1) ?? '';
    return ROLE_NAMES[guid] ?? guid;
  }
  const definition = assignment.stack.targetsOf(id)[0];
  const literal = definition?.value('name').literal;
  return typeof literal === 'string' ? literal : undefined;
}

/** The attribute that names the role. */
export function roleValue(assignment: ResourceModel): AttributeValue {
  return assignment.firstOf('role_definition_name', 'role_definition_id');
}

/** What to write into the attribute to give another role: for tests that break a stack on purpose. */
export function asRole(value: AttributeValue, role: string): string {
  if (value.path === 'role_definition_name') return role;
  const id = Object.keys(ROLE_NAMES).find((guid) => ROLE_NAMES[guid] === role);
  return `/providers/Microsoft.Authorization/roleDefinitions/${id}`;
}

/** How far a scope reaches: "management group", "subscription", "resource group", "resource"; undefined where only Azure knows. */
export function scopeOf(assignment: ResourceModel): string | undefined {
  const scope = assignment.value('scope');
  const text = scope.text.toLowerCase();
  // Names inside an id may be expressions: how far it reaches stands all the same.
  if (text.startsWith('/')) {
    if (text === '/' || text.includes('/providers/microsoft.management/managementgroups/')) return 'management group';
    if (/^\/subscriptions\/[^/]+\/?$/.test(text)) return 'subscription';
    return /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/?$/.test(text) ? 'resource group' : 'resource';
  }
  if (!scope.isReference) return undefined;
  const type = (scope.references[0] ?? '').replace(/^data\./, '').split('.')[0] ?? '';
  if (type === 'azurerm_management_group') return 'management group';
  if (type === 'azurerm_subscription' || type === 'azurerm_client_config') return 'subscription';
  return type === 'azurerm_resource_group' ? 'resource group' : 'resource';
}

/** Terraform type or ARM type of the resource that a scope names, lower case. */
export function scopeType(assignment: ResourceModel): string {
  const scope = assignment.value('scope');
  const arm = /\/providers\/([^/]+\/[^/]+)\//i.exec(scope.text)?.[1];
  return (arm ?? (scope.references[0] ?? '').replace(/^data\./, '').split('.')[0] ?? '').toLowerCase();
}
