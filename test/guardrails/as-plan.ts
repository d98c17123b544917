import { isObject } from '../../lib/guardrails/model/json';

type Json = Record<string, unknown>;

/**
 * The plan that Terraform would print for a stack in JSON whose resources do not exist yet: blocks are lists of one, what an
 * expression decides is unknown, and the configuration tells which references it reads. Values of variables are not known.
 */
export function asPlan(stack: Json): Json {
  const changes: Json[] = [];
  const configured: Json[] = [];
  for (const [mode, section] of [
    ['managed', stack.resource],
    ['data', stack.data],
  ] as const) {
    for (const [type, named] of Object.entries(isObject(section) ? section : {})) {
      for (const [name, body] of Object.entries(named as Json)) {
        const { '//': _comment, lifecycle: _lifecycle, provisioner: _provisioner, dynamic, ...attributes } = body as Json;
        const address = `${mode === 'data' ? 'data.' : ''}${type}.${name}`;
        const blocks = Object.fromEntries(Object.keys(isObject(dynamic) ? dynamic : {}).map((block) => [block, '${var.blocks}']));
        const stated = { ...attributes, ...blocks };
        changes.push({
          address,
          mode,
          type,
          name,
          change: { actions: ['create'], before: null, after: known(stated), after_unknown: unknown(stated) },
        });
        configured.push({ address, mode, type, name, expressions: expressions(stated) });
      }
    }
  }
  const outputs = Object.fromEntries(
    Object.entries(isObject(stack.output) ? stack.output : {}).map(([name, output]) => {
      const { value, sensitive } = output as Json;
      return [name, { expression: expression(value), ...(sensitive === true ? { sensitive } : {}) }];
    }),
  );
  const providers = Object.fromEntries(
    Object.entries(isObject(stack.provider) ? stack.provider : {}).map(([name, list]) => {
      const [body] = Array.isArray(list) ? list : [list];
      return [name, { name, expressions: expressions(isObject(body) ? body : {}) }];
    }),
  );
  return {
    format_version: '1.2',
    resource_changes: changes,
    configuration: { provider_config: providers, root_module: { resources: configured, outputs } },
  };
}

const isDecidedLater = (value: unknown): value is string => typeof value === 'string' && value.includes('${');

/** Maps and dynamically typed values stay objects in a plan; blocks become lists. */
const FREE = new Set([
  'tags',
  'node_labels',
  'body',
  'sensitive_body',
  'manifest',
  'labels',
  'annotations',
  'hard',
  'data',
  'string_data',
  'requests',
  'limits',
]);

function wrap(key: string, value: unknown): unknown {
  return isObject(value) && !FREE.has(key) ? [value] : value;
}

function map(key: string, value: unknown, leaf: (value: unknown) => unknown): unknown {
  const wrapped = wrap(key, value);
  if (Array.isArray(wrapped) && leaf === expression && !wrapped.some(isObject)) return leaf(wrapped);
  if (Array.isArray(wrapped)) return wrapped.map((item) => (isObject(item) ? object(item, leaf, FREE.has(key)) : leaf(item)));
  return isObject(wrapped) ? object(wrapped, leaf, true) : leaf(wrapped);
}

function object(value: Json, leaf: (value: unknown) => unknown, free: boolean): Json {
  const entries = Object.entries(value).filter(([key]) => key !== '//');
  return Object.fromEntries(
    entries
      .map(([key, child]) => [key, free && isObject(child) ? object(child, leaf, true) : map(key, child, leaf)] as const)
      .filter(([, child]) => child !== undefined),
  );
}

function known(attributes: Json): Json {
  return object(attributes, (value) => (isDecidedLater(value) ? undefined : value), false);
}

function unknown(attributes: Json): Json {
  return object(attributes, (value) => isDecidedLater(value), false);
}

function expressions(attributes: Json): Json {
  return object(attributes, expression, false);
}

function expression(value: unknown): unknown {
  const texts = (Array.isArray(value) ? value : [value]).filter(isDecidedLater);
  if (texts.length === 0) return { constant_value: value };
  const references = [...texts.join(' ').matchAll(/(?:data\.)?[a-z][\w]*\.[A-Za-z_][\w-]*(?:\.[a-z_]\w*)*/g)].flatMap(
    ([found]) => {
      const parts = found.split('.');
      const resource = parts.slice(0, parts[0] === 'data' ? 3 : 2).join('.');
      return found === resource ? [found] : [found, resource];
    },
  );
  return { references };
}
