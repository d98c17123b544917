import table from '../data/azurerm-4.55.0-defaults.json';

const DEFAULTS = new Map<string, { readonly [path: string]: unknown }>(Object.entries(table.defaults));

/** What azurerm, or the service behind it, takes where an attribute is left out. Undefined where nothing is known to be taken. */
export function providerDefault(type: string, path: string): unknown {
  return DEFAULTS.get(type)?.[path];
}
