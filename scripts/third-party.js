// What a bundle owes to those whose code it contains: their names and licences.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const LICENCE_FILE = /^(licen[cs]e|copying|notice)(\.\w+)?$/i;

/**
 * The licences of all packages whose modules are part of a bundle, one behind the other: name and version, what its
 * manifest says, and the text where the package has one.
 * @param {readonly string[]} moduleIds paths of modules
 * @returns {string}
 */
export function thirdPartyNotices(moduleIds) {
  const folders = new Set(moduleIds.flatMap((id) => PACKAGE.exec(id.replaceAll('\\', '/'))?.[0] ?? []));
  return Array.from(folders, notice)
    .sort()
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** @param {string} folder of a package */
function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return `${[`${name} ${version} (${license})`, ...texts].join('\n\n')}\n`;
}
