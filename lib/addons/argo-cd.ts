import type { Construct } from 'constructs';
import type { EntraSignIn } from './argo-workflows';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

export interface ArgoCdProps extends AddonProps {
  /** Where users reach it, e.g. "argocd.contoso.example". */
  readonly domain: string;
  /** Sign-in with Entra; the built-in admin is then off. The secret needs the label app.kubernetes.io/part-of=argocd. */
  readonly signIn?: EntraSignIn;
  /** ServiceMonitors for its metrics; their CRD must be there. @default false */
  readonly serviceMonitor?: boolean;
}

/** Argo CD: keeps the cluster as a Git repository says. */
export class ArgoCd extends HelmAddon {
  constructor(scope: Construct, id: string, props: ArgoCdProps) {
    const replicas = props.platform.environment.profile.controllerReplicas;
    const pdb = { enabled: replicas > 1 };
    const metrics = { enabled: true, serviceMonitor: { enabled: props.serviceMonitor ?? false } };
    super(scope, id, {
      ...props,
      addonName: 'argo-cd',
      namespace: props.namespace ?? 'argocd',
      podSecurity: PodSecurity.BASELINE,
      releases: [
        {
          id: 'Default',
          releaseName: 'argo-cd',
          chart: HelmChart.pinned('argo-cd', props.chartVersion),
          values: {
            global: { domain: props.domain },
            controller: { metrics },
            server: { replicas, pdb, metrics },
            repoServer: { replicas, pdb, metrics },
            applicationSet: { replicas, pdb },
            'redis-ha': { enabled: false },
            dex: { enabled: false },
            configs: props.signIn ? entra(props, props.signIn) : {},
          },
          userValues: props.values,
          // Without keep, removing the release deletes every Application, and what it deployed.
          fixedValues: { crds: { install: true, keep: true } },
        },
      ],
    });
  }
}

function entra({ domain, platform }: ArgoCdProps, signIn: EntraSignIn): { [key: string]: unknown } {
  const oidc = {
    name: 'Entra',
    issuer: `https://login.microsoftonline.com/${platform.environment.tenantId}/v2.0`,
    clientID: `$${signIn.secretName}:client-id`,
    clientSecret: `$${signIn.secretName}:client-secret`,
    requestedIDTokenClaims: { groups: { essential: true } },
    requestedScopes: ['openid', 'profile', 'email'],
  };
  return {
    cm: {
      url: `https://${domain}`,
      'admin.enabled': false,
      'exec.enabled': false,
      'oidc.config': JSON.stringify(oidc, null, 2),
    },
    rbac: { 'policy.default': '', scopes: '[groups, email]' },
  };
}
