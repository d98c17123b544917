import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ClusterAccess, type IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import { Manifests } from '../manifests';
import { type ContainerImage, tenantLabels } from '../tenancy';
import { HARDENED_CONTAINER } from '../tenancy/pod-hardening';
import { ModelFormat } from './model-format';
import { RuntimeTemplate } from './runtime-template';

export interface ServingRuntimeOptions {
  readonly platform: IMlPlatform;
  /** What the runtime serves and how it is started. */
  readonly template: RuntimeTemplate;
  /** Its image by digest: a copy in the platform's registry. */
  readonly image: ContainerImage;
  /** 1-63 lower-case letters, digits and hyphens. @default - the template's name, e.g. "ml-sklearn" */
  readonly runtimeName?: string;
  /** Arguments beside the template's. @default - none */
  readonly args?: string[];
  /** Nothing secret. @default - none */
  readonly env?: { [name: string]: string };
  /** What must stand before it. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

export interface ServingRuntimeProps extends ServingRuntimeOptions {
  /** Tenant that may use it. */
  readonly tenant: string;
}

export interface ClusterServingRuntimeProps extends ServingRuntimeOptions {}

/** A model server that a tenant's InferenceServices name as their runtime. */
export class ServingRuntime extends Construct {
  public readonly runtimeName: string;
  public readonly dependable: ITerraformDependable;
  private readonly template: RuntimeTemplate;

  constructor(scope: Construct, id: string, props: ServingRuntimeProps) {
    super(scope, id);
    const tenant = props.platform.tenant(props.tenant);
    this.template = props.template;
    this.runtimeName = nameOf(this.node.path, props);
    this.dependable = new Manifests(this, 'Default', {
      platform: props.platform,
      namespace: tenant.namespace,
      releaseName: this.runtimeName.slice(0, 53),
      dependsOn: props.dependsOn,
      objects: [
        {
          apiVersion: 'serving.kserve.io/v1alpha1',
          kind: 'ServingRuntime',
          metadata: { name: this.runtimeName, namespace: tenant.namespace, labels: tenantLabels(props.platform, tenant) },
          spec: runtimeSpec(props),
        },
      ],
    }).dependable;
  }

  /** A format of this runtime, for a ModelSource. @throws when the runtime does not serve it */
  public format(formatName: string): ModelFormat {
    return formatOf(this.node.path, this.runtimeName, this.template, formatName);
  }
}

/** A model server that every InferenceService of the cluster can name as its runtime. */
export class ClusterServingRuntime extends Construct {
  public readonly runtimeName: string;
  public readonly dependable: ITerraformDependable;
  private readonly template: RuntimeTemplate;

  constructor(scope: Construct, id: string, props: ClusterServingRuntimeProps) {
    super(scope, id);
    ClusterAccess.of(this, props.platform);
    this.template = props.template;
    this.runtimeName = nameOf(this.node.path, props);
    this.dependable = new Manifests(this, 'Default', {
      platform: props.platform,
      namespace: props.platform.attributes.serving.namespace,
      releaseName: this.runtimeName.slice(0, 53),
      dependsOn: props.dependsOn,
      objects: [
        {
          apiVersion: 'serving.kserve.io/v1alpha1',
          kind: 'ClusterServingRuntime',
          metadata: { name: this.runtimeName, labels: { 'app.kubernetes.io/managed-by': 'cdktf-ml-platform' } },
          spec: runtimeSpec(props),
        },
      ],
    }).dependable;
  }

  /** A format of this runtime, for a ModelSource. @throws when the runtime does not serve it */
  public format(formatName: string): ModelFormat {
    return formatOf(this.node.path, this.runtimeName, this.template, formatName);
  }
}

function nameOf(path: string, { runtimeName, template }: ServingRuntimeOptions): string {
  const name = runtimeName ?? `ml-${template.templateName}`;
  if (/^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/.test(name)) return name;
  throw new ConfigurationError(path, {
    what: 'runtimeName is not valid',
    got: JSON.stringify(name),
    allowed: '1-53 lower-case letters, digits and hyphens',
    fix: 'e.g. "ml-sklearn"',
  });
}

function formatOf(path: string, runtime: string, template: RuntimeTemplate, formatName: string): ModelFormat {
  if (!template.formats.includes(formatName)) {
    throw new ConfigurationError(path, {
      what: `${runtime} does not serve this format`,
      got: JSON.stringify(formatName),
      allowed: template.formats.join(', '),
      fix: 'take one of them, or another RuntimeTemplate',
    });
  }
  const { protocolVersion, metrics, readinessPath, needsGpu } = template;
  return ModelFormat.custom({ formatName, runtime, protocolVersion, metrics, readinessPath, needsGpu });
}

function runtimeSpec({ template, image, args = [], env = {} }: ServingRuntimeOptions): { [key: string]: unknown } {
  const size = { cpu: '1', memory: '2Gi' };
  const variables = { ...template.env, ...env };
  return {
    annotations: { 'prometheus.kserve.io/port': String(template.metricsPort), 'prometheus.kserve.io/path': '/metrics' },
    // Chosen by name only: two runtimes that both offer themselves for a format are chosen between by chance.
    supportedModelFormats: template.formats.map((name) => ({ name, autoSelect: false })),
    protocolVersions: [template.protocolVersion],
    containers: [
      {
        name: 'kserve-container',
        image: image.reference,
        ...(template.command.length > 0 ? { command: template.command } : {}),
        args: [...template.args, ...args],
        ...(Object.keys(variables).length > 0
          ? { env: Object.entries(variables).map(([name, value]) => ({ name, value })) }
          : {}),
        ports: [{ containerPort: 8080, protocol: 'TCP' }],
        securityContext: {
          ...HARDENED_CONTAINER,
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
          runAsUser: 1000,
        },
        resources: { requests: size, limits: size },
        ...(template.sharedMemory ? { volumeMounts: [{ name: 'devshm', mountPath: '/dev/shm' }] } : {}),
      },
    ],
    ...(template.sharedMemory ? { volumes: [{ name: 'devshm', emptyDir: { medium: 'Memory' } }] } : {}),
  };
}
