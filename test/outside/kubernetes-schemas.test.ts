import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv from 'ajv';
import { describe, expect, test } from 'vitest';

/** A document as Kubernetes publishes it, with one kind. */
const SWAGGER = {
  definitions: {
    'io.k8s.api.apps.v1.Thing': {
      type: 'object',
      required: ['spec'],
      properties: {
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
        spec: { $ref: '#/definitions/io.k8s.api.apps.v1.ThingSpec' },
      },
      'x-kubernetes-group-version-kind': [{ group: 'apps.example.com', version: 'v1', kind: 'Thing' }],
    },
    'io.k8s.api.apps.v1.ThingSpec': {
      type: 'object',
      properties: {
        port: { $ref: '#/definitions/io.k8s.apimachinery.pkg.util.intstr.IntOrString' },
        memory: { $ref: '#/definitions/io.k8s.apimachinery.pkg.api.resource.Quantity' },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        child: { $ref: '#/definitions/io.k8s.api.apps.v1.ThingSpec' },
      },
    },
    'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { type: 'string', format: 'int-or-string' },
    'io.k8s.apimachinery.pkg.api.resource.Quantity': { type: 'string' },
    'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions': {
      type: 'object',
      'x-kubernetes-group-version-kind': [
        { group: '', version: 'v1', kind: 'DeleteOptions' },
        { group: 'apps', version: 'v1', kind: 'DeleteOptions' },
      ],
    },
  },
};

/** A script of the project, which has no types. */
const SCRIPT: string = '../../scripts/kubernetes-schemas.mjs';

async function thingSchema() {
  const { writeSchemas } = (await import(SCRIPT)) as { writeSchemas: (swagger: string, folder: string) => number };
  const folder = mkdtempSync(join(tmpdir(), 'schemas-'));
  const source = join(folder, 'swagger.json');
  writeFileSync(source, JSON.stringify(SWAGGER));
  const target = join(folder, 'out');
  const count = writeSchemas(source, target);
  expect([count, readdirSync(target)]).toEqual([1, ['thing-apps-v1.json']]);
  return new Ajv({ strict: false }).compile(JSON.parse(readFileSync(join(target, 'thing-apps-v1.json'), 'utf8')));
}

describe('schemas for kubeconform', () => {
  const thing = (spec: object) => ({ apiVersion: 'apps.example.com/v1', kind: 'Thing', spec });

  test.each([
    ['take ports by name and by number', { port: 'http' }],
    ['take quantities', { port: 8080, memory: '2Gi' }],
    ['take any key in a map', { labels: { a: 'b' } }],
  ])('%s', async (_, spec) => {
    expect((await thingSchema())(thing(spec))).toBe(true);
  });

  test.each([
    ['a field that the kind does not know', { prot: 80 }],
    ['a value of another type', { labels: { a: 1 } }],
  ])('refuse %s', async (_, spec) => {
    expect((await thingSchema())(thing(spec))).toBe(false);
  });
});
