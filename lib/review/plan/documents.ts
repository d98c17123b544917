import { parse as parseYaml } from 'yaml';
import { isObject } from '../../guardrails/model/json';
import { parsed } from '../masking/learn-secrets';

/** What a provider computes beside the configuration and no reviewer needs, by type. */
const COMPUTED: { readonly [type: string]: readonly string[] } = {
  helm_release: ['metadata', 'manifest', 'status', 'id'],
  azapi_resource: ['output', 'sensitive_output', 'id'],
  azapi_update_resource: ['output', 'sensitive_output', 'id'],
  kubernetes_manifest: ['object'],
};

/**
 * Attributes as a reviewer reads them: values of a Helm release as a tree, objects of a `manifests` release by kind and name,
 * without what the provider computes.
 */
export function readable(type: string, attributes: unknown): unknown {
  if (!isObject(attributes)) return attributes;
  const hidden = COMPUTED[type];
  if (!hidden) return attributes;
  const shown = Object.fromEntries(Object.entries(attributes).filter(([key]) => !hidden.includes(key)));
  if (type === 'helm_release') shown.values = valuesOf(attributes.values);
  if (type.startsWith('azapi_') && typeof attributes.body === 'string') shown.body = parsed(attributes.body) ?? attributes.body;
  return shown;
}

function valuesOf(values: unknown): unknown {
  const texts = typeof values === 'string' ? [values] : values;
  if (!Array.isArray(texts)) return values;
  const documents = texts.map((text: unknown) => (typeof text === 'string' ? chartValues(text) : text));
  return documents.length === 1 ? documents[0] : documents;
}

function chartValues(text: string): unknown {
  const document = documentOf(text);
  if (!isObject(document) || !Array.isArray(document.objects)) return document ?? text;
  return { ...document, objects: objectsByName(document.objects) };
}

/** The tree behind JSON or YAML text; undefined where it is neither. */
function documentOf(text: string): unknown {
  if (text.trim() === '') return {};
  const json = parsed(text);
  if (json !== undefined) return json;
  if (text.includes('${') || text.length > 2_000_000) return undefined;
  try {
    const document: unknown = parseYaml(text, { maxAliasCount: 100, logLevel: 'silent' });
    return isObject(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

/** Kubernetes objects by "Kind namespace/name": order then makes no difference. */
function objectsByName(objects: unknown[]): unknown {
  const named: Record<string, unknown> = {};
  for (const object of objects) {
    if (!isObject(object) || !isObject(object.metadata)) return objects;
    const { kind, metadata } = object;
    const name = `${String(kind)} ${metadata.namespace === undefined ? '' : `${String(metadata.namespace)}/`}${String(metadata.name)}`;
    if (name in named) return objects;
    named[name] = object;
  }
  return named;
}
