import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { IMlPlatform } from '../contract';
import { ImageLock } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { Manifests } from '../manifests';
import { AddonNamespace } from './addon-namespace';
import { PodSecurity } from './pod-security';

export interface EvidentlyProps {
  readonly platform: IMlPlatform;
  /** @default "evidently" */
  readonly namespace?: string;
  /** Image with an exact tag or digest. @default "docker.io/evidently/evidently-service:0.7.21" */
  readonly image?: string;
  /** Secret with the key `secret`, which whoever writes to it must show. Make it with ExternalSecrets. */
  readonly writeSecret: string;
  /** GiB of disk for projects and snapshots. @default 20 */
  readonly storageGib?: number;
  /** @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

const IMAGE = 'docker.io/evidently/evidently-service:0.7.21';

/**
 * Evidently's service: reports on data and model quality. It has no chart and no sign-in: it is a plain Deployment, reached
 * inside the cluster only; put it behind the gateway's sign-in to show it to people.
 */
export class Evidently extends Construct {
  /** Address inside the cluster. */
  public readonly url: string;
  public readonly dependable: ITerraformDependable;

  /** @throws when the image has no exact version */
  constructor(scope: Construct, id: string, props: EvidentlyProps) {
    super(scope, id);
    const namespace = props.namespace ?? 'evidently';
    const asked = props.image ?? IMAGE;
    if (!/(:(?!latest$)[\w.-]+|@sha256:[0-9a-f]{64})$/.test(asked)) {
      throw new ConfigurationError(this.node.path, {
        what: 'image has no exact version',
        got: JSON.stringify(asked),
        allowed: 'a tag other than latest, or a digest',
        fix: 'e.g. "docker.io/evidently/evidently-service:0.7.21"',
      });
    }
    const image = asked.includes('@') ? asked : ImageLock._pinned(this, asked);
    this.url = `http://evidently.${namespace}.svc.cluster.local:8000`;
    this.dependable = new Manifests(this, 'Default', {
      platform: props.platform,
      namespace,
      releaseName: 'evidently',
      dependsOn: [AddonNamespace.of(this, namespace, PodSecurity.RESTRICTED).dependable, ...(props.dependsOn ?? [])],
      objects: objects(namespace, image, props),
    }).dependable;
  }
}

function objects(namespace: string, image: string, props: EvidentlyProps): { [key: string]: unknown }[] {
  const labels = { 'app.kubernetes.io/name': 'evidently' };
  const metadata = { name: 'evidently', namespace, labels };
  const probe = { httpGet: { path: '/api/version', port: 'http' } };
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata,
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: `${props.storageGib ?? 20}Gi` } } },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1, // it writes to its disk
        strategy: { type: 'Recreate' },
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: 'evidently',
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                name: 'evidently',
                image,
                ports: [{ name: 'http', containerPort: 8000 }],
                env: [{ name: 'EVIDENTLY_SECRET', valueFrom: { secretKeyRef: { name: props.writeSecret, key: 'secret' } } }],
                resources: { requests: { cpu: '200m', memory: '512Mi' }, limits: { memory: '2Gi' } },
                readinessProbe: probe,
                livenessProbe: { ...probe, initialDelaySeconds: 30 },
                securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
                volumeMounts: [{ name: 'data', mountPath: '/app/workspace' }],
              },
            ],
            volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'evidently' } }],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ name: 'http', port: 8000, targetPort: 'http' }] },
    },
  ];
}
