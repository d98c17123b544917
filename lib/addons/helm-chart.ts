import { ConfigurationError } from '../core/configuration-error';
import { nearest } from '../core/nearest';
import versions from './data/chart-versions.json';

interface ChartRow {
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
}

const CHARTS: Readonly<Record<string, ChartRow>> = versions.charts;

/** A chart at one version. */
export class HelmChart {
  /** Day on which the pinned versions were the newest, e.g. "2026-08-22". */
  public static readonly PINNED_AT: string = versions.checkedAt;

  /**
   * A chart that this library pins.
   * @param name as in lib/addons/data/chart-versions.json, e.g. "gpu-operator"
   * @param version another version than the pinned one; the values are checked against the pinned one all the same
   * @throws when the library pins no chart of this name
   */
  public static pinned(name: string, version?: string): HelmChart {
    const row = CHARTS[name];
    if (row) return new HelmChart(name, row.repository, row.chart, version ?? row.version);
    throw new ConfigurationError('HelmChart.pinned', {
      what: 'no pinned chart of this name',
      got: JSON.stringify(name),
      allowed: nearest(name, Object.keys(CHARTS)).join(', '),
      fix: 'use HelmChart.of(repository, chart, version) for a chart of your own',
    });
  }

  /**
   * A chart of your own.
   * @param repository https:// or oci:// address
   * @param chart name in the repository
   * @param version exact, e.g. "1.2.3"
   * @throws when the address is not encrypted or the version is a range
   */
  public static of(repository: string, chart: string, version: string): HelmChart {
    if (!/^(https|oci):\/\//.test(repository)) {
      throw new ConfigurationError('HelmChart.of', {
        what: 'repository is not allowed',
        got: JSON.stringify(repository),
        allowed: 'https:// or oci://',
        fix: 'use the encrypted address of the repository',
      });
    }
    if (!/^v?\d+\.\d+\.\d+([-+].+)?$/.test(version)) {
      throw new ConfigurationError('HelmChart.of', {
        what: 'version is not exact',
        got: JSON.stringify(version),
        allowed: 'major.minor.patch',
        fix: 'pin one version: a range installs something else tomorrow',
      });
    }
    return new HelmChart(chart, repository, chart, version);
  }

  private constructor(
    /** Name under which the library knows the chart. */
    public readonly name: string,
    public readonly repository: string,
    public readonly chart: string,
    public readonly version: string,
  ) {}
}
