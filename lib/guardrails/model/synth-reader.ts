import { isObject } from './json';
import { withReleasedObjects } from './manifests';
import type { ResourceSource } from './stack-model';
import { type AcknowledgementRecord, StackModel } from './stack-model';

/** Key under "//" of a stack's JSON where acknowledgements travel. Terraform ignores it. */
export const ACKNOWLEDGEMENTS_KEY = 'guardrails';

/**
 * Reads one stack as CDKTF writes it (`cdk.tf.json`), or any Terraform configuration in JSON.
 * @param name of the stack
 * @param json the parsed file; what does not look like Terraform is left out
 */
export function readSynthesizedStack(name: string, json: unknown, file?: string, sharedAddresses?: string[]): StackModel {
  const root = isObject(json) ? json : {};
  const resources: ResourceSource[] = [
    ...readResources(root.resource, ''),
    ...readResources(root.data, 'data.'),
    ...readProviders(root.provider),
    ...readNamed(root.output, 'output'),
    ...readNamed(root.variable, 'variable'),
  ];
  const terraform = Array.isArray(root.terraform) ? root.terraform[0] : root.terraform;
  resources.push({
    type: 'terraform',
    name,
    address: 'terraform',
    constructPath: name,
    attributes: isObject(terraform) ? terraform : {},
  });
  return new StackModel({
    name,
    origin: 'synth',
    resources: withReleasedObjects(resources),
    acknowledgements: readAcknowledgements(root['//']),
    file,
    sharedAddresses,
  });
}

function readResources(section: unknown, prefix: string): ResourceSource[] {
  if (!isObject(section)) return [];
  return Object.entries(section).flatMap(([type, named]) =>
    isObject(named)
      ? Object.entries(named).flatMap(([name, body]) => {
          const attributes = Array.isArray(body) ? body[0] : body;
          if (!isObject(attributes)) return [];
          const address = `${prefix}${type}.${name}`;
          return [
            {
              type: `${prefix}${type}`,
              name,
              address,
              attributes: withParsedBody(type, attributes),
              ...metadataOf(attributes, address),
            },
          ];
        })
      : [],
  );
}

function readProviders(section: unknown): ResourceSource[] {
  if (!isObject(section)) return [];
  return Object.entries(section).flatMap(([name, configurations]) =>
    (Array.isArray(configurations) ? configurations : [configurations]).filter(isObject).map((attributes, index) => {
      const address = `provider.${name}${index === 0 ? '' : `[${index}]`}`;
      return { type: 'provider', name, address, attributes, ...metadataOf(attributes, address) };
    }),
  );
}

function readNamed(section: unknown, type: string): ResourceSource[] {
  if (!isObject(section)) return [];
  return Object.entries(section).flatMap(([name, body]) => {
    const attributes = Array.isArray(body) ? body[0] : body;
    const address = `${type}.${name}`;
    return isObject(attributes) ? [{ type, name, address, attributes, ...metadataOf(attributes, address) }] : [];
  });
}

/** Older azapi configurations give the body as a JSON string. */
export function withParsedBody(type: string, attributes: Record<string, unknown>): Record<string, unknown> {
  const body = attributes.body;
  if (!type.startsWith('azapi_') || typeof body !== 'string' || body.includes('${')) return attributes;
  try {
    return { ...attributes, body: JSON.parse(body) as unknown };
  } catch {
    return attributes;
  }
}

function metadataOf(attributes: Record<string, unknown>, address: string): { constructPath: string; sourceLocation?: string } {
  const comment = attributes['//'];
  const metadata = isObject(comment) && isObject(comment.metadata) ? comment.metadata : {};
  const trace = Array.isArray(metadata.stackTrace) ? metadata.stackTrace : [];
  return {
    constructPath: typeof metadata.path === 'string' ? metadata.path.replace(/\/(?:Default|Resource)$/, '') : address,
    sourceLocation: ownFrame(trace),
  };
}

/** The first frame of the user's own code, as "file:line". */
function ownFrame(trace: unknown[]): string | undefined {
  const frames = trace.filter((frame): frame is string => typeof frame === 'string');
  const own = frames.find((frame) => !frame.includes('node_modules') && !frame.includes('node:') && /:\d+:\d+\)?$/.test(frame));
  return own?.replace(/^.*\(|^ *at (?:new )?|\)$/g, '').replace(/:\d+$/, '');
}

function readAcknowledgements(comment: unknown): AcknowledgementRecord[] {
  const section = isObject(comment) ? comment[ACKNOWLEDGEMENTS_KEY] : undefined;
  const list = isObject(section) ? section.acknowledgements : undefined;
  return Array.isArray(list) ? list.filter(isAcknowledgement) : [];
}

function isAcknowledgement(value: unknown): value is AcknowledgementRecord {
  return (
    isObject(value) &&
    [value.path, value.rule, value.reason, value.owner, value.expires].every((field) => typeof field === 'string')
  );
}
