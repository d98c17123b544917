import { createHash } from 'node:crypto';
import { ClusterRoleBindingV1 } from '@cdktf/provider-kubernetes/lib/cluster-role-binding-v1';
import { ClusterRoleV1 } from '@cdktf/provider-kubernetes/lib/cluster-role-v1';
import { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1';
import { JobV1 } from '@cdktf/provider-kubernetes/lib/job-v1';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ImageLock } from '../core';

// Kubernetes publishes it with each of its releases. It holds kubectl and nothing else; any version near the cluster's will do.
const KUBECTL = 'registry.k8s.io/kubectl:v1.34.4';

/** An object that webhooks must answer for before the next release may send such objects. */
export interface WebhookProbeTarget {
  /** Plural name of its kind, as kubectl takes it, e.g. "clusterservingruntimes". */
  readonly resource: string;
  /** A valid object; it is never created. */
  readonly object: { [key: string]: unknown };
}

export interface WebhookProbeProps extends WebhookProbeTarget {
  readonly namespace: string;
  /** What the answer depends on, e.g. the chart's version: a new one asks again. */
  readonly revision: string;
  /** Registry to pull kubectl through. @default - none */
  readonly registry?: string;
  readonly dependsOn: ITerraformDependable;
}

/**
 * A Job that creates an object in a dry run until the webhooks answer. Helm takes a controller for ready as soon as its pod is;
 * its webhooks get their certificate and endpoints some seconds later, and until then every object of its kinds is refused.
 */
export class WebhookProbe extends Construct {
  public readonly dependable: ITerraformDependable;

  constructor(scope: Construct, id: string, props: WebhookProbeProps) {
    super(scope, id);
    const kubectl = ImageLock._pinned(this, KUBECTL);
    const text = JSON.stringify(props.object);
    const revision = createHash('sha256').update(`${props.revision}/${text}`).digest('hex').slice(0, 8);
    const name = `probe-${props.resource}`;
    const metadata = { name, namespace: props.namespace };
    const dependsOn = [props.dependsOn];
    const [group = ''] = String(props.object.apiVersion).split('/');
    const account = new ServiceAccountV1(this, 'ServiceAccount', { metadata, dependsOn });
    const role = new ClusterRoleV1(this, 'Role', {
      metadata: { name: `${props.namespace}-${name}` },
      rule: [{ apiGroups: [group], resources: [props.resource], verbs: ['create', 'get'] }],
      dependsOn,
    });
    const binding = new ClusterRoleBindingV1(this, 'Binding', {
      metadata: { name: `${props.namespace}-${name}` },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `${props.namespace}-${name}` },
      subject: [{ kind: 'ServiceAccount', name, namespace: props.namespace }],
      dependsOn: [role],
    });
    const config = new ConfigMapV1(this, 'Object', { metadata, data: { 'object.json': text }, dependsOn });
    this.dependable = new JobV1(this, 'Default', {
      metadata: { name: `${name}-${revision}`, namespace: props.namespace },
      waitForCompletion: true,
      timeouts: { create: '10m', update: '10m' },
      spec: {
        backoffLimit: 10, // waits 10, 20, 40 … seconds between tries, six minutes at most
        template: {
          metadata: { labels: { 'app.kubernetes.io/name': name } },
          spec: {
            restartPolicy: 'Never',
            serviceAccountName: name,
            securityContext: { runAsNonRoot: true, runAsUser: '65532', seccompProfile: { type: 'RuntimeDefault' } },
            container: [
              {
                name: 'kubectl',
                image: props.registry === undefined ? kubectl : `${props.registry}/${kubectl}`,
                command: ['kubectl', 'create', '--dry-run=server', '--filename', '/probe/object.json'],
                resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'] },
                },
                env: [{ name: 'HOME', value: '/tmp' }],
                volumeMount: [
                  { name: 'object', mountPath: '/probe', readOnly: true },
                  { name: 'tmp', mountPath: '/tmp' },
                ],
              },
            ],
            volume: [
              { name: 'object', configMap: { name } },
              { name: 'tmp', emptyDir: {} },
            ],
          },
        },
      },
      dependsOn: [account, binding, config],
    });
  }
}
