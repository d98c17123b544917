import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import type { Verdict } from '../verdict';

const EXACT_VERSION = /^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/;

export const helmChartPinned: IRule = {
  id: 'MLP-HLM-001',
  title: 'the chart is pinned and comes over an encrypted channel',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['helm_release'],
  why: 'Without an exact version the next apply installs whatever was published since, in every environment at once.',
  fix: 'give version as x.y.z (chartVersion of our add-ons) and an https:// or oci:// repository',
  check: (release) => {
    const chart = release.value('chart');
    if (isLocalChart(chart.text)) return [];
    const repository = release.value('repository');
    const verdicts: Verdict[] = [
      expectThat(release.value('version'), { finding: 'version' }).matches(EXACT_VERSION, 'x.y.z', ['~> 1.0', '']),
    ];
    if (repository.isMissing) {
      const source = expectThat(chart, { finding: 'repository' });
      verdicts.push(
        source.matches(/^(https|oci):\/\//, 'https://, oci:// or a chart of the project', ['http://charts.example/x']),
      );
    } else {
      const source = expectThat(repository, { finding: 'repository' });
      verdicts.push(source.matches(/^(https|oci):\/\//, 'https:// or oci://', ['http://charts.example']));
    }
    return verdicts;
  },
};

/** A chart in the project needs no version: it changes with the commit. Assets of CDKTF lie below "assets/" of the stack. */
function isLocalChart(chart: string): boolean {
  return /^(\.{1,2}\/|assets\/|\$\{path\.module\}|\$\{abspath)/.test(chart);
}
