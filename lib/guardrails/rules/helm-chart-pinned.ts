import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

const EXACT_VERSION = /^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/;

export const helmChartPinned: IRule = {
  id: 'MLP-HLM-001',
  title: 'the chart is pinned and comes over an encrypted channel',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['helm_release'],
  why: 'Without an exact version the next apply installs whatever was published since, in every environment at once.',
  fix: 'give version as x.y.z (version of HelmChart) and an https:// or oci:// repository',
  check: (release) => {
    const chart = release.value('chart');
    if (isLocalChart(chart.text)) return [];
    const repository = release.value('repository');
    const source = repository.isMissing ? chart : repository;
    return [
      expectThat(release.value('version'), { finding: 'version' }).matches(EXACT_VERSION, 'x.y.z', ['~> 1.0', undefined]),
      expectThat(source, { finding: 'repository' }).matches(/^(https|oci):\/\//, 'https://, oci:// or a chart of the project', [
        'http://charts.example/x',
      ]),
    ];
  },
};

/** A chart in the project needs no version: it changes with the commit. Assets of CDKTF lie below "assets/" of the stack. */
function isLocalChart(chart: string): boolean {
  return /^(\.{1,2}\/|assets\/|\$\{path\.module\}|\$\{abspath)/.test(chart);
}
